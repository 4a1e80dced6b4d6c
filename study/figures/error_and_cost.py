"""Error against time and against multiply-adds: every network at the chosen scale, the paper's points above them."""

from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from study.figures import style
from study.judging.measured import HEADLINE_NEEDS_CLASSES, Key, Measured
from study.judging.pruning import baselines
from study.paper.tables import Table

DATASET, REFERENCE = "objects", "full"
TOP1, TOP5 = "top1_error_percent", "top5_error_percent"
# Colours by family; markers tell the methods of one apart.
FULL, DECOMPOSED, OURS, TAYLOR, THINET = style.BLACK, style.BLUE, style.RED, style.GREEN, style.PINK


@dataclass(frozen=True)
class Look:
    """How a method is drawn; a hollow marker is the same network trained without pruning, for as long."""

    label: str
    colour: str
    marker: str
    hollow: bool = False


LOOKS = {
    "full": Look("full network", FULL, "o"),
    "full_thinet_tiny_budget": Look("full network, trained on", FULL, "o", True),
    "half": Look("half resolution", FULL, "s"),
    "half_narrow_heads": Look("half resolution, narrow head", FULL, "D"),
    "wavelet_cnn": Look("Wavelet+CNN", DECOMPOSED, "^"),
    "decomposition_cnn": Look("Decomposition+CNN", DECOMPOSED, "v"),
    "wae_cnn": Look("wae_cnn", OURS, "*"),
    "taylor_1": Look("Taylor-1", TAYLOR, "P"),
    "taylor_1_same_budget": Look("Taylor-1, from scratch", TAYLOR, "P", True),
    "taylor_2": Look("Taylor-2", TAYLOR, "X"),
    "taylor_2_same_budget": Look("Taylor-2, from scratch", TAYLOR, "X", True),
    "thinet_tiny": Look("ThiNet-Tiny", THINET, "<"),
    "thinet_tiny_same_budget": Look("ThiNet-Tiny, from scratch", THINET, "<", True),
    "thinet_gap": Look("ThiNet-GAP", THINET, ">"),
    "thinet_gap_same_budget": Look("ThiNet-GAP, from scratch", THINET, ">", True),
    "thinet_30": Look("ThiNet-30", THINET, "d"),
    "thinet_30_same_budget": Look("ThiNet-30, from scratch", THINET, "d", True),
}


@dataclass(frozen=True)
class Point:
    """One network: its cost on the horizontal axis, its error in percent and the ends of its interval."""

    method: str
    cost: float
    error: float
    low: float
    high: float


@dataclass(frozen=True)
class Panel:
    """The points of one pair of axes."""

    title: str
    across: str
    upward: str
    points: list[Point]


def panels(backbone: str, tables: list[Table], measured: dict[Key, Measured], scale: str) -> list[list[Panel]]:
    """A row of panels with the paper's numbers, and one with ours; a column a cost: CPU time, GPU time where it was
    measured here, multiply-adds."""
    costs = ["cpu", "gpu"] if ("", backbone, REFERENCE, "gpu_ms", "") in measured else ["cpu"]
    printed = [
        _panel("The paper, ImageNet", cost, _printed(backbone, tables, measured, cost), "top-5")
        for cost in (*costs, "")
    ]
    here = [
        _panel(f"Here, scale {scale}, 95 % intervals", cost, *_found(backbone, measured, cost)) for cost in (*costs, "")
    ]
    return [printed, here]


def _panel(title: str, cost: str, points: list[Point], error: str) -> Panel:
    across = (
        f"{cost.upper()} time at full size,\n% of the full network's" if cost else "billion multiply-adds\nat full size"
    )
    return Panel(title, across, f"{error} error, %", points)


def _printed(backbone: str, tables: list[Table], measured: dict[Key, Measured], cost: str) -> list[Point]:
    """The paper's errors over its own times, or over its rates where it prints no time. Where it prints no
    multiply-adds, over those of the paper that it quotes, or else over those counted here."""
    quoted = {
        entry["method"]: entry["multiply_adds_billion"]
        for entry in baselines()
        if entry["backbone"] == backbone and "multiply_adds_billion" in entry
    }
    cells: dict[tuple[str, str], float] = {}
    for table in tables:
        if (table.dataset, table.backbone) == (DATASET, backbone):
            for cell in table.cells:
                if cell.value is not None:
                    cells.setdefault((cell.method, cell.quantity), cell.value)
    points = []
    for method in LOOKS:
        error = cells.get((method, TOP5))
        if cost:
            # A few printed rates contradict the times beside them (ledger).
            time, full = (cells.get((word, f"{cost}_ms")) for word in (method, REFERENCE))
            rate = full / time if time and full else cells.get((method, f"{cost}_speedup"))
            place = 100 / rate if rate else None
        else:
            counted = measured.get(("", backbone, method, "flops_billion", ""))
            place = cells.get((method, "flops_billion"), quoted.get(method, counted.value if counted else None))
        if error is not None and place is not None:
            points.append(Point(method, place, error, error, error))
    return points


def _found(backbone: str, measured: dict[Key, Measured], cost: str) -> tuple[list[Point], str]:
    """What was measured here, with 95 % intervals over seeds, or over test images for a single seed; and which error.

    A network that is trained without pruning costs what the one beside it costs.
    """
    reference = measured.get((DATASET, backbone, REFERENCE, TOP1, ""))
    few = reference is not None and (reference.classes or 0) < HEADLINE_NEEDS_CLASSES
    quantity = TOP1 if few else TOP5
    points = []
    for method in LOOKS:
        error = measured.get((DATASET, backbone, method, quantity, ""))
        costed = method.removesuffix("_scratch_longer").removesuffix("_recovered")
        if cost:
            rate = measured.get(("", backbone, costed, f"{cost}_speedup", ""))
            place = 100.0 if costed == REFERENCE else 100 / rate.value if rate else None
        else:
            counted = measured.get(("", backbone, costed, "flops_billion", ""))
            place = counted.value if counted else None
        if error is not None and error.value is not None and place is not None:
            low, high = error.intervals.get("seeds", error.intervals.get("test images", (error.value, error.value)))
            points.append(Point(method, place, error.value, low, high))
    return points, "top-1" if few else "top-5"


@style.settings()
def draw(grid: list[list[Panel]]) -> Figure:
    """The panels and one legend."""
    figure = style.new(style.PAGE_WIDTH, 2.9 * len(grid) + 1.1)
    axes = figure.subplots(len(grid), len(grid[0]), squeeze=False)
    for row, panels_of_row in zip(axes, grid, strict=True):
        for pair, panel in zip(row, panels_of_row, strict=True):
            _draw_panel(pair, panel)
    drawn = {point.method for row in grid for panel in row for point in panel.points}
    figure.legend(
        handles=[_handle(look) for method, look in LOOKS.items() if method in drawn],
        loc="outside lower center",
        ncols=3,
    )
    return figure


def _draw_panel(pair: Axes, panel: Panel) -> None:
    for point in panel.points:
        look = LOOKS[point.method]
        pair.errorbar(
            point.cost,
            point.error,
            yerr=[[max(0.0, point.error - point.low)], [max(0.0, point.high - point.error)]],
            color=look.colour,
            marker=look.marker,
            markerfacecolor="white" if look.hollow else look.colour,
            markersize=9 if look.marker == "*" else 6,
            ecolor=(look.colour, 0.5),
            elinewidth=0.8,
            capsize=2,
        )
    if not panel.points:
        style.says(pair, "no numbers")
    pair.set_title(panel.title)
    pair.set_xlabel(panel.across)
    pair.set_ylabel(panel.upward)
    pair.set_xlim(left=0)
    pair.grid()


def _handle(look: Look) -> Line2D:
    return Line2D(
        [],
        [],
        linestyle="",
        color=look.colour,
        marker=look.marker,
        markerfacecolor="white" if look.hollow else look.colour,
        markersize=9 if look.marker == "*" else 6,
        label=look.label,
    )
