"""Accuracy against the variance V of Gaussian noise on the test images: the paper's, and what was measured."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matplotlib.figure import Figure

from study.figures import style
from study.judging.measured import Key, Measured
from study.paper.tables import Table
from study.settings.methods import METHODS, label

DATASET, BACKBONE, QUANTITY = "faces", "vgg16", "accuracy_percent"
TABLE = "table_7"
APART = 0.0008  # of V, between the markers of two methods, so that their intervals do not lie on one another


@dataclass(frozen=True)
class Line:
    """One method: V, accuracy in percent and the ends of its interval, or why there is none."""

    method: str
    points: list[tuple[float, float, float, float]]
    failed: str | None = None


def printed(tables: Sequence[Table]) -> list[Line]:
    """The paper's Table 7."""
    cells = next(table for table in tables if table.slug == TABLE).cells
    lines: dict[str, list[tuple[float, float, float, float]]] = {}
    for cell in cells:
        if cell.value is not None:
            lines.setdefault(cell.method, []).append((_variance(cell.condition), cell.value, cell.value, cell.value))
    return [Line(method, points) for method, points in lines.items()]


def found(measured: Mapping[Key, Measured]) -> list[Line]:
    """What was measured, with 95 % intervals over seeds, or over test images for a single seed."""
    lines = []
    for method in style.main_rows(DATASET, BACKBONE):
        cells = {
            condition: cell
            for (*place, condition), cell in measured.items()
            if place == [DATASET, BACKBONE, method, QUANTITY] and condition
        }
        failed = next((cell.failed for cell in cells.values() if cell.failed), None)
        points = [
            (_variance(condition), cell.value, *(cell.interval or (cell.value, cell.value)))
            for condition, cell in cells.items()
            if cell.value is not None
        ]
        if points or failed:
            lines.append(Line(method, sorted(points), failed))
    return lines


def _variance(condition: str) -> float:
    return float(condition.removeprefix("V="))


@style.settings()
def draw(tables: Sequence[Table], measured: Mapping[Key, Measured], scale: str) -> Figure:
    """The paper's accuracies beside those measured."""
    panels = {
        "The paper, CACD": printed(tables),
        f"Here, scale {scale}, 95 % intervals": found(measured),
    }
    figure = style.new(style.PAGE_WIDTH, 3.0)
    axes = figure.subplots(1, 2, sharex=True, sharey=True)
    handles = {}
    for pair, (title, lines) in zip(axes, panels.items(), strict=True):
        for place, line in enumerate(lines):
            colour, marker = style.colour(line.method), METHODS[line.method].marker
            if line.points:
                shift = (place - (len(lines) - 1) / 2) * APART if title.startswith("Here") else 0
                variances, values, low, high = zip(*line.points, strict=True)
                spread = [
                    [max(0.0, value - end) for value, end in zip(values, low, strict=True)],
                    [max(0.0, end - value) for value, end in zip(values, high, strict=True)],
                ]
                handles[line.method] = pair.errorbar(
                    [variance + shift for variance in variances],
                    values,
                    yerr=spread,
                    label=label(line.method, BACKBONE),
                    color=colour,
                    marker=marker,
                    markersize=style.marker_size(line.method, 4),
                    ecolor=(colour, 0.5),
                    elinewidth=0.8,
                    capsize=1.5,
                    linewidth=1,
                )
        failed = [f"{label(line.method, BACKBONE)} failed: {line.failed}" for line in lines if line.failed]
        if failed or not lines:
            style.says(pair, "\n".join(failed) or "no numbers")
        pair.set_title(title)
        pair.set_xlabel("variance V of the noise, pixels in [0, 1]")
        pair.grid()
    axes[0].set_ylabel("top-1 accuracy, %")
    axes[0].set_ylim(0, 100)
    figure.legend(
        handles=[handles[method] for method in style.main_rows(DATASET, BACKBONE) if method in handles],
        loc="outside lower center",
        ncols=3,
    )
    return figure
