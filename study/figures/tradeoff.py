"""What of the resolution loss each network wins back, against its time: the paper's networks and those here on one pair
of axes, which shares allow and errors of different images would not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from study.figures import labels, style
from study.figures.error_and_cost import cells_of_paper, cost_here, cost_in_the_paper
from study.judging.endpoint import Endpoint
from study.judging.measured import Key, Measured
from study.paper.tables import Table
from study.settings.methods import METHODS, label
from study.settings.records import OBJECTS_VGG16

DATASET, BACKBONE = OBJECTS_VGG16
FULL, HALF = "full", "half"
BOTTOM, TOP = -70, 130  # percent of the loss; an interval that goes on is cut


@dataclass(frozen=True)
class Point:
    """A network: its time in percent of the full network's, its share in percent, and the ends of its interval."""

    method: str
    time: float
    share: float
    low: float
    high: float


def here(rows: Sequence[Endpoint], measured: Mapping[Key, Measured]) -> list[Point]:
    """What was measured, in the error that comes first; full and half lie where they do by definition."""
    first = next((one.metric for one in rows if (one.dataset, one.backbone) == OBJECTS_VGG16), "")
    found = []
    if first:
        for word, share in ((FULL, 100.0), (HALF, 0.0)):
            time = cost_here(word, BACKBONE, measured, "cpu")
            if time is not None:
                found.append(Point(word, time, share, share, share))
    for one in rows:
        if (one.dataset, one.backbone, one.metric) != (DATASET, BACKBONE, first) or one.share_percent is None:
            continue
        time = cost_here(one.row, BACKBONE, measured, "cpu")
        if time is not None:
            low, high = one.interval_percent or (one.share_percent, one.share_percent)
            found.append(Point(one.row, time, one.share_percent, low, high))
    return found


def of_paper(shares: Mapping[str, float], tables: Sequence[Table], measured: Mapping[Key, Measured]) -> list[Point]:
    """The paper's shares of its top-5 errors over its own times, or over its rates where it prints no time."""
    cells = cells_of_paper(BACKBONE, tables)
    found = []
    for word, share in shares.items():
        time, _ = cost_in_the_paper(word, BACKBONE, "cpu", cells, measured)
        if time is not None:
            found.append(Point(word, time, share, share, share))
    return found


def front(points: Sequence[Point]) -> list[Point]:
    """The points than which no other is as fast and wins back as much, the fastest first."""
    found: list[Point] = []
    for one in sorted(points, key=lambda point: (point.time, -point.share)):
        if not found or one.share > found[-1].share:
            found.append(one)
    return found


@style.settings()
def draw(paper: Sequence[Point], found: Sequence[Point], metric: str, errors_are_of: str) -> Figure:
    """Both kinds of points with their fronts and names; `errors_are_of` says of what images and networks."""
    figure = style.new(style.PAGE_WIDTH, 5.0)
    axes = figure.subplots()
    for points, look in ((paper, "none"), (found, "full")):
        steps = front(points)
        axes.plot(
            [one.time for one in steps], [one.share for one in steps], "--" if look == "none" else "-",
            color="0.6", linewidth=0.8, drawstyle="steps-post", zorder=1,
        )  # fmt: skip
        for one in points:
            colour, row = style.colour(one.method), METHODS[one.method]
            if one.high > one.low:
                axes.plot(
                    [one.time] * 2, [max(one.low, BOTTOM), min(one.high, TOP)], color=(colour, 0.35), linewidth=0.9
                )
            axes.plot(
                one.time, one.share, row.marker, color=colour, fillstyle=look,
                markersize=style.marker_size(one.method, 6), zorder=3,
            )  # fmt: skip
    if not (paper or found):
        style.says(axes, "no shares")
    axes.set_xlim(0, 108)
    axes.set_ylim(BOTTOM, TOP)
    axes.set_xlabel(
        f"CPU time of one image at full size (224 pixels, 1,000 classes), % of {label(FULL, BACKBONE)}'s\n"
        f"{errors_are_of};\nthe paper's are of ImageNet at 224 pixels"
    )
    axes.set_ylabel("share of the resolution loss won back, %")
    axes.grid()
    grey = style.COLOURS["grey"]
    shown = metric.replace("top", "top-")
    handles = [
        Line2D([], [], color=grey, marker="o", linestyle="", label=f"here, {shown} errors, 95 % interval"),
        Line2D([], [], color=grey, marker="o", fillstyle="none", linestyle="", label="the paper, top-5 errors"),
        Line2D([], [], color="0.6", linewidth=0.8, label="front here"),
        Line2D([], [], color="0.6", linewidth=0.8, linestyle="--", label="the paper's"),
    ]
    figure.legend(handles=handles, loc="outside upper left", ncols=4, columnspacing=1.2)
    figure.draw_without_rendering()
    labels.put(axes, _names(paper, found))
    return figure


def _names(paper: Sequence[Point], found: Sequence[Point]) -> list[labels.Named]:
    """A name at every point, the paper's with whose they are; full and half have one for both."""
    there = {one.method for one in found}

    def name(one: Point, whose: str) -> str:
        shared = one.method in (FULL, HALF)
        if whose and shared:
            return "" if one.method in there else label(one.method, BACKBONE)
        return f"{label(one.method, BACKBONE)}{whose}"

    return [
        labels.Named(
            one.time,
            one.share,
            name(one, whose),
            style.colour(one.method),
            "bold" if one.method == "wae_cnn" else "normal",
        )
        for points, whose in ((paper, ", paper"), (found, ""))
        for one in points
    ]
