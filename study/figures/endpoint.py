"""The primary endpoint: the share of the resolution loss that every row wins back, beside the paper's."""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from study.figures import style
from study.judging.endpoint import Endpoint
from study.settings.methods import BACKBONES, METHODS
from study.settings.protocol import protocol

LEFT, RIGHT = -160, 220  # percent: intervals that go on beyond are cut, with an arrow
ROW = 0.23  # inches


@style.settings()
def draw(rows: Sequence[Endpoint], scale: str) -> Figure:
    """A panel for every data set and backbone that has a share, a column an error, a line a row."""
    places = dict.fromkeys((one.dataset, one.backbone) for one in rows if one.share_percent is not None)
    metrics = list(dict.fromkeys(one.metric for one in rows)) or ["top1"]
    lines = {place: _lines(rows, *place) for place in places} or {("", ""): dict[str, str]()}
    figure = style.new(style.PAGE_WIDTH, 1.3 + sum(0.6 + ROW * len(its) for its in lines.values()))
    axes = figure.subplots(
        len(lines),
        len(metrics),
        squeeze=False,
        sharex=True,
        sharey="row",
        height_ratios=[0.6 + ROW * len(its) for its in lines.values()],
    )
    for across, (place, order) in zip(axes, lines.items(), strict=True):
        for pair, metric in zip(across, metrics, strict=True):
            found = [one for one in rows if (one.dataset, one.backbone) == place and one.metric == metric]
            _panel(pair, order, {one.row: one for one in found})
            where = f"{place[0]}, {BACKBONES[place[1]].label}, " if found else ""
            pair.set_title(f"{where}{metric.replace('top', 'top-')} errors")
    for pair in axes[-1]:
        pair.set_xlabel(f"share won back, %, scale {scale}")
    handles = [
        Line2D([], [], color=style.COLOURS["grey"], marker="o", linewidth=0.9, label="mean, 95 % interval (Fieller)"),
        Line2D([], [], color=style.COLOURS["grey"], marker="|", linestyle="", label="a seed"),
        Line2D(
            [], [], color=style.COLOURS["black"], marker="D", fillstyle="none", linestyle="", label="the paper, top-5"
        ),
    ]
    figure.legend(handles=handles, loc="outside lower center", ncols=3)
    return figure


def _lines(rows: Sequence[Endpoint], dataset: str, backbone: str) -> dict[str, str]:
    """The rows of a panel by word, with their labels, from the lowest line up."""
    found = {one.row: one.label for one in rows if (one.dataset, one.backbone) == (dataset, backbone)}
    return dict(reversed(found.items()))


def _panel(pair: Axes, order: dict[str, str], found: dict[str, Endpoint]) -> None:
    wanted = 100 * protocol().margins.nearly_the_same_error.share
    for at, width in ((0, 0.8), (100, 0.8), (wanted, 0.6)):
        pair.axvline(at, color="0.7", linewidth=width, linestyle="-" if at != wanted else ":", zorder=0)
    for height, row in enumerate(order):
        if row in found:
            _row(pair, height, found[row])
    if not found:
        style.says(pair, "no shares")
    pair.set_yticks(range(len(order)), [f"{name}{_sign(found.get(row))}" for row, name in order.items()])
    pair.set_ylim(-0.7, len(order) - 0.3)
    pair.set_xlim(LEFT, RIGHT)


def _sign(one: Endpoint | None) -> str:
    """Behind the name of a row of whose training, or of those that it is compared with, something has to be said."""
    return " *" if one is not None and one.marks else ""


def _row(pair: Axes, height: int, one: Endpoint) -> None:
    colour = style.colour(one.row)
    if one.paper_share_percent is not None:
        pair.plot(one.paper_share_percent, height, "D", color="black", fillstyle="none", markersize=5, zorder=3)
    if one.share_percent is None:
        pair.text(LEFT, height, f" {one.reason}"[:48], fontsize=style.SMALL, va="center", clip_on=True)
        return
    if one.interval_percent:
        low, high = one.interval_percent
        pair.plot([max(low, LEFT), min(high, RIGHT)], [height, height], color=colour, linewidth=0.9)
        for end, arrow in ((low, "<"), (high, ">")):
            if not LEFT <= end <= RIGHT:
                pair.plot(min(max(end, LEFT), RIGHT), height, arrow, color=colour, markersize=4, clip_on=False)
    seeds = [share for share in one.per_seed_percent if share is not None and LEFT <= share <= RIGHT]
    pair.plot(seeds, [height] * len(seeds), "|", color=colour, markersize=6, alpha=0.7)
    if LEFT <= one.share_percent <= RIGHT:
        marker = METHODS[one.row].marker
        pair.plot(one.share_percent, height, marker, color=colour, markersize=style.marker_size(one.row, 5))
