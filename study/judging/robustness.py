"""How the primary endpoint moves when one choice of the recipe is another: does the conclusion hang on it?"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from study.judging.endpoint import Endpoint, endpoints
from study.judging.results import CLEAN, Columns, Results, read_columns
from study.settings import paths

AUTO_ENCODER = "wae"


@dataclass(frozen=True)
class Under:
    """What one condition came to.

    `results` are its errors and ranks, judged as those of the main run are, and `endpoints` the share of the resolution
    loss that every core row wins back, in both errors. PSNR in decibels and ratio of energies are the auto-encoders' on
    test images, means over the seeds; None where none was trained.
    """

    condition: str
    choice: str
    value: float | str
    psnr_db: float | None
    energy_ratio: float | None
    results: Results
    endpoints: tuple[Endpoint, ...]


def read(scale: str, dataset: str, conditions: Iterable[str], seeds: Iterable[int]) -> list[Under]:
    """What the stage `robustness` left, in the order in which conditions are named; of each the seeds that were run,
    and none of a condition without any. Raises InvalidData for a damaged file."""
    folder, wanted = paths.results(scale) / "robustness" / dataset, list(seeds)
    found = []
    for condition in conditions:
        files = [folder / f"{condition}-{seed}.json" for seed in wanted]
        runs = [_run(file) for file in files if file.exists()]
        if runs:
            found.append(under(scale, runs))
    return found


Run = tuple[Mapping[str, Any], Columns]  # what is said of the trainings, and their ranks


def _run(file: Path) -> Run:
    return paths.read_json(file), read_columns(file.with_suffix(".npz"))


def under(scale: str, runs: Iterable[Run]) -> Under:
    """One condition from its runs, one a seed."""
    by_seed = {int(summary["seed"]): (summary, columns) for summary, columns in runs}
    summary, columns = next(iter(by_seed.values()))
    ranks: dict[str, dict[int, NDArray[np.uint16]]] = {}
    failed: dict[str, dict[int, str]] = {}
    training: dict[str, dict[int, float]] = {}
    not_learned: dict[str, tuple[int, ...]] = {}
    auto_encoders = []
    not_flattened = []
    for seed, (of_seed, its) in by_seed.items():
        for one in of_seed["trainings"]:
            row = one["row"]
            if row == AUTO_ENCODER:
                auto_encoders += [one] if "psnr_db" in one else []
                not_flattened += [] if one.get("flattened", True) else [seed]
            elif one["outcome"] != "trained":
                failed.setdefault(row, {})[seed] = one["reason"]
            else:
                ranks.setdefault(row, {})[seed] = its[row].astype(np.uint16)
                training.setdefault(row, {})[seed] = one["training_error_percent"]
                if not one["learned"]:
                    not_learned[row] = (*not_learned.get(row, ()), seed)
    results = Results(
        dataset=summary["dataset"],
        backbone=summary["backbone"],
        source=summary["source"],
        classes=summary["classes"],
        seeds=tuple(sorted(by_seed)),
        labels=columns["label"].astype(np.int64),
        units=columns["unit"].astype(np.int64),
        ranks={CLEAN: ranks},
        failed=failed,
        training_error_percent=training,
        not_learned=not_learned,
        not_flattened=tuple(not_flattened),
    )
    return Under(
        summary["condition"],
        summary["choice"],
        summary["value"],
        _mean(one["psnr_db"] for one in auto_encoders),
        _mean(one["energy_ratio"] for one in auto_encoders),
        results,
        endpoints({(results.dataset, results.backbone): results}, {}, scale).rows,
    )


def _mean(values: Iterable[float]) -> float | None:
    found = list(values)
    return float(np.mean(found)) if found else None
