"""What the stages `evaluate` and `noise` left of one data set and backbone: where every network put the true class of
every test image, and whether its training counts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from study.measures.intervals import Crossed, crossed
from study.measures.units import units
from study.settings import paths
from study.settings.arrays import read_archive
from study.settings.errors import InvalidData
from study.settings.methods import METHODS, PLACES, evaluated
from study.settings.protocol import protocol

Metric = Literal["top1", "top5"]
METRICS: tuple[Metric, ...] = ("top1", "top5")
GUESSES: dict[Metric, int] = {"top1": 1, "top5": 5}
CLEAN = ""  # the condition of test images as they are

# Outcome of a training that is no result, and the words that stand for one that is not there at all.
MISSING = "not trained yet"

Ranks = NDArray[np.uint16]
Columns = Mapping[str, NDArray[np.integer[Any]]]  # (images,) each


@dataclass(frozen=True)
class Results:
    """All of one data set and backbone.

    `labels` and `units` are (images,): the class of an image, and what was drawn independently. `ranks` holds by
    condition, row and seed number the rank of the true class, (images,), 0 the best. `failed` says by row and seed why
    there is none. `training_error_percent` are last training errors by row and seed; `not_learned` the seeds by row
    whose error is still that of guessing, `not_flattened` those whose auto-encoder has not flattened.
    Of rows outside of `convergence_judged` it is not known whether they have converged.
    `data` are the facts of the data set's manifest; `settings` those that every training recorded.
    """

    dataset: str
    backbone: str
    source: str
    classes: int
    seeds: tuple[int, ...]
    labels: NDArray[np.int64]
    units: NDArray[np.int64]
    ranks: Mapping[str, Mapping[str, Mapping[int, Ranks]]]
    failed: Mapping[str, Mapping[int, str]]
    training_error_percent: Mapping[str, Mapping[int, float]] = field(default_factory=dict)
    not_learned: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    not_converged: Mapping[str, float] = field(default_factory=dict)
    convergence_judged: tuple[str, ...] = ()
    not_flattened: tuple[int, ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict)
    settings: Sequence[Mapping[str, Any]] = ()

    def shown(self, metric: Metric) -> bool:
        """Whether an error can vary at all: the top-5 error of five classes cannot."""
        return metric == "top1" or self.classes >= protocol().endpoints.top5_shown_from_classes

    @property
    def first(self) -> Metric:
        """The error that comes first."""
        return "top5" if self.classes >= protocol().endpoints.top5_first_from_classes else "top1"

    @property
    def metrics(self) -> tuple[Metric, ...]:
        """The errors that can vary, the one that comes first in front."""
        return tuple(sorted((metric for metric in METRICS if self.shown(metric)), key=lambda one: one != self.first))

    def chance_error_percent(self, metric: Metric) -> float:
        """The error of guessing."""
        return 100.0 * max(0.0, 1 - GUESSES[metric] / self.classes)

    def majority_error_percent(self, metric: Metric) -> float:
        """The error of always naming the most frequent classes."""
        counts = np.sort(np.bincount(self.labels, minlength=self.classes))[::-1]
        return float(100 * (1 - counts[: GUESSES[metric]].sum() / len(self.labels)))

    def ceiling_percent(self, metric: Metric) -> float:
        """The error that learning must lie below: of guessing or of naming the most frequent classes."""
        return min(self.chance_error_percent(metric), self.majority_error_percent(metric))

    def wrong(self, row: str, metric: Metric, condition: str = CLEAN) -> dict[int, NDArray[np.bool_]]:
        """By seed, which test images a row got wrong, (images,)."""
        found = self.ranks.get(condition, {}).get(row, {})
        return {seed: ranks >= GUESSES[metric] for seed, ranks in found.items()}

    def tried(self, row: str, condition: str = CLEAN) -> bool:
        """Whether there is anything of a row: a number, or a training that failed."""
        trained = METHODS[row].part_of or row
        return bool(self.ranks.get(condition, {}).get(row)) or (condition in self.ranks and trained in self.failed)

    def lacking(self, row: str, condition: str = CLEAN) -> str:
        """Why a row has no number, seed by seed; empty if every seed has one."""
        there = self.ranks.get(condition, {}).get(row, {})
        why = self.failed.get(row, {})
        return "; ".join(f"seed {seed}: {why.get(seed, MISSING)}" for seed in self.seeds if seed not in there)

    def crossed(self, rows: Sequence[tuple[str, str]], metric: Metric) -> Crossed:
        """Rows under conditions, (row, condition), brought together by seed number and unit; a row is called by its
        word and, under a condition, that behind it. Raises InvalidData, naming row and seed, for what is not there.
        """
        return crossed(
            {name_of(row, condition): self.wrong(row, metric, condition) for row, condition in rows},
            self.units.tolist(),
            self.seeds,
            {name_of(row, condition): self.failed.get(row, {}) for row, condition in rows},
        )

    @cached_property
    def rows(self) -> tuple[str, ...]:
        """Every row that is expected here."""
        return evaluated(self.dataset, self.backbone)

    def marks(self, row: str) -> tuple[str, ...]:
        """What has to be said of a row's training wherever its number stands."""
        trained = METHODS[row].part_of or row
        found = [self.unlearned(row)] if self.unlearned(row) else []
        if self.not_flattened and has_auto_encoder(trained):
            word = protocol().training["stage_1"]["otherwise"]
            found.append(f"its auto-encoder has {word}: seed {', '.join(map(str, self.not_flattened))}")
        if trained in self.not_converged:
            found.append(f"not converged: half the epochs move its error by {self.not_converged[trained]:.1f} points")
        return tuple(found)

    def unlearned(self, row: str) -> str:
        """Which trainings of a row do not count, so that no word may be said of it; empty if all count."""
        seeds = self.not_learned.get(METHODS[row].part_of or row, ())
        return f"{protocol().training['learned']['otherwise']}: seed {', '.join(map(str, seeds))}" if seeds else ""


def has_auto_encoder(row: str) -> bool:
    """Whether a row's encoder is that of stage 1, as it was or trained on."""
    record = METHODS[row]
    return record.frozen_encoder or bool(record.starts_from and has_auto_encoder(record.starts_from))


def name_of(row: str, condition: str) -> str:
    """How a row under a condition is called among others."""
    return f"{row} {condition}".rstrip()


def read_columns(file: Path) -> Columns:
    """The columns (images,) that a stage left. Raises InvalidData for what is no such file, and for a column that does
    not hold a whole number from 0 on for every image: a rank that is nan would else pass for the best.
    """
    again = "remove it and make it again with: dvc repro"
    found = read_archive(file)
    images = len(next(iter(found.values()), ()))
    for name, column in found.items():
        whole = np.issubdtype(column.dtype, np.integer) and column.shape == (images,) and bool(np.all(column >= 0))
        if not whole:
            raise InvalidData(f"{file}: {name} does not hold a whole number for each of {images} images; {again}")
    return found


def read(folder: Path) -> dict[tuple[str, str], Results]:
    """By data set and backbone, what was evaluated, from results/<scale>. Raises InvalidData for a damaged file."""
    found = {}
    for dataset, backbone in PLACES:
        name = f"{dataset}-{backbone}"
        file = folder / "evaluation" / f"{name}.json"
        if file.exists():
            try:
                found[dataset, backbone] = _read(folder, name)
            except KeyError as error:
                raise InvalidData(f"{file}: {error} is lacking; evaluate again with: dvc repro -f evaluate") from None
    return found


def _read(folder: Path, name: str) -> Results:
    file = folder / "evaluation" / f"{name}.json"
    summary = paths.read_json(file)
    columns = read_columns(folder / "predictions" / f"{name}.npz")
    ranks = {CLEAN: _by_row(columns, "")}
    noise = folder / "noise" / f"{name}.json"
    if noise.exists():
        disturbed = read_columns(folder / "noise" / f"{name}.npz")
        for variance in paths.read_json(noise)["variances"]:
            condition = f"V={variance:g}"
            ranks[condition] = _by_row(disturbed, f".{condition}")
    failed: dict[str, dict[int, str]] = {}
    training: dict[str, dict[int, float]] = {}
    not_learned: dict[str, tuple[int, ...]] = {}
    for run in summary["runs"]:
        row, seed = run["method"], int(run["seed"])
        if run["outcome"] != "trained":
            failed.setdefault(row, {})[seed] = run["reason"]
        if run.get("training_error_percent") is not None:
            training.setdefault(row, {})[seed] = run["training_error_percent"]
        if run["outcome"] == "trained" and not run.get("learned", True):
            not_learned[row] = (*not_learned.get(row, ()), seed)
    labels = columns["label"].astype(np.int64)
    convergence = folder / "convergence" / f"{name}.json"
    judged = paths.read_json(convergence)["rows"] if convergence.exists() else {}
    reconstruction = folder / "reconstruction" / f"{summary['dataset']}.json"
    auto_encoders = paths.read_json(reconstruction)["runs"] if reconstruction.exists() else []
    return Results(
        dataset=summary["dataset"],
        backbone=summary["backbone"],
        source=summary["source"],
        classes=summary["classes"],
        seeds=tuple(summary["seeds"]),
        labels=labels,
        units=columns["unit"].astype(np.int64) if "unit" in columns else units(labels, summary["source"]),
        ranks=ranks,
        failed=failed,
        training_error_percent=training,
        not_learned=not_learned,
        not_converged={row: its["moved_points"] for row, its in judged.items() if not its["converged"]},
        convergence_judged=tuple(judged),
        not_flattened=tuple(run["seed"] for run in auto_encoders if not run.get("flattened", True)),
        data=summary.get("data", {}),
        settings=[run.get("settings", {}) for run in summary["runs"]],
    )


def _by_row(columns: Columns, ending: str) -> dict[str, dict[int, Ranks]]:
    """`<row>.<seed><ending>` columns by row and seed number."""
    found: dict[str, dict[int, Ranks]] = {}
    for column, values in columns.items():
        row, _, seed = column.removesuffix(ending).rpartition(".")
        if column.endswith(ending) and row in METHODS and seed.isdigit():
            found.setdefault(row, {})[int(seed)] = values.astype(np.uint16)
    return found
