"""The paper's tables with what was measured beside each of their cells."""

from collections.abc import Mapping
from dataclasses import dataclass

from study.judging.measured import Interval, Key, Measured
from study.judging.verdict import Verdict, verdict
from study.paper.tables import Cell, Table
from study.settings.methods import label


@dataclass(frozen=True)
class Compared:
    """One cell, printed and measured.

    `row` is the paper's word for the network and `label` ours; `paper` is the text that is printed, None where there is
    none; `difference` is measured minus printed, in the quantity's unit; `intervals` are 95 %, by what they vary;
    `per_seed` are the measured values seed by seed; `basis` is what was measured on; `marks` are what has to be said of
    the training behind it.
    """

    cell: str
    row: str
    method: str
    label: str
    quantity: str
    condition: str
    paper: str | None
    paper_status: str
    measured: float | None
    difference: float | None
    intervals: dict[str, Interval]
    per_seed: tuple[float, ...]
    basis: str | None
    verdict: str
    reason: str
    marks: tuple[str, ...] = ()


@dataclass(frozen=True)
class ComparedTable:
    """One table of the paper with its compared cells, in printed order."""

    table: int
    title: str
    dataset: str
    backbone: str
    cells: tuple[Compared, ...]


def look_up(
    measured: Mapping[Key, Measured], table: Table, method: str, quantity: str, condition: str
) -> Measured | None:
    """The measured number of a cell, on the table's data set or independent of any."""
    for dataset in (table.dataset, ""):
        found = measured.get((dataset, table.backbone, method, quantity, condition))
        if found is not None:
            return found
    return None


def compared(table: Table, measured: Mapping[Key, Measured]) -> ComparedTable:
    """Every cell of a table, and the top-1 error, for which the paper has no number, before each top-5 error."""
    cells = []
    for cell in table.cells:
        if cell.quantity == "top5_error_percent":
            top1 = look_up(measured, table, cell.method, "top1_error_percent", cell.condition)
            unprinted = Cell(cell.table, cell.row, cell.method, "top1_error_percent", cell.condition, "", "dash", "")
            cells.append(_compared(table, unprinted, top1, verdict(unprinted, top1, "lower")))
        found = look_up(measured, table, cell.method, cell.quantity, cell.condition)
        cells.append(_compared(table, cell, found, verdict(cell, found, table.better[cell.quantity])))
    return ComparedTable(table.number, table.title, table.dataset, table.backbone, tuple(cells))


def _compared(table: Table, cell: Cell, measured: Measured | None, judged: Verdict) -> Compared:
    value = measured.value if measured else None
    return Compared(
        cell=cell.key,
        row=cell.row,
        method=cell.method,
        label=label(cell.method, table.backbone),
        quantity=cell.quantity,
        condition=cell.condition,
        paper=cell.text or None,
        paper_status=cell.status,
        measured=value,
        difference=value - cell.value if value is not None and cell.value is not None else None,
        intervals=measured.intervals if measured else {},
        per_seed=measured.per_seed if measured else (),
        basis=measured.basis if measured else None,
        verdict=judged.word,
        reason=judged.reason,
        marks=measured.marks if measured else (),
    )
