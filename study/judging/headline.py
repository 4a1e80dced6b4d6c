"""The few numbers that `dvc metrics` shows."""

from collections.abc import Iterable

from study.judging.tables import Compared, ComparedTable
from study.settings.methods import METHODS

QUANTITIES = (
    "top1_error_percent",
    "top5_error_percent",
    "accuracy_percent",
    "cpu_speedup",
    "gpu_speedup",
)
TABLES = (1, 2, 5, 6)  # the others hold conditions of these, or single channels

# Table -> row -> quantity -> the measured number.
Headline = dict[str, dict[str, dict[str, float]]]


def cells(table: ComparedTable) -> list[Compared]:
    """The cells of a table that make headlines: those of rows that are not pruned."""
    return [
        cell
        for cell in table.cells
        if table.table in TABLES and cell.quantity in QUANTITIES and not METHODS[cell.method].criterion
    ]


def headline(tables: Iterable[ComparedTable]) -> Headline:
    """What was measured of the rows that are not pruned; what was not measured is left out."""
    found: Headline = {}
    for table in tables:
        for cell in cells(table):
            if cell.measured is not None:
                of_table = found.setdefault(f"table_{table.table}", {})
                of_table.setdefault(cell.method, {})[cell.quantity] = round(cell.measured, 4)
    return found
