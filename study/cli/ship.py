"""`study ship`: small trained networks go into the repository."""

from typing import Annotated

import typer

from study.cli import terminal
from study.cli.options import ScaleOption, Seed, chosen
from study.cli.pipeline import Run
from study.settings import paths
from study.settings.errors import InvalidData

EPILOG = "Examples:\n\n\b\n  study ship\n  git add weights"
MOST_BYTES = 20_000_000  # that git is given


def ship(
    scale: ScaleOption = None,
    seed: Seed = 0,
    force: Annotated[bool, typer.Option("--force", help="However large they are.")] = False,
) -> None:
    """Write the trained networks that a fresh clone predicts, exports and shows with into weights/.

    The auto-encoder of stage 1, the full network, that of half the side, Wavelet+CNN and WAE+CNN with its decoder, of
    one seed, in half precision, each with a digest and a model card.
    """
    from study.assembly import shipped
    from study.data import prepared
    from study.training.run import WEIGHTS

    at = chosen(scale)
    rows = (shipped.AUTO_ENCODER, *shipped.ROWS)
    files = [shipped.trained_in(row, at, seed) / WEIGHTS for row in rows]
    lacking = [str(file) for file in files if not file.is_file()]
    if lacking:
        raise InvalidData(f"{', '.join(lacking)}: not trained; train it with: dvc repro")
    expected = sum(file.stat().st_size for file in files) // 2
    if expected > MOST_BYTES and not force:
        raise InvalidData(f"about {expected / 1e6:.0f} MB, more than {MOST_BYTES / 1e6:.0f} for git; --force does it")
    manifest = prepared.read_manifest(paths.prepared(at, shipped.DATASET))
    total = sum(shipped.store(row, at, seed, manifest, card(row, at, seed)) for row in rows)
    terminal.say(f"{len(rows)} networks in {shipped.FOLDER}/, {total / 1e6:.1f} MB; now: git add {shipped.FOLDER}")


def card(row: str, scale: str, seed: int) -> str:
    """The model card of a shipped network."""
    from study.assembly import shipped
    from study.settings.methods import network_label

    place = f"{shipped.DATASET}-{shipped.BACKBONE}"
    name, measured = "The wavelet-like auto-encoder of stage 1", []
    if row != shipped.AUTO_ENCODER:
        name = network_label(row, shipped.BACKBONE)
        file = paths.results(scale) / "evaluation" / f"{place}.json"
        runs = paths.read_json(file)["runs"] if file.exists() else []
        measured = [
            f"Test errors of this training before rounding: top-1 {run['top1_error_percent']:.1f} %, "
            f"top-5 {run['top5_error_percent']:.1f} % (`{file.as_posix()}`)."
            for run in runs
            if (run["method"], run["seed"]) == (row, seed) and run.get("top1_error_percent") is not None
        ]
    again = f"study export folder --method {row}" if row != shipped.AUTO_ENCODER else "notebooks/one_picture.ipynb"
    run = Run(scale, shipped.DATASET, shipped.BACKBONE, row if row in shipped.ROWS else shipped.ROWS[0], seed)
    return "\n".join(
        [
            f"# {name}, {run.dataset}, scale {scale}, seed {seed}",
            "",
            "Of a reproducibility study of *Learning a Wavelet-like Auto-Encoder to Accelerate Deep Neural Networks* "
            "(Chen, Lin, Zuo, Luo and Zhang, AAAI 2018), trained by its pipeline; tensors in half precision, read as "
            "single precision.",
            "",
            *measured,
            "",
            "It was trained on small patches of a few photographs and knows nothing of other pictures. It is there to "
            f"try the study's commands without a training (`{again}`), and is of no use as a classifier.",
        ]
    )
