"""`study export`: a trained network leaves the study."""

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from study.cli import terminal
from study.cli.options import Backbone, Dataset, Method, ScaleOption, Seed, chosen
from study.cli.pipeline import FULL, PROJECT, Run
from study.settings import paths

if TYPE_CHECKING:
    from torch import Tensor

    from study.cli.trained import Trained
    from study.export.card import Facts

EPILOG = (
    "Examples:\n\n\b\n  study export trained/wae_cnn\n  study export trained/full --method full --seed 1\n"
    "  study export trained/faces --dataset faces"
)
CHECKED = 64  # test images, spread over the classes
QUANTITIES = {"top1_error_percent": "top-1", "top5_error_percent": "top-5"}


def export(
    folder: Annotated[Path, typer.Argument(help="Where to: a new folder, or one of an earlier export.")],
    method: Method = "wae_cnn",
    seed: Seed = 0,
    scale: ScaleOption = None,
    dataset: Dataset = "objects",
    backbone: Backbone = "vgg16",
) -> None:
    """Write a trained network as safetensors with its configuration, as torch.export program and as ONNX graph.

    Each form is loaded again and compared with the network on test images; a difference beyond rounding is an
    error. Beside them lies a model card, README.md. Needs the extra `export`: pip install -e '.[export]'
    """
    from study.cli import trained
    from study.export import formats as deployment
    from study.export.card import card
    from study.settings.provenance import code_commit

    run = Run(chosen(scale), dataset, backbone, method, seed)
    deployment.check_possible(folder)
    found = trained.find(run)
    training = _training(run)
    described = deployment.Description(
        method,
        backbone,
        dataset,
        run.scale,
        seed,
        found.shape,
        tuple(found.manifest["classes"]),
        found.preprocessing,
        found.outcome["settings"],
        training["code_commit"] if training else "unknown",
        code_commit(),
    )
    with terminal.working("exporting, and loading again"):
        pictures = _test_pictures(run, found.preprocessing.input_side)
        differences = deployment.export(folder, found.network, described, pictures)
    paths.write_text(folder / "README.md", card(described, _facts(found, training), differences, len(pictures)))
    for name, difference in differences.items():
        how = f"differs by {difference:.1g} of the largest logit" if difference else "equal to the last bit"
        terminal.mark("ok", f"{folder / name}: {how}")
    terminal.say(f"         {folder / deployment.CONFIG} and {folder / 'README.md'} say what it is")


def _training(run: Run) -> dict[str, Any] | None:
    """The record of the training, if it is there."""
    file = paths.record(run.folder)
    return paths.read_json(file) if file.exists() else None


def _test_pictures(run: Run, side: int) -> "Tensor":
    """Test images as the row sees them, uint8 (n, 3, side, side), at equal distances in their order."""
    import numpy as np
    import torch

    from study.assembly.images import images, read_data
    from study.data.batches import central_plan
    from study.settings.methods import METHODS

    if not (paths.prepared(run.scale, run.dataset) / "manifest.json").is_file():
        # A network of the repository in a fresh clone: any image does, since two forms of one network are compared.
        noise = np.random.default_rng(0).integers(0, 256, (CHECKED, 3, side, side), dtype=np.uint8)
        return torch.from_numpy(noise)
    pictures = images(read_data(run.scale, run.dataset), "test", METHODS[run.method])
    count = min(CHECKED, len(pictures))
    some = pictures.only(np.linspace(0, len(pictures) - 1, count).astype(int))
    (picks,) = central_plan(count, count, some.margin)
    return some[picks][0]


def _facts(found: "Trained", training: dict[str, Any] | None) -> "Facts":
    """What data/ and results/ say of the network. A number that is not there stays None."""
    from study.export.card import Error, Facts
    from study.judging import measured
    from study.judging.results import read

    run, place = found.run, (found.run.dataset, found.run.backbone)
    results = paths.results(run.scale)
    file = results / "evaluation" / f"{'-'.join(place)}.json"
    evaluation = paths.read_json(file) if file.exists() else {"runs": []}
    numbers = measured.errors(run.scale, read(results)) if file.exists() else {}
    runs = {(one["method"], one["seed"]): one for one in evaluation["runs"]}
    same = training is not None and runs.get((run.source.method, run.seed), {}).get("training") == training
    errors = []
    for quantity, name in QUANTITIES.items():
        mean, full = (numbers.get((*place, method, quantity, "")) for method in (run.method, FULL))
        errors.append(
            Error(
                name,
                runs.get((run.method, run.seed), {}).get(quantity) if same else None,
                mean.value if mean else None,
                mean.intervals if mean else {},
                full.value if full else None,
            )
        )
    return Facts(
        found.manifest["source"],
        {name: split["images"] for name, split in found.manifest["splits"].items()},
        sum(parameter.numel() for parameter in found.network.parameters()),
        errors,
        f"`{file.as_posix()}`, measured with commit {evaluation['provenance']['code_commit']}" if numbers else None,
        same,
        tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]["license"],
    )
