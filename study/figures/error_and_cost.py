"""Error against time and against multiply-adds: every network at the chosen scale, the paper's points above them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from study.figures import labels, style
from study.judging.measured import Key, Measured
from study.judging.pruning import baselines
from study.paper.tables import Cell, Table
from study.settings.methods import METHODS, evaluated, label

DATASET, REFERENCE = "objects", "full"
TOP1, TOP5 = "top1_error_percent", "top5_error_percent"
SAME_BUDGET = "half-filled: the same layers from scratch, or the full network, with a pruned one's updates"
NOT_PRINTED = "hollow: its cost is not printed, but quoted or counted"


@dataclass(frozen=True)
class Point:
    """One network: its cost on the horizontal axis, its error in percent and the ends of its interval; `exact` is False
    for a point of the paper's panels of which one number does not stand in the paper."""

    method: str
    cost: float
    error: float
    low: float
    high: float
    exact: bool = True


@dataclass(frozen=True)
class Panel:
    """The points of one pair of axes."""

    title: str
    across: str
    upward: str
    points: list[Point]


def drawn(backbone: str) -> list[str]:
    """The rows that are timed on a backbone, and those there that had the number of updates of a pruned one."""
    there = evaluated(DATASET, backbone)
    return [word for word, row in METHODS.items() if backbone in row.timed or (row.budget_of and word in there)]


def costs_like(word: str, backbone: str) -> str | None:
    """The timed row with the same layers: itself, the pruned one whose layers it has, or what it starts from."""
    row = METHODS[word]
    if backbone in row.timed:
        return word
    pruned = (other.word for other in METHODS.values() if other.criterion and row.plan and other.plan == row.plan)
    like = row.plan_of or next((found for found in pruned if found != word), "") or row.starts_from
    return costs_like(like, backbone) if like else None


def panels(backbone: str, tables: Sequence[Table], measured: Mapping[Key, Measured], scale: str) -> list[list[Panel]]:
    """A row of panels with the paper's numbers, and one with this study's; a column a cost: CPU time, GPU time
    where it was measured here, multiply-adds."""
    costs = ["cpu", "gpu"] if ("", backbone, REFERENCE, "gpu_ms", "") in measured else ["cpu"]
    printed = [
        _panel("The paper, ImageNet", backbone, cost, _printed(backbone, tables, measured, cost), "top-5")
        for cost in (*costs, "")
    ]
    here = [
        _panel(f"Here, scale {scale}, 95 % intervals", backbone, cost, *_found(backbone, measured, cost))
        for cost in (*costs, "")
    ]
    return [printed, here]


def _panel(title: str, backbone: str, cost: str, points: list[Point], error: str) -> Panel:
    time = f"{cost.upper()} time at full size,\n% of {label(REFERENCE, backbone)}'s"
    return Panel(title, time if cost else "billion multiply-adds\nat full size", f"{error} error, %", points)


def _printed(backbone: str, tables: Sequence[Table], measured: Mapping[Key, Measured], cost: str) -> list[Point]:
    """The paper's errors over its own times, or over its rates where it prints no time. Where it prints no
    multiply-adds, over those of the paper that it quotes, or else over those counted here."""
    cells = cells_of_paper(backbone, tables)
    points = []
    for method in drawn(backbone):
        error = cells.get((method, TOP5))
        place, printed = cost_in_the_paper(method, backbone, cost, cells, measured)
        if error is not None and error.value is not None and place is not None:
            exact = printed and error.is_printed
            points.append(Point(method, place, error.value, error.value, error.value, exact))
    return points


def cells_of_paper(backbone: str, tables: Sequence[Table]) -> dict[tuple[str, str], Cell]:
    """By row and quantity, the first cell with a number that the paper has for a backbone on objects."""
    cells: dict[tuple[str, str], Cell] = {}
    for table in tables:
        if (table.dataset, table.backbone) == (DATASET, backbone):
            for cell in table.cells:
                if cell.value is not None:
                    cells.setdefault((cell.method, cell.quantity), cell)
    return cells


def cost_in_the_paper(
    method: str,
    backbone: str,
    cost: str,
    cells: Mapping[tuple[str, str], Cell],
    measured: Mapping[Key, Measured],
) -> tuple[float | None, bool]:
    """A network's cost in the unit of its axis, and whether it is printed."""
    if cost:
        # A few printed rates contradict the times beside them (ledger).
        time, full = (cells.get((word, f"{cost}_ms")) for word in (method, REFERENCE))
        if time and full and time.value and full.value:
            return 100 * time.value / full.value, time.is_printed and full.is_printed
        rate = cells.get((method, f"{cost}_speedup"))
        return (100 / rate.value, rate.is_printed) if rate and rate.value else (None, False)
    adds = cells.get((method, "flops_billion"))
    if adds:
        return adds.value, adds.is_printed
    counted = measured.get(("", backbone, method, "flops_billion", ""))
    return _quoted(backbone).get(method, counted.value if counted else None), False


def _quoted(backbone: str) -> dict[str, Any]:
    """Billions of multiply-adds in the papers that errors are quoted from."""
    return {
        entry["method"]: entry["multiply_adds_billion"]
        for entry in baselines()
        if entry["backbone"] == backbone and "multiply_adds_billion" in entry
    }


def _found(backbone: str, measured: Mapping[Key, Measured], cost: str) -> tuple[list[Point], str]:
    """What was measured, with 95 % intervals over seeds and units, and which error it is."""
    reference = measured.get((DATASET, backbone, REFERENCE, TOP1, ""))
    few = reference is None or reference.first
    points = []
    for method in drawn(backbone):
        error = measured.get((DATASET, backbone, method, TOP1 if few else TOP5, ""))
        place = cost_here(method, backbone, measured, cost)
        if error is not None and error.value is not None and place is not None:
            low, high = error.interval or (error.value, error.value)
            points.append(Point(method, place, error.value, low, high))
    return points, "top-1" if few else "top-5"


def cost_here(word: str, backbone: str, measured: Mapping[Key, Measured], cost: str) -> float | None:
    """A network's measured time in percent of the full network's, or its billions of multiply-adds where `cost` is
    empty; None where neither it nor one with its layers was timed or counted."""
    costed = costs_like(word, backbone)
    if costed is None:
        return None
    if not cost:
        counted = measured.get(("", backbone, costed, "flops_billion", ""))
        return counted.value if counted else None
    rate = measured.get(("", backbone, costed, f"{cost}_speedup", ""))
    return 100.0 if costed == REFERENCE else 100 / rate.value if rate and rate.value else None


@style.settings()
def draw(backbone: str, grid: Sequence[Sequence[Panel]], foot: str) -> Figure:
    """The panels, those of a row over one range of errors, with a name at every point; `foot` says of what the errors
    are."""
    figure = style.new(style.PAGE_WIDTH, 3.4 * len(grid) + 0.5)
    axes = figure.subplots(len(grid), len(grid[0]), squeeze=False, sharey="row", sharex="col")
    for row, panels_of_row in zip(axes, grid, strict=True):
        for pair, panel in zip(row, panels_of_row, strict=True):
            _draw_panel(pair, panel)
            pair.tick_params(labelbottom=True, labelleft=True)
    points = [point for row in grid for panel in row for point in panel.points]
    looks: list[tuple[str, dict[str, Any]]] = []
    if any(METHODS[point.method].budget_of for point in points):
        looks.append((SAME_BUDGET, {"fillstyle": "left", "markerfacecoloralt": "white"}))
    if not all(point.exact for point in points):
        looks.append((NOT_PRINTED, {"markerfacecolor": "white"}))
    handles = [
        Line2D([], [], linestyle="", label=text, color=style.COLOURS["grey"], marker="o", markersize=6, **look)
        for text, look in looks
    ]
    figure.legend(handles=handles, loc="outside lower center", title=foot)
    figure.draw_without_rendering()
    for row, panels_of_row in zip(axes, grid, strict=True):
        for pair, panel in zip(row, panels_of_row, strict=True):
            named = [
                labels.Named(
                    one.cost,
                    one.error,
                    # A control stands beside the row whose marker it has half of.
                    "" if METHODS[one.method].budget_of else label(one.method, backbone),
                    style.colour(one.method),
                )
                for one in panel.points
            ]
            labels.put(pair, named)
    return figure


def _look(word: str, exact: bool) -> dict[str, Any]:
    """How a marker is drawn: half of it for a control with the updates of a pruned network, hollow where not exact."""
    colour = style.colour(word)
    return {
        "color": colour,
        "marker": METHODS[word].marker,
        "fillstyle": "left" if METHODS[word].budget_of else "full",
        "markerfacecolor": colour if exact else "white",
        "markerfacecoloralt": "white",
        "markersize": style.marker_size(word, 6),
    }


def _draw_panel(pair: Axes, panel: Panel) -> None:
    for point in panel.points:
        pair.errorbar(
            point.cost,
            point.error,
            yerr=[[max(0.0, point.error - point.low)], [max(0.0, point.high - point.error)]],
            ecolor=(style.colour(point.method), 0.5),
            elinewidth=0.8,
            capsize=2,
            **_look(point.method, point.exact),
        )
    if not panel.points:
        style.says(pair, "no numbers")
    pair.set_title(panel.title)
    pair.set_xlabel(panel.across)
    pair.set_ylabel(panel.upward)
    pair.set_xlim(left=0)
    pair.grid()
