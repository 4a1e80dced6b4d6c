"""The few numbers that `dvc metrics` shows."""

from collections.abc import Iterable

from study.judging.tables import ComparedTable
from study.paper.tables import Table
from study.settings.methods import METHODS

QUANTITIES = (
    "top1_error_percent",
    "top5_error_percent",
    "accuracy_percent",
    "cpu_speedup",
    "gpu_speedup",
)
TABLES = (1, 2, 5, 6)  # the others hold conditions of these, or single channels

# Table -> row that is not pruned -> quantity -> number.
Headline = dict[str, dict[str, dict[str, float]]]


def headline(tables: Iterable[ComparedTable]) -> Headline:
    """What was measured; what was not is left out."""
    return _nested((table.table, cell.method, cell.quantity, cell.measured) for table in tables for cell in table.cells)


def printed(tables: Iterable[Table]) -> Headline:
    """The same shape with the paper's numbers."""
    return _nested((table.number, cell.method, cell.quantity, cell.value) for table in tables for cell in table.cells)


def _nested(cells: Iterable[tuple[int, str, str, float | None]]) -> Headline:
    found: Headline = {}
    for table, method, quantity, value in cells:
        if table in TABLES and quantity in QUANTITIES and not METHODS[method].criterion and value is not None:
            found.setdefault(f"table_{table}", {}).setdefault(method, {})[quantity] = round(value, 4)
    return found
