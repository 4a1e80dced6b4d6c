"""Names beside the points of axes, none over another or over a point."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import hypot

from matplotlib import patheffects
from matplotlib.axes import Axes
from matplotlib.text import Annotation
from matplotlib.transforms import Bbox

from study.figures import style

STEP = 5.0  # points, between tries
FARTHEST = 60.0
CLEAR = 5.0  # points around a marker that stay free


@dataclass(frozen=True)
class Named:
    """A point in the units of its axes, with the name that belongs to it; one without a name is only kept free."""

    across: float
    up: float
    name: str
    colour: str
    weight: str = "normal"


def put(axes: Axes, points: Sequence[Named], size: float = style.SMALL) -> list[Annotation]:
    """Write every name as near to its point as there is room, with a thin line to it where that is not beside it.

    The figure's layout has to be settled: what is free is found out in its pixels.
    """
    figure = axes.get_figure(root=True)
    assert figure is not None
    pixel = figure.dpi / 72  # of a point
    places = [tuple(axes.transData.transform((one.across, one.up))) for one in points]
    taken = [
        Bbox.from_bounds(x - CLEAR * pixel, y - CLEAR * pixel, 2 * CLEAR * pixel, 2 * CLEAR * pixel) for x, y in places
    ]
    inside = axes.get_window_extent()
    written = []
    # Points with neighbours nearby choose first: they have the least room.
    named = [at for at, one in enumerate(points) if one.name]
    order = sorted(named, key=lambda at: _crowd(places, at), reverse=True)
    for at in order:
        one = points[at]
        label = axes.annotate(
            one.name, (one.across, one.up), xytext=(0, 0), textcoords="offset points", fontsize=size,
            color=one.colour, weight=one.weight, ha="left", va="center", annotation_clip=False,
        )  # fmt: skip
        label.set_in_layout(False)
        label.set_path_effects([patheffects.withStroke(linewidth=2, foreground="white")])  # read over a line too
        box = label.get_window_extent()
        best, least = (CLEAR + 1, 0.0), float("inf")
        for right, up in _offsets(box.width / pixel):
            tried = box.translated(right * pixel, up * pixel)
            cost = sum(_shared(tried, other) for other in taken) + 10 * _outside(tried, inside)
            if cost < least:
                best, least = (right, up), cost
            if cost == 0:
                break
        label.set_position(best)
        if hypot(_gap(best[0], box.width / pixel), best[1]) > 2 * STEP + CLEAR:
            axes.annotate(
                "", (one.across, one.up), xytext=(best[0] if best[0] > 0 else best[0] + box.width / pixel, best[1]),
                textcoords="offset points", annotation_clip=False,
                arrowprops={"arrowstyle": "-", "color": one.colour, "linewidth": 0.4, "shrinkA": 1, "shrinkB": 3},
            ).set_in_layout(False)  # fmt: skip
        taken.append(box.translated(best[0] * pixel, best[1] * pixel))
        written.append(label)
    return written


def _crowd(places: Sequence[tuple[float, ...]], at: int) -> float:
    x, y = places[at]
    return sum(1 / (1 + hypot(x - other[0], y - other[1])) for place, other in enumerate(places) if place != at)


def _gap(right: float, width: float) -> float:
    """How far the nearer end of a label lies to the side of its point."""
    return right if right > 0 else min(0.0, right + width)


def _offsets(width: float) -> Iterator[tuple[float, float]]:
    """Where a label may start, in points from its point, the nearest first: right, left, and then around."""
    rings = int(FARTHEST / STEP)
    tries = []
    for ring in range(rings):
        for rise in range(-rings, rings + 1):
            away = CLEAR + 1 + ring * STEP
            tries += [(away, rise * STEP), (-away - width, rise * STEP)]
    tries.sort(key=lambda one: (hypot(_gap(one[0], width), 1.5 * one[1]), one[0] < 0, one[1]))
    yield from tries


def _shared(one: Bbox, other: Bbox) -> float:
    """The area that two boxes share."""
    across = min(one.x1, other.x1) - max(one.x0, other.x0)
    up = min(one.y1, other.y1) - max(one.y0, other.y0)
    return across * up if across > 0 and up > 0 else 0.0


def _outside(one: Bbox, inside: Bbox) -> float:
    return float(one.width * one.height) - _shared(one, inside)
