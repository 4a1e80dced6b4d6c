"""`study figures`: one figure from what is stored, without training."""

from pathlib import Path
from typing import Annotated

import typer

from study.cli import terminal
from study.cli.options import ScaleOption, chosen
from study.settings.errors import InvalidParameter

EPILOG = (
    "Examples:\n\n\b\n  study figures\n  study figures tradeoff\n  study figures noise --out noise.svg --scale desk\n"
    "  study figures reconstruction --picture cat.jpg --out cat.png"
)
FORMS = (".png", ".svg")


def figures(
    name: Annotated[str | None, typer.Argument(help="Which one; without a name all are listed.")] = None,
    out: Annotated[Path | None, typer.Option(help="The file, .png or .svg; <name>.png if none is given.")] = None,
    pictures: Annotated[
        list[Path] | None,
        typer.Option(
            "--picture", help="A picture of your own for the figures reconstruction and bands; several times."
        ),
    ] = None,
    scale: ScaleOption = None,
) -> None:
    """Draw a figure from the stored results of a scale; `dvc repro figures@<scale>` draws all of them.

    With pictures of your own it is drawn of those, by the auto-encoder that was trained here; they are stored nowhere
    else.
    """
    from study.figures import catalogue, style

    if name is None:
        from study.rendering.table import headed

        rows = [["name", "what it shows"], *([entry.name, entry.caption] for entry in catalogue.FIGURES)]
        terminal.show(headed("Figures", rows, left_columns=2))
        return
    file = out or Path(f"{name}.png")
    if file.suffix not in FORMS:
        raise InvalidParameter(f"--out: must end in {' or '.join(FORMS)}, got {file}")
    if pictures:
        from study.cli import own_pictures
        from study.settings import params

        if name not in catalogue.OF_PICTURES:
            raise InvalidParameter(f"--picture: must be with {' or '.join(catalogue.OF_PICTURES)}, got {name}")
        at = chosen(scale)
        drawn = catalogue.OF_PICTURES[name](*own_pictures.channels(pictures, at, params.read().seeds[0]))
        style.save(drawn, file)
        terminal.say(f"{file}: {', '.join(map(str, pictures))}")
        return
    entry, drawn = catalogue.figure(name, chosen(scale))
    style.save(drawn, file)
    terminal.say(f"{file}: {entry.caption}")
