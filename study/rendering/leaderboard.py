"""Every network on one line, to be sorted and filtered: errors seed by seed, share won back, times, size."""

from collections.abc import Mapping
from dataclasses import dataclass

from study.judging.endpoint import Endpoints
from study.judging.number import LACKING, number
from study.judging.rows import Row, Rows
from study.rendering.cells import between, remarks
from study.settings.methods import BACKBONES

FP32_BYTES = 4
NOTE = (
    "Errors with 95 % intervals over seeds and independent test units, then seed by seed. Times, multiply-adds and "
    "parameters are those at full size (224 pixels, 1,000 classes), of networks that were counted and timed: the "
    "errors of this scale belong to smaller networks and images. Bytes on disk are computed, four for each "
    "parameter (fp32)."
)


@dataclass(frozen=True)
class Column:
    """A column: its head, whether it holds numbers, and which quantity of the hardware it shows ("" for none)."""

    heading: str
    number: bool
    taken: str = ""


@dataclass(frozen=True)
class Line:
    """A network on one data set: what it is filtered by, its cells, and by hardware its time and speed-up."""

    place: str
    of_paper: bool
    cells: tuple[str, ...]
    times: Mapping[str, tuple[str, str]]


@dataclass(frozen=True)
class Leaderboard:
    """The lines with their columns, what they can be filtered by, and the hardware whose times are shown first."""

    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    places: tuple[str, ...]
    hardware: Mapping[str, str]  # name -> what stands behind it
    registered: str


def leaderboard(rows: Rows, endpoints: Endpoints) -> Leaderboard:
    """All rows that have any number. A column in which no row has one is left out."""
    shares = {(one.dataset, one.backbone, one.row, one.metric): one for one in endpoints.rows}
    shown = [row for row in rows.rows if row.top1_error_percent is not None or row.failed or row.multiply_adds_billion]
    columns = (
        Column("network", False),
        Column("data", False),
        Column("top-1 error, % (95 %)", True),
        Column("top-1 by seed", True),
        Column("top-5 error, % (95 %)", True),
        Column("top-5 by seed", True),
        Column("share won back, top-1, %", True),
        Column("share won back, top-5, %", True),
        Column("training error, %", True),
        Column("ms an image", True, "ms"),
        Column("speed-up", True, "speedup"),
        Column("multiply-adds, billion", True),
        Column("parameters, million", True),
        Column("on disk, MB", True),
        Column("remarks", False),
    )
    first = next((one.where for one in rows.times if one.registered), "")

    def share(row: Row, metric: str) -> str:
        found = shares.get((row.dataset, row.backbone, row.method, metric))
        return number(found.share_percent) if found else LACKING

    def line(row: Row) -> Line:
        times = {
            one.where: (number(one.milliseconds), number(one.speedup))
            for one in rows.times
            if (one.backbone, one.method) == (row.backbone, row.method)
        }
        ms, speedup = times.get(first, (LACKING, LACKING))
        place = f"{row.dataset}, {BACKBONES[row.backbone].label}"
        failed = f"failed: {row.failed}" if row.failed else LACKING
        million = row.parameters_million
        return Line(
            place,
            row.in_paper,
            (
                row.label,
                place,
                _with(row.top1_error_percent, row.top1_interval) if row.top1_error_percent is not None else failed,
                _by_seed(row.top1_per_seed),
                _with(row.top5_error_percent, row.top5_interval),
                _by_seed(row.top5_per_seed),
                share(row, "top1"),
                share(row, "top5"),
                number(row.training_error_percent),
                ms,
                speedup,
                number(row.multiply_adds_billion),
                number(million),
                LACKING if million is None else number(FP32_BYTES * million),
                remarks(row.marks),
            ),
            times,
        )

    lines = [line(row) for row in shown]
    kept = [place for place in range(len(columns)) if any(one.cells[place] not in ("", LACKING) for one in lines)]
    return Leaderboard(
        tuple(columns[place] for place in kept),
        tuple(Line(one.place, one.of_paper, tuple(one.cells[at] for at in kept), one.times) for one in lines),
        tuple(dict.fromkeys(one.place for one in lines)),
        {one.where: one.basis for one in rows.times},
        first,
    )


def _with(value: float | None, interval: tuple[float, float] | None) -> str:
    return f"{number(value)} ({between(interval)})" if interval else number(value)


def _by_seed(values: tuple[float, ...]) -> str:
    return ", ".join(map(number, values)) or LACKING
