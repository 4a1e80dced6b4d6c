"""What the study measured, by the names of the paper's cells."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from study.judging.basis import unlike_the_paper
from study.judging.machines import At, busy_note, how, stored
from study.judging.results import Metric, Results
from study.paper.conventions import GIGA
from study.settings import paths
from study.settings.protocol import protocol

SEEDS_AND_UNITS = "seeds and units"
MEGA = 1e6
AS_WRITTEN = "eager"  # the implementation in which every network is timed

# The two ends of an interval, in the unit of what it is about.
Interval = tuple[float, float]


@dataclass(frozen=True)
class Measured:
    """One measured number, its basis, and its 95 % intervals by what they vary: seeds and units together, or repeats.

    `failed` says why there is no value; `unlike` why the value cannot be set against the paper's; `marks` what has to
    be said of the training behind it wherever it stands; `unlearned` which of its trainings do not count.
    """

    value: float | None
    kind: Literal["accuracy", "count", "time"]
    basis: str  # what it was measured on
    intervals: dict[str, Interval] = field(default_factory=dict)
    per_seed: tuple[float, ...] = ()
    failed: str | None = None
    unlike: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    unlearned: str = ""
    first: bool = True  # of the two errors, whether this is the one that comes first
    at: At | None = None  # of a time: where it was taken

    @property
    def interval(self) -> Interval | None:
        """The interval over seeds and units; None where there is one seed."""
        return self.intervals.get(SEEDS_AND_UNITS)


# (data set, or "" for what does not depend on one; backbone; method; quantity; condition)
Key = tuple[str, str, str, str, str]


def errors(
    scale: str, results: Mapping[tuple[str, str], Results], deviations: Sequence[str] = ()
) -> dict[Key, Measured]:
    """Top-1 and top-5 errors and accuracies of every evaluated network, clean and under noise.

    `deviations` are the keys in which the set-up departs from the paper's. An error that cannot vary is left out, and a
    row of which a seed is lacking has no mean: the seeds that are there are the luckier ones.
    """
    found: dict[Key, Measured] = {}
    for (dataset, backbone), its in results.items():
        unlike = unlike_the_paper(its, deviations)
        for row in its.rows:
            for condition in its.ranks:
                for metric in its.metrics:
                    number = _error(its, row, metric, condition, f"{scale}, {its.source}", unlike)
                    if number is None:
                        continue
                    found[dataset, backbone, row, f"{metric}_error_percent", condition] = number
                    if metric == "top1":
                        found[dataset, backbone, row, "accuracy_percent", condition] = _accuracy(number)
    return found


def _error(
    results: Results, row: str, metric: Metric, condition: str, basis: str, unlike: tuple[str, ...]
) -> Measured | None:
    if not results.tried(row, condition):
        return None
    lacking = results.lacking(row, condition)
    if lacking:
        return Measured(None, "accuracy", basis, failed=lacking, first=metric == results.first)
    together = results.crossed([(row, condition)], metric)
    estimate = together.estimate({together.rows[0]: 1.0})
    interval = {SEEDS_AND_UNITS: estimate.interval(protocol().level)} if estimate.varies else {}
    return Measured(
        estimate.value,
        "accuracy",
        basis,
        interval,
        tuple(float(value) for value in together.error_percent[0]),
        unlike=unlike,
        marks=results.marks(row),
        unlearned=results.unlearned(row),
        first=metric == results.first,
    )


def _accuracy(error: Measured) -> Measured:
    """The same as a share of right images."""
    return replace(
        error,
        value=None if error.value is None else 100 - error.value,
        intervals={name: (100 - high, 100 - low) for name, (low, high) in error.intervals.items()},
        per_seed=tuple(100 - value for value in error.per_seed),
    )


def operations(folder: Path) -> dict[Key, Measured]:
    """Multiply-adds of every layer, convolutions and fully connected, encoder included, in billions; parameters in
    millions."""
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
            learned = counts["parameters"] / MEGA
            found["", backbone, method, "parameters_million", ""] = Measured(learned, "count", "all that is learned")
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


def everything(
    scale: str, results: Mapping[tuple[str, str], Results], deviations: Sequence[str]
) -> dict[Key, Measured]:
    """All measured numbers of a scale; `results` and `deviations` as in `errors`."""
    folder = paths.results(scale)
    return {**errors(scale, results, deviations), **operations(folder), **times(folder)}
