"""Every row of the study, those that the paper lacks too, with the numbers that it is judged by."""

from collections.abc import Mapping
from dataclasses import dataclass

from study.judging.measured import Interval, Key, Measured
from study.settings.methods import METHODS, PLACES, evaluated, label


@dataclass(frozen=True)
class Row:
    """One network on a data set: errors in percent with 95 % intervals over seeds (over test images for one seed),
    speed-ups over the full network and billions of multiply-adds at full size; `failed` says why there is no error."""

    dataset: str
    backbone: str
    method: str
    label: str
    in_paper: bool
    top1_error_percent: float | None
    top1_interval: Interval | None
    top5_error_percent: float | None
    top5_interval: Interval | None
    cpu_speedup: float | None
    gpu_speedup: float | None
    multiply_adds_billion: float | None
    failed: str


@dataclass(frozen=True)
class Rows:
    """All rows of a scale, place by place."""

    scale: str
    rows: tuple[Row, ...]


def rows(measured: Mapping[Key, Measured], scale: str) -> Rows:
    """Every row of every data set and backbone, in the order of the records."""
    return Rows(
        scale,
        tuple(
            _row(measured, dataset, backbone, method)
            for dataset, backbone in PLACES
            for method in evaluated(dataset, backbone)
        ),
    )


def _row(measured: Mapping[Key, Measured], dataset: str, backbone: str, method: str) -> Row:
    top1, top5 = (
        measured.get((dataset, backbone, method, quantity, ""))
        for quantity in ("top1_error_percent", "top5_error_percent")
    )
    cpu, gpu, adds = (
        found.value if (found := measured.get(("", backbone, method, quantity, ""))) else None
        for quantity in ("cpu_speedup", "gpu_speedup", "flops_billion")
    )
    return Row(
        dataset,
        backbone,
        method,
        label(method, backbone),
        METHODS[method].in_paper,
        top1.value if top1 else None,
        top1.over_seeds if top1 else None,
        top5.value if top5 else None,
        top5.over_seeds if top5 else None,
        cpu,
        gpu,
        adds,
        (top1.failed or "") if top1 else "",
    )
