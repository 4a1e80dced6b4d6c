"""`study use`: choose what is run."""

from pathlib import Path
from typing import Annotated

import typer

from study.cli import terminal
from study.cli.options import ScaleOption

EPILOG = (
    "Examples:\n\n\b\n  study use desk\n  study use runs/own.yaml\n  study use --rows wae_cnn --rows wavelet_cnn\n"
    "  study use quick --seed 0 --seed 1"
)


def use(
    name: Annotated[str | None, typer.Argument(help="A name in runs/, or a file like those there.")] = None,
    scale: ScaleOption = None,
    rows: Annotated[
        list[str] | None, typer.Option("--rows", help="A row by its word, `paper` or `all`; give it several times.")
    ] = None,
    datasets: Annotated[list[str] | None, typer.Option("--dataset", help="objects, faces.")] = None,
    backbones: Annotated[list[str] | None, typer.Option("--backbone", help="vgg16, resnet50.")] = None,
    seeds: Annotated[list[int] | None, typer.Option("--seed", help="A seed; give it several times.")] = None,
) -> None:
    """Write into params.yaml what is run: scale, seeds, data sets and rows, with all that these rows need.

    A file of runs/ says it in a few lines; options stand above the file. Without a file they change what is chosen now.
    """
    from study.settings import params, runs
    from study.settings.choice import chosen
    from study.settings.errors import InvalidParameter
    from study.settings.faults import problems

    asked: dict[str, object] = {
        "scale": scale.value if scale else None,
        "rows": rows,
        "datasets": datasets,
        "backbones": backbones,
        "seeds": seeds,
    }
    asked = {key: value for key, value in asked.items() if value}
    if name is None:
        if not asked:
            raise InvalidParameter(f"name: a file, or one of {', '.join(runs.names())}; or options: study use --help")
        now = params.read()
        there = {
            word
            for dataset, of_backbones in now.rows.items()
            for backbone in of_backbones
            for word in chosen(now.rows, dataset, backbone)
        }
        base: dict[str, object] = {
            "scale": now.scale,
            "seeds": now.seeds,
            "rows": sorted(there),
            "datasets": now.datasets,
            "backbones": list(dict.fromkeys(word for its in now.backbones.values() for word in its)),
        }
    else:
        base = runs.read(name).model_dump()
    from pydantic import ValidationError

    try:
        run = runs.Run.model_validate({**base, **asked})
    except ValidationError as error:
        raise InvalidParameter(problems(error, Path("options"))) from None
    runs.apply(run)
    now = params.read()
    terminal.say(f"Scale {now.scale}, seeds {', '.join(map(str, now.seeds))}.")
    for dataset, of_backbones in now.rows.items():
        for backbone in of_backbones:
            words = chosen(now.rows, dataset, backbone)
            if words:
                terminal.say(f"{dataset}, {backbone}: {', '.join(words)}")
    terminal.say("Before it starts: study plan; then: dvc repro", style="dim")
