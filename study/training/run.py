"""One training of the study: its checkpoint, its outcome, and the files it leaves."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import torch
from safetensors.torch import load_file, save
from torch import nn

from study import paths
from study.data.batches import Pictures
from study.errors import InvalidData
from study.provenance import Record, code_digest
from study.training.checkpoint import checkpoint
from study.training.device import device, make_deterministic, uses_bf16
from study.training.loop import Diverged, Objective, Recipe, fit

WEIGHTS, LOG, RUN = "weights.safetensors", "log.csv", "run.json"


def train(
    folder: Path,
    make: Callable[[], tuple[nn.Module, Objective]],
    pictures: Pictures,
    recipe: Recipe,
    *,
    seed: int,
    precision: str,
    settings: dict,
    data_digest: str,
    record: Record,
) -> nn.Module | None:
    """Train what `make` returns and leave weights.safetensors, log.csv and run.json in the folder.

    `make` builds the module to be trained and its objective, after the seed is set. A training that diverges is an
    outcome: run.json says so, there are no weights, and None is returned.
    """
    on = device()
    bf16 = uses_bf16(precision, on)
    make_deterministic(seed)
    trained, objective = make()
    trained.to(on, memory_format=torch.channels_last)
    name = "-".join(folder.parts[1:])
    decided_by = [settings, seed, data_digest, code_digest(), torch.__version__, str(on), bf16, torch.get_num_threads()]
    outcome, rows, reason = "trained", [], None
    with checkpoint(name, decided_by) as saved:
        try:
            rows = fit(
                trained, objective, pictures, recipe, seed=seed, device=on, bf16=bf16, checkpoint=saved, title=name
            )
        except Diverged as error:
            outcome, reason = "diverged", str(error)
            print(f"diverged: {reason}", flush=True)
        folder.mkdir(parents=True, exist_ok=True)
        if outcome == "trained":
            _save_weights(trained, folder / WEIGHTS)
        paths.write_text(folder / LOG, as_csv(rows))
        paths.write_json(
            folder / RUN,
            record.close(
                outcome=outcome,
                reason=reason,
                settings=settings,
                precision="bf16" if bf16 else "fp32",
                threads=torch.get_num_threads(),
                device=str(on),
                parameters=sum(parameter.numel() for parameter in trained.parameters()),
            ),
        )
    return trained if outcome == "trained" else None


def record_failure(folder: Path, record: Record, reason: str) -> None:
    """Leave the outcome of a training that could not start because what it builds on diverged."""
    print(f"not trained: {reason}", flush=True)
    paths.write_text(folder / LOG, "")
    paths.write_json(folder / RUN, record.close(outcome="diverged", reason=reason))


def as_csv(rows: list[dict]) -> str:
    """Rows of equal keys as CSV text, a header first; empty for no rows."""
    text = io.StringIO()
    if rows:
        writer = csv.DictWriter(text, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return text.getvalue()


def _save_weights(module: nn.Module, file: Path) -> None:
    weights = {name: value.detach().cpu().contiguous() for name, value in module.state_dict().items()}
    paths.write_bytes(file, save(weights))


def read_weights(folder: Path) -> dict[str, torch.Tensor] | None:
    """The weights that a training left, or None if it diverged. Raises InvalidData if the folder holds no run."""
    try:
        outcome = paths.read_json(folder / RUN)["outcome"]
        return load_file(folder / WEIGHTS) if outcome == "trained" else None
    except (OSError, ValueError, KeyError) as error:
        raise InvalidData(f"{folder}: no finished training: {error}; make it again with: dvc repro") from None


def read_log(folder: Path) -> list[dict]:
    """The rows of a training's log, an epoch each, values as text."""
    with open(folder / LOG, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def part(weights: dict[str, torch.Tensor], name: str) -> dict[str, torch.Tensor]:
    """The weights of one part, such as "encoder" or "classifier", by their names inside that part."""
    prefix = f"{name}."
    return {key.removeprefix(prefix): value for key, value in weights.items() if key.startswith(prefix)}
