"""The share of the resolution loss that the core rows win back, under one condition of the recipe after another."""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from study.figures import style
from study.figures.endpoint import LEFT, RIGHT, ROW
from study.judging.endpoint import Endpoint
from study.judging.robustness import Under
from study.settings.methods import METHODS, label
from study.settings.protocol import protocol

SHOWN = "wae_cnn"  # with its interval; the others are markers


@style.settings()
def draw(found: Sequence[Under], scale: str) -> Figure:
    """A column an error, a line a condition."""
    metrics = list(dict.fromkeys(one.metric for under in found for one in under.endpoints)) or ["top1"]
    rows = list(dict.fromkeys(one.row for under in found for one in under.endpoints))
    figure = style.new(style.PAGE_WIDTH, 1.9 + ROW * max(len(found), 1))
    axes = figure.subplots(1, len(metrics), squeeze=False, sharex=True, sharey=True)[0]
    for pair, metric in zip(axes, metrics, strict=True):
        _panel(pair, found, metric)
        pair.set_title(f"{metric.replace('top', 'top-')} errors")
        pair.set_xlabel(f"share won back, %, scale {scale}")
    handles = [
        Line2D([], [], color=style.colour(row), marker=METHODS[row].marker, linestyle="", label=label(row, "vgg16"))
        for row in rows
    ]
    figure.legend(handles=handles, loc="outside lower center", ncols=3)
    return figure


def _panel(pair: Axes, found: Sequence[Under], metric: str) -> None:
    wanted = 100 * protocol().margins.nearly_the_same_error.share
    for at, line in ((0, "-"), (100, "-"), (wanted, ":")):
        pair.axvline(at, color="0.7", linewidth=0.8, linestyle=line, zorder=0)
    names = []
    # The first condition is the highest line.
    for height, under in enumerate(reversed(found)):
        names.append(under.condition)
        for one in under.endpoints:
            if one.metric == metric:
                _mark(pair, height, one)
    if not found:
        style.says(pair, "no condition was run")
    pair.set_yticks(range(len(names)), names)
    pair.set_ylim(-0.7, len(names) - 0.3)
    pair.set_xlim(LEFT, RIGHT)


def _mark(pair: Axes, height: int, one: Endpoint) -> None:
    if one.share_percent is None or not LEFT <= one.share_percent <= RIGHT:
        return
    shown = one.row == SHOWN
    if shown and one.interval_percent:
        low, high = one.interval_percent
        pair.plot([max(low, LEFT), min(high, RIGHT)], [height, height], color=style.colour(one.row), linewidth=0.9)
    size = style.marker_size(one.row, 5 if shown else 4)
    colour = style.colour(one.row)
    marker = METHODS[one.row].marker
    pair.plot(one.share_percent, height, marker, color=colour, markersize=size, alpha=1 if shown else 0.6)
