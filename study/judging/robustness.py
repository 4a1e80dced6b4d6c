"""How the primary endpoint moves when one choice of the recipe is another: does the conclusion hang on it?"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from study.judging.measured import Ranks, ranks
from study.measures.endpoint import NO_LOSS, Share, share_won_back
from study.measures.intervals import crossed
from study.settings import paths
from study.settings.errors import InvalidData

FULL, HALF = "full", "half"
AUTO_ENCODER = "wae"
GUESSES = {"top1_error_percent": 1, "top5_error_percent": 5}  # the true class must be among so many


@dataclass(frozen=True)
class RowUnder:
    """One row under one condition: its mean errors over seeds in percent, and the share of the resolution loss that it
    wins back by either error.

    `reason` says why there is no error, and `reasons`, by error, why there is no share. An interval needs two seeds:
    ask `share.seeds`.
    """

    row: str
    error_percent: Mapping[str, float]
    training_error_percent: float | None
    shares: Mapping[str, Share]
    reasons: Mapping[str, str]
    reason: str = ""


@dataclass(frozen=True)
class Under:
    """What one condition came to: seeds that were run, the auto-encoder's PSNR in decibels and ratio of energies on
    test images (means over seeds), and the rows by word."""

    condition: str
    choice: str
    value: float | str
    seeds: tuple[int, ...]
    psnr_db: float | None
    energy_ratio: float | None
    rows: Mapping[str, RowUnder]


def read(scale: str, dataset: str, conditions: Iterable[str], seeds: Iterable[int]) -> list[Under]:
    """What the stage `robustness` left, by condition in the order in which they are named; conditions without any
    results are left out."""
    folder, wanted = paths.results(scale) / "robustness" / dataset, list(seeds)
    found = []
    for condition in conditions:
        files = {seed: folder / f"{condition}-{seed}.json" for seed in wanted}
        runs = {seed: _run(file) for seed, file in files.items() if file.exists()}
        if runs:
            found.append(under(condition, runs))
    return found


def _run(file: Path) -> tuple[dict[str, Any], Ranks]:
    archive = file.with_suffix(".npz")
    if not archive.exists():
        raise InvalidData(f"{archive}: missing; remove {file} and run its stage again")
    return paths.read_json(file), ranks(archive)


def under(condition: str, runs: Mapping[int, tuple[Mapping[str, Any], Ranks]]) -> Under:
    """One condition from its runs by seed: what each says of its trainings, and the ranks of the test images.

    A row takes part in shares with the seeds that it, the full and the half-size network all have.
    """
    by_row: dict[str, dict[int, Mapping[str, Any]]] = defaultdict(dict)
    for seed, (summary, _) in runs.items():
        for one in summary["trainings"]:
            by_row[one["row"]][seed] = one
    auto_encoders = [one for one in by_row.pop(AUTO_ENCODER, {}).values() if "psnr_db" in one]
    summary, columns = next(iter(runs.values()))
    wrong = {
        error: {
            row: {seed: runs[seed][1][row] >= guesses for seed in of_seed if row in runs[seed][1]}
            for row, of_seed in by_row.items()
        }
        for error, guesses in GUESSES.items()
    }
    return Under(
        condition,
        summary["choice"],
        summary["value"],
        tuple(sorted(runs)),
        _mean(one["psnr_db"] for one in auto_encoders),
        _mean(one["energy_ratio"] for one in auto_encoders),
        {row: _row(row, by_row, wrong, columns["unit"].tolist()) for row in by_row},
    )


def _row(
    row: str,
    by_row: Mapping[str, Mapping[int, Mapping[str, Any]]],
    wrong: Mapping[str, Mapping[str, Mapping[int, np.ndarray]]],
    units: list[int],
) -> RowUnder:
    failed = [f"seed {seed}: {one['reason']}" for seed, one in by_row[row].items() if one["outcome"] != "trained"]
    if failed:  # a failed seed leaves no mean over the others: they are the luckier ones
        return RowUnder(row, {}, None, {}, {}, "; ".join(failed))
    shares, reasons = {}, {}
    for error, of_rows in wrong.items():
        three = {word: of_rows.get(word, {}) for word in dict.fromkeys((FULL, HALF, row))}
        seeds = sorted(set.intersection(*(set(of_seed) for of_seed in three.values())))
        if not seeds:
            reasons[error] = f"no seed has {', '.join(three)}"
            continue
        share = share_won_back(crossed(three, units, seeds), row, full=FULL, half=HALF)
        if (share.seeds > 1 and share.varies and share.no_loss()) or np.isnan(share.value):
            reasons[error] = NO_LOSS
        else:
            shares[error] = share
    ones = list(by_row[row].values())
    errors = {error: _mean(one[error] for one in ones) or 0.0 for error in GUESSES}
    return RowUnder(row, errors, _mean(one["training_error_percent"] for one in ones), shares, reasons)


def _mean(values: Iterable[float]) -> float | None:
    found = list(values)
    return float(np.mean(found)) if found else None
