"""One training of the study: its checkpoint, its outcome, and the files it leaves."""

import csv
import hashlib
import io
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save
from torch import nn

from study.data.batches import Pictures
from study.models.layout import lay_out
from study.settings import paths
from study.settings.errors import InvalidData
from study.settings.record import Record
from study.training.checkpoint import NOT_KEPT, checkpoint
from study.training.device import make_deterministic, uses_bf16
from study.training.loop import Diverged, Objective, Recipe, fit
from study.training.ranks import joined, leads

Weights = dict[str, torch.Tensor]  # of a network or a part of one, by their names inside it
AGAIN = "make it again with: dvc repro"
OUTCOMES = ("trained", "diverged", "not trained")
WEIGHTS, LOG, OUTCOME = "weights.safetensors", "log.csv", "outcome.json"
WEIGHTS_DIGEST = "weights_sha256"  # in the outcome
TURNS = "turns.csv"  # of a pruned network: a row for every removal


def train(
    folder: Path,
    make: Callable[[], Objective],
    pictures: Pictures,
    recipe: Recipe,
    *,
    seed: int,
    precision: str,
    settings: dict[str, Any],
    data_digest: str,
    record: Record,
) -> None:
    """Train what `make` returns and leave weights.safetensors, log.csv and outcome.json in the folder.

    A training that diverges is an outcome: outcome.json says so, and there are no weights. The record of the run (time,
    hardware) lies apart. `make` and the rest are as in `training`. Of several ranks the first one alone writes and goes
    on; the others end here.
    """
    with training(
        run_name(folder), make, pictures, recipe,
        seed=seed, precision=precision, settings=settings, data_digest=data_digest, record=record, stored_by_dvc=True,
    ) as done:  # fmt: skip
        if done.leads:
            record.check()  # with the checkpoint still there
            folder.mkdir(parents=True, exist_ok=True)
            more = {WEIGHTS_DIGEST: _save_weights(done.trained, folder / WEIGHTS)} if done.outcome == "trained" else {}
            paths.write_text(folder / LOG, as_csv(done.rows))
            _write_outcome(folder, done.outcome, done.reason, settings, done.learned, **more)
            record.close(
                paths.record(folder),
                outcome=done.outcome,
                precision="bf16" if done.bf16 else "fp32",
                threads=torch.get_num_threads(),
                device=str(done.on),
                ranks=done.ranks,
                parameters=sum(parameter.numel() for parameter in done.trained.parameters()),
            )
    if not done.leads:
        sys.exit()


@dataclass(frozen=True)
class Done:
    """A training that came to its end, or diverged: what was trained, and its log, a row an epoch."""

    trained: nn.Module
    rows: list[dict[str, Any]]
    outcome: str  # "trained" or "diverged"
    reason: str
    learned: bool
    on: torch.device
    bf16: bool
    leads: bool  # whether this process writes
    ranks: int


@contextmanager
def training(
    name: str,
    make: Callable[[], Objective],
    pictures: Pictures,
    recipe: Recipe,
    *,
    seed: int,
    precision: str,
    settings: dict[str, Any],
    data_digest: str,
    record: Record,
    stored_by_dvc: bool = False,
) -> Iterator[Done]:
    """Train what `make` returns; inside the block its result is to be stored, and behind it the checkpoint goes.

    `make` builds the objective with the networks to be trained, after the seed is set. `settings` are all that the
    result depends on beside the other arguments. What is `stored_by_dvc` has a checkpoint until DVC has stored it.
    """
    with joined() as ranks:
        on = ranks.device
        bf16 = uses_bf16(precision, on)
        make_deterministic(seed)
        trained = make()
        lay_out(trained.to(on))
        outcome, reason = "trained", ""
        key = decided_by(trained, settings, seed, data_digest, on, bf16, record, ranks.count)
        keeping = checkpoint(name, key, stored_by_dvc=stored_by_dvc) if ranks.leads else nullcontext(None)
        with keeping as saved:
            try:
                rows = fit(
                    trained, pictures, recipe,
                    seed=seed, device=on, bf16=bf16, checkpoint=saved or NOT_KEPT, title=name, ranks=ranks,
                )  # fmt: skip
            except Diverged as error:
                outcome, reason, rows = "diverged", str(error), error.rows
                if saved is not None:
                    saved.keep = True
                    print(
                        f"diverged: {reason}; the last state before it stays in {saved.file.parent}: lower the "
                        "learning rate in params.yaml and train anew, or look at that state",
                        flush=True,
                    )
            learned = bool(rows) and rows[-1].get(recipe.watched, float("inf")) < recipe.learned
            yield Done(trained, rows, outcome, reason, learned, on, bf16, ranks.leads, ranks.count)


def run_name(folder: Path) -> str:
    """A run's name from its folder under models/."""
    return "-".join(folder.parts[1:])


def decided_by(
    start: nn.Module,
    settings: dict[str, Any],
    seed: int,
    data_digest: str,
    on: torch.device,
    bf16: bool,
    record: Record,
    ranks: int = 1,
) -> dict[str, Any]:
    """All that the result of a training depends on: the weights that it starts from, settings, data, code, machine."""
    return {
        "settings": settings,
        "seed": seed,
        "data": data_digest,
        "code": record.code,
        "start": _digest(start),
        "torch": torch.__version__,
        "device": on.type,
        "bf16": bf16,
        "ranks": ranks,  # sums are added up in another order
        # What a GPU computes does not depend on the threads of the processor.
        "threads": torch.get_num_threads() if on.type == "cpu" else None,
    }


def record_failure(folder: Path, record: Record, reason: str) -> None:
    """Leave the outcome of a training that could not start because what it builds on has no weights."""
    if not leads():
        return
    print(f"not trained: {reason}", flush=True)
    folder.mkdir(parents=True, exist_ok=True)
    paths.write_text(folder / LOG, "")
    _write_outcome(folder, "not trained", reason, {})
    record.close(paths.record(folder), outcome="not trained")


def _write_outcome(
    folder: Path, outcome: str, reason: str, settings: dict[str, Any], learned: bool = False, **more: str
) -> None:
    """What a training came to. Nothing that changes from run to run: equal trainings leave equal folders."""
    described = {"outcome": outcome, "reason": reason, "learned": learned, "settings": settings, **more}
    paths.write_json(folder / OUTCOME, described)


def add_to_outcome(folder: Path, **more: Any) -> None:
    """Say more of what a training came to, as little changing from run to run as the rest."""
    paths.write_json(folder / OUTCOME, {**read_outcome(folder), **more})


def _digest(module: nn.Module) -> str:
    """Hash of all weights, of the networks too that a training starts from."""
    digest = hashlib.sha256()
    for name, value in module.state_dict().items():
        digest.update(name.encode())
        digest.update(value.detach().cpu().contiguous().numpy().data)
    return digest.hexdigest()


def as_csv(rows: list[dict[str, Any]]) -> str:
    """Rows of equal keys as CSV text, a header first; empty for no rows."""
    text = io.StringIO()
    if rows:
        writer = csv.DictWriter(text, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return text.getvalue()


def _save_weights(module: nn.Module, file: Path) -> str:
    """Write the weights; returns their SHA-256."""
    content = save({name: value.detach().cpu().contiguous() for name, value in module.state_dict().items()})
    paths.write_bytes(file, content)
    return hashlib.sha256(content).hexdigest()


def read_weights(folder: Path) -> Weights | None:
    """The weights that a training left, or None if it left none.

    Raises InvalidData if the folder holds no run, or weights other than its outcome names; one of before has no name.
    """
    outcome = read_outcome(folder)
    if outcome["outcome"] != "trained":
        return None
    try:
        with open(folder / WEIGHTS, "rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        if digest != outcome.get(WEIGHTS_DIGEST, digest):
            raise InvalidData(f"{folder / WEIGHTS}: damaged, its checksum is another; {AGAIN}")
        return load_file(folder / WEIGHTS)
    except (OSError, ValueError, SafetensorError) as error:
        raise InvalidData(f"{folder / WEIGHTS}: {error}; {AGAIN}") from None


def read_outcome(folder: Path) -> dict[str, Any]:
    """ "outcome" ("trained", "diverged" or "not trained"), "reason", whether its last error was below that of guessing
    ("learned"), and "settings" of a training. Raises InvalidData if the folder holds none."""
    try:
        outcome = paths.read_json(folder / OUTCOME)
    except OSError as error:
        raise InvalidData(f"{folder}: no finished training: {error}; {AGAIN}") from None
    if not isinstance(outcome, dict) or outcome.get("outcome") not in OUTCOMES:
        raise InvalidData(f"{folder / OUTCOME}: not what a training leaves; {AGAIN}")
    return outcome


def read_log(folder: Path, name: str = LOG) -> list[dict[str, str]]:
    """The rows of a training's log, an epoch each, or of its turns, values as text."""
    with open(folder / name, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def part(weights: Weights, name: str) -> Weights:
    """The weights of one part, such as "encoder" or "classifier", by their names inside that part."""
    prefix = f"{name}."
    return {key.removeprefix(prefix): value for key, value in weights.items() if key.startswith(prefix)}
