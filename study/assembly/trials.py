"""Trainings that leave numbers and no weights, each in its stage's file as soon as it has ended."""

import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from study.data.batches import Pictures, training_plan
from study.evaluation.ranks import archive, errors_percent, ranks
from study.settings import paths
from study.settings.arrays import read_archive
from study.training.loop import Recipe
from study.training.run import Done

Ranks = NDArray[np.int64]  # (images,)


class Trials:
    """The results file of a search or of a condition.

    Each training stands in it under a key, a digest of all that decides its result: settings, data, and the code as it
    was when the process began. One that is there already under a key of `wanted` is not made again; those of other keys
    are dropped. Ranks lie beside it as .npz.
    """

    def __init__(self, file: Path, wanted: Iterable[str], described: dict[str, Any]) -> None:
        self.file, self.described = file, described
        self.entries: dict[str, dict[str, Any]] = {}
        self.columns: dict[str, Ranks] = {}
        self._start, self._made = time.monotonic(), 0
        self._wanted = list(wanted)
        if file.exists():
            stored = paths.read_json(file)["trainings"]
            self.entries = {entry["key"]: entry for entry in stored if entry["key"] in self._wanted}
        if self.entries and self._archive.exists():
            self.columns = {name: ranks.astype(np.int64) for name, ranks in read_archive(self._archive).items()}

    @property
    def _archive(self) -> Path:
        return self.file.with_suffix(".npz")

    def __contains__(self, key: str) -> bool:
        return key in self.entries

    def add(self, key: str, entry: dict[str, Any], **columns: Ranks) -> None:
        """Store one training, and the ranks of its row if there are any."""
        self._made += 1
        self.entries[key] = {"key": key, **entry}
        if columns:  # before the entry that promises them
            self.columns |= columns
            paths.write_bytes(self._archive, archive(self.columns))
        self.write()
        left = len(self._wanted) - len(self.entries)
        minutes = (time.monotonic() - self._start) / self._made * left / 60
        print(f"{self.file.stem}: {len(self.entries)} of {len(self._wanted)}, {minutes:.0f} minutes left", flush=True)

    def as_dict(self) -> dict[str, Any]:
        """What there is, in the order in which it was wanted."""
        return {**self.described, "trainings": [self.entries[key] for key in self._wanted if key in self.entries]}

    def write(self, **more: Any) -> None:
        """Write what there is, with more to say about the whole."""
        paths.write_json(self.file, {**self.as_dict(), **more})


def measured(
    done: Done, trained_on: Pictures, recipe: Recipe, seed: int, shown: Pictures, title: str
) -> tuple[dict[str, Any], Ranks | None]:
    """What a classifier's training came to, and the ranks of the true class of the images that it is shown; none
    where it diverged."""
    batches = len(training_plan(len(trained_on), recipe.batch, trained_on.margin, seed, epoch=0))
    entry: dict[str, Any] = {
        "outcome": done.outcome,
        "reason": done.reason,
        "learned": done.learned,
        "epochs": len(done.rows),
        "updates": len(done.rows) * batches,
    }
    if done.outcome != "trained":
        return entry, None
    found = ranks(done.trained.get_submodule("classifier"), shown, done.on, title)
    return entry | errors(found, done.rows[-1]["top1_error_percent"]), found


def errors(found: Ranks, training_error_percent: float) -> dict[str, float]:
    """Errors from ranks, and the training error of the last epoch, in percent."""
    return errors_percent(found) | {"training_error_percent": float(training_error_percent)}
