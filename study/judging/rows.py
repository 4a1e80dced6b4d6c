"""Every row of the study, those that the paper lacks too, with the numbers that it is judged by."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from study.judging.measured import Interval, Key, Measured
from study.judging.results import Results
from study.settings.methods import METHODS, PLACES, evaluated, label
from study.settings.records import Place


@dataclass(frozen=True)
class Row:
    """One network on a data set: errors in percent with 95 % intervals over seeds and units, the mean over seeds of its
    last training error; at full size its times over those of the full network, billions of multiply-adds and millions
    of parameters.

    `marks` are what has to be said of its training; `failed` says why there is no error.
    """

    dataset: str
    backbone: str
    method: str
    label: str
    in_paper: bool
    seeds: int
    top1_error_percent: float | None
    top1_interval: Interval | None
    top5_error_percent: float | None
    top5_interval: Interval | None
    training_error_percent: float | None
    cpu_speedup: float | None
    gpu_speedup: float | None
    multiply_adds_billion: float | None
    parameters_million: float | None
    top1_per_seed: tuple[float, ...]
    top5_per_seed: tuple[float, ...]
    marks: tuple[str, ...]
    failed: str


@dataclass(frozen=True)
class Time:
    """The time of a network at full size, as it is written, on one machine; `speedup` is over the full network there.

    `where` names machine, threads and images at a time; `basis` says what stands behind it, also whether the machine
    was busy. `registered` is the one that stands beside the paper's; a `disturbed` one decides no claim.
    """

    backbone: str
    method: str
    where: str
    basis: str
    device: str
    registered: bool
    disturbed: bool
    milliseconds: float
    speedup: float | None
    speedup_interval: Interval | None


@dataclass(frozen=True)
class Guess:
    """What can be had on a data set without looking: errors of guessing and of naming the most frequent classes, in
    percent; `units` are the test images that are drawn independently. `convergence_judged` are the labels of the rows
    of which it is known whether they have converged."""

    dataset: str
    backbone: str
    classes: int
    images: int
    units: int
    seeds: int
    chance_percent: dict[str, float]
    majority_percent: dict[str, float]
    convergence_judged: tuple[str, ...]


@dataclass(frozen=True)
class Rows:
    """All rows of a scale, place by place."""

    scale: str
    rows: tuple[Row, ...]
    guesses: tuple[Guess, ...]
    times: tuple[Time, ...]

    def time(self, backbone: str, method: str, device: str = "cpu") -> Time | None:
        """The registered time of a network, None where it was not taken."""
        return next(
            (
                one
                for one in self.times
                if one.registered and (one.backbone, one.method, one.device) == (backbone, method, device)
            ),
            None,
        )


def rows(measured: Mapping[Key, Measured], results: Mapping[Place, Results], scale: str) -> Rows:
    """Every row of every data set and backbone, in the order of the records."""
    return Rows(
        scale,
        tuple(
            _row(measured, results.get((dataset, backbone)), dataset, backbone, method)
            for dataset, backbone in PLACES
            for method in evaluated(dataset, backbone)
        ),
        tuple(_guess(its) for its in results.values()),
        tuple(_times(measured)),
    )


def _times(measured: Mapping[Key, Measured]) -> Iterator[Time]:
    """Every time of every network, place by place."""
    for (_, backbone, method, quantity, condition), found in measured.items():
        if not condition or found.at is None or found.value is None or not quantity.endswith("_ms"):
            continue
        device = quantity.removesuffix("_ms")
        rate = measured.get(("", backbone, method, f"{device}_speedup", condition))
        beside = measured.get(("", backbone, method, quantity, ""))
        yield Time(
            backbone,
            method,
            condition,
            found.basis,
            device,
            beside is not None and beside.at == found.at,
            bool(found.at.busy),
            found.value,
            rate.value if rate else None,
            rate.intervals.get("repeats") if rate else None,
        )


def _guess(results: Results) -> Guess:
    return Guess(
        results.dataset,
        results.backbone,
        results.classes,
        len(results.labels),
        len(set(results.units.tolist())),
        len(results.seeds),
        {metric: results.chance_error_percent(metric) for metric in results.metrics},
        {metric: results.majority_error_percent(metric) for metric in results.metrics},
        tuple(label(row, results.backbone) for row in results.convergence_judged),
    )


def _row(measured: Mapping[Key, Measured], results: Results | None, dataset: str, backbone: str, method: str) -> Row:
    top1, top5 = (
        measured.get((dataset, backbone, method, quantity, ""))
        for quantity in ("top1_error_percent", "top5_error_percent")
    )
    cpu, gpu, adds, learned = (
        found.value if (found := measured.get(("", backbone, method, quantity, ""))) else None
        for quantity in ("cpu_speedup", "gpu_speedup", "flops_billion", "parameters_million")
    )
    trained = list(results.training_error_percent.get(method, {}).values()) if results else []
    return Row(
        dataset,
        backbone,
        method,
        label(method, backbone),
        METHODS[method].in_paper,
        len(top1.per_seed) if top1 else 0,
        top1.value if top1 else None,
        top1.interval if top1 else None,
        top5.value if top5 else None,
        top5.interval if top5 else None,
        sum(trained) / len(trained) if trained else None,
        cpu,
        gpu,
        adds,
        learned,
        top1.per_seed if top1 else (),
        top5.per_seed if top5 else (),
        results.marks(method) if results and top1 else (),
        (top1.failed or "") if top1 else "",
    )
