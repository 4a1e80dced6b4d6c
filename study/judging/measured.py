"""What the study measured, by the names of the paper's cells."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from zipfile import BadZipFile

import numpy as np

from study.judging.machines import At, busy_note, how, stored
from study.measures.statistics import image_interval, seed_interval
from study.settings import paths
from study.settings.errors import InvalidData
from study.settings.methods import PLACES, evaluated

HEADLINE_NEEDS_CLASSES = 50  # with fewer, five guesses are too many and the headline is the top-1 error
GIGA = 1e9
AS_WRITTEN = "eager"  # the implementation in which every network is timed

# The two ends of an interval, in the unit of what it is about.
Interval = tuple[float, float]
# By name, `<row>.<seed>` or under noise `<row>.<seed>.V=<variance>`: the rank of the true class of every test image
# among the scores, 0 for the highest, in the order of the data set; and `label`, the true classes.
Ranks = Mapping[str, np.ndarray]


@dataclass(frozen=True)
class Measured:
    """One measured number, its basis, and its 95 % intervals by what they vary: seeds, test images, repeats.

    `failed` says why there is no value. `classes` is how many the classifier chose among, and `wrong` which test images
    it got wrong, bool (seeds, images) in the order of the data set: what two networks of one test set are paired by.
    """

    value: float | None
    kind: Literal["accuracy", "count", "time"]
    basis: str  # what it was measured on
    intervals: dict[str, Interval] = field(default_factory=dict)
    per_seed: tuple[float, ...] = ()
    failed: str | None = None
    classes: int | None = None
    wrong: np.ndarray | None = field(default=None, repr=False, compare=False)
    at: At | None = None  # of a time: where it was taken

    @property
    def over_seeds(self) -> Interval | None:
        """The interval over seeds, or over test images where there is none: a single seed, or seeds that are equal."""
        return self.intervals.get("seeds", self.intervals.get("test images"))


# (data set, or "" for what does not depend on one; backbone; method; quantity; condition)
Key = tuple[str, str, str, str, str]


def errors(scale: str, folder: Path, changed: Sequence[str] = ()) -> dict[Key, Measured]:
    """Top-1 and top-5 errors and accuracies of every evaluated network, from stored ranks, clean and under noise.

    `changed` are the keys in which the set-up departs from the paper's; at scale `paper` they enter the basis, so that
    a number of a changed set-up is never taken for the paper's.
    """
    found: dict[Key, Measured] = {}
    for dataset, backbone in PLACES:
        name = f"{dataset}-{backbone}"
        evaluation = folder / "evaluation" / f"{name}.json"
        if not evaluation.exists():
            continue
        summary = paths.read_json(evaluation)
        basis = f"{scale}, {summary['source']}"
        if scale == "paper" and changed:
            basis += f", changed: {', '.join(changed)}"
        # By condition, "" for clean pictures: the ranks of every network, by method and seed.
        by_condition: dict[str, Ranks] = {"": ranks(folder / "predictions" / f"{name}.npz")}
        noise = folder / "noise" / f"{name}.json"
        if noise.exists():
            columns = ranks(folder / "noise" / f"{name}.npz")
            for variance in paths.read_json(noise)["variances"]:
                condition = f"V={variance:g}"
                by_condition[condition] = {
                    column.removesuffix(f".{condition}"): values
                    for column, values in columns.items()
                    if column.endswith(f".{condition}")
                }
        for method in evaluated(dataset, backbone):
            runs = [run for run in summary["runs"] if run["method"] == method]
            for condition, columns in by_condition.items():
                of_runs = _of_runs(runs, columns, basis, summary["classes"])
                found |= {
                    (dataset, backbone, method, quantity, condition): value for quantity, value in of_runs.items()
                }
    return found


def ranks(file: Path) -> Ranks:
    """The ranks that the stages `evaluate` and `noise` left, each (images,) in uint16. Raises InvalidData."""
    try:
        with np.load(file) as arrays:
            return dict(arrays)
    except (ValueError, EOFError, BadZipFile):
        raise InvalidData(f"{file}: not an .npz of ranks; remove it and make it again with: dvc repro") from None


def _of_runs(runs: list[dict[str, Any]], columns: Ranks, basis: str, classes: int) -> dict[str, Measured]:
    """By quantity, what the runs of one method with different seeds come to; nothing if it has no runs."""
    failures = [f"seed {run['seed']}: {run['reason']}" for run in runs if run["outcome"] != "trained"]
    if failures:
        # A failed seed leaves no mean over the others: they are the luckier ones.
        failed = Measured(None, "accuracy", basis, failed="; ".join(failures), classes=classes)
        return dict.fromkeys(("top1_error_percent", "top5_error_percent", "accuracy_percent"), failed)
    if not runs:
        return {}
    of_seeds = np.stack([columns[f"{run['method']}.{run['seed']}"] for run in runs])  # (seeds, images)
    return {
        "top1_error_percent": _share(of_seeds > 0, of_seeds > 0, basis, classes),
        "top5_error_percent": _share(of_seeds > 4, of_seeds > 4, basis, classes),
        "accuracy_percent": _share(of_seeds == 0, of_seeds > 0, basis, classes),
    }


def _share(counted: np.ndarray, wrong: np.ndarray, basis: str, classes: int) -> Measured:
    """The share of `counted`, (seeds, images), in percent: wrong images for an error, right ones for an accuracy."""
    per_seed = tuple(float(value) for value in counted.mean(axis=1) * 100)
    intervals = {"test images": image_interval(counted)}
    if len(set(per_seed)) > 1:  # equal seeds say nothing of how others would differ
        intervals["seeds"] = seed_interval(per_seed)
    return Measured(float(np.mean(per_seed)), "accuracy", basis, intervals, per_seed, classes=classes, wrong=wrong)


def operations(folder: Path) -> dict[Key, Measured]:
    """Multiply-adds of every layer, convolutions and fully connected, encoder included, in billions."""
    file = folder / "complexity.json"
    if not file.exists():
        return {}
    found: dict[Key, Measured] = {}
    for backbone, networks in paths.read_json(file)["networks"].items():
        for method, counts in networks.items():
            billions = counts["multiply_adds"]["conv_fc"] / GIGA
            found["", backbone, method, "flops_billion", ""] = Measured(
                billions, "count", "convolutions and fully connected layers, encoder included"
            )
    return found


def times(folder: Path) -> dict[Key, Measured]:
    """Times and speed-ups over the full network, on every machine, number of threads and batch.

    Every network as it is written, eager, in fp32: one implementation for all, as in the paper. The condition of a key
    names machine, threads and batch; under the condition "" stands the registered one (study.judging.machines): on a
    machine that was not busy if there is one, of those in several processes, and of those on the first by name.
    """
    found: dict[Key, Measured] = {}
    for machine, timing in stored(folder / "timing").items():
        for run in timing["runs"]:
            at = At(
                machine,
                run["device"],
                run["batch"],
                run["threads"],
                tuple(run["reasons"]) if run["machine_was_busy"] else (),
                run["processes"],
            )
            found |= _of_run(run, at, timing)
    for device, short in SHORT.items():
        places = {value.at for value in found.values() if value.at and value.at.primary and value.at.device == device}
        if places:
            chosen = under(found, min(places, key=lambda at: (bool(at.busy), at.processes == 1, at)))
            found |= {key: value for key, value in chosen.items() if key[3].startswith(f"{short}_") and key[4] == ""}
    return found


SHORT = {"cpu": "cpu", "cuda": "gpu"}  # device -> beginning of its quantities


def _of_run(run: dict[str, Any], at: At, timing: dict[str, Any]) -> dict[Key, Measured]:
    """The times of one machine on so many threads and images at a time."""
    name = timing["gpu_name"] if at.device == "cuda" else timing["provenance"]["hardware"]["processor"]
    alone = "one process" if at.processes == 1 else ""
    basis = ", ".join(part for part in (name, how(at.device, at.batch, at.threads), alone, busy_note(run)) if part)
    estimator, short = timing["estimator"], SHORT[at.device]

    def number(estimates: dict[str, Any]) -> Measured:
        ends = estimates[estimator]["interval"]
        return Measured(
            estimates[estimator]["value"],
            "time",
            basis,
            {"repeats": (ends[0], ends[1])} if ends else {},
            tuple(estimates[estimator]["per_process"]),
            at=at,
        )

    found: dict[Key, Measured] = {}
    for cell in run["cells"]:
        if cell["implementation"] == AS_WRITTEN:
            found["", cell["backbone"], cell["method"], f"{short}_ms", at.condition] = number(cell["milliseconds"])
            if cell["method"] == "full":  # what all others are compared with
                key = ("", cell["backbone"], "full", f"{short}_speedup", at.condition)
                found[key] = Measured(1.0, "time", basis, at=at)
    for ratio in run["same_implementation"]:
        if ratio["implementation"] == AS_WRITTEN:
            key = ("", ratio["backbone"], ratio["method"], f"{short}_speedup", at.condition)
            found[key] = number(ratio["ratio"])
    return found


def places(measured: Mapping[Key, Measured]) -> tuple[At, ...]:
    """Every machine, number of threads and batch of which there are times."""
    return tuple(sorted({value.at for value in measured.values() if value.at}))


def under(measured: Mapping[Key, Measured], at: At) -> dict[Key, Measured]:
    """All numbers, with the times of one place under the condition "", where a claim looks for them: so a claim about
    speed is judged machine by machine. Times of the other device stay."""
    kept = {
        key: value
        for key, value in measured.items()
        if not (value.at and value.at.device == at.device and key[4] == "")
    }
    return kept | {(*key[:4], ""): value for key, value in measured.items() if value.at == at and key[4]}


def everything(scale: str, changed: Sequence[str]) -> dict[Key, Measured]:
    """All measured numbers of a scale; `changed` as in `errors`."""
    folder = paths.results(scale)
    return {**errors(scale, folder, changed), **operations(folder), **times(folder)}
