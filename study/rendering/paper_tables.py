"""The paper's tables: printed and measured, row by row and cell by cell."""

from collections.abc import Mapping
from dataclasses import replace

from study.judging.measured import SEEDS_AND_UNITS
from study.judging.number import LACKING, number
from study.judging.tables import Compared, ComparedTable
from study.judging.verdict import MISSING, NOT_COMPARABLE
from study.rendering.cells import between, remarks, signed
from study.rendering.table import Page, Table, folded, left, right, table

QUANTITIES = {
    "top1_error_percent": "top-1 error, %",
    "top5_error_percent": "top-5 error, %",
    "accuracy_percent": "accuracy, %",
    "cpu_ms": "CPU, ms",
    "cpu_speedup": "CPU speed-up",
    "gpu_ms": "GPU, ms",
    "gpu_speedup": "GPU speed-up",
    "flops_billion": "multiply-adds, billion",
}
STATUSES = {
    "printed": "printed",
    "derived": "derived from printed numbers",
    "lost": "lost in the text copy",
    "dash": "a dash in the paper",
    "contradicts": "printed, contradicted elsewhere",
}
NOT_MEASURED = "not measured"
INTERVALS = "Intervals are 95 %."


def measured_text(cell: Compared | None) -> str:
    """The measured number of a cell, or why there is none; a dash for a cell that the table has not."""
    if cell is None:
        return LACKING
    if cell.measured is not None:
        return number(cell.measured)
    return NOT_MEASURED if cell.verdict == MISSING else cell.verdict


def with_interval(cell: Compared | None) -> str:
    """The measured number of a cell with its interval over seeds and units, where it has one."""
    interval = cell.intervals.get(SEEDS_AND_UNITS) if cell else None
    return f"{measured_text(cell)} ({between(interval)})" if interval else measured_text(cell)


def printed_text(cell: Compared | None) -> str:
    """The paper's number of a cell, marked where it is not printed but follows from numbers that are."""
    if cell is None or not cell.paper:
        return LACKING
    return f"{cell.paper} (derived)" if cell.paper_status == "derived" else cell.paper


def row_by_row(stored: ComparedTable) -> Table:
    """A row a network: for each quantity the measured number, and the paper's in brackets."""
    rows = dict.fromkeys((cell.row, cell.label, cell.condition) for cell in stored.cells)
    quantities = list(dict.fromkeys(cell.quantity for cell in stored.cells))
    by_place = {(cell.row, cell.condition, cell.quantity): cell for cell in stored.cells}
    found = []
    for row, name, condition in rows:
        texts = [" ".join(part for part in (name, condition) if part)]
        for quantity in quantities:
            cell = by_place.get((row, condition, quantity))
            printed = f" ({cell.paper})" if cell and cell.paper else ""
            texts.append(f"{measured_text(cell)}{printed}" if cell else "")
        texts.append(
            remarks(
                mark for cell in stored.cells if (cell.row, cell.condition) == (row, condition) for mark in cell.marks
            )
        )
        found.append(texts)
    whole = table(
        [*left("network"), *right(*(QUANTITIES[name] for name in quantities)), *left("remarks")],
        found,
        f"Table {stored.table}: {stored.title}",
        ["Measured, and the paper's number in brackets."],
    )
    return folded(whole, (NOT_MEASURED, ""))


def cell_by_cell(stored: ComparedTable, title: str = "Cell by cell") -> Table:
    """A row a cell, with intervals, verdict and what the verdict rests on."""
    columns = [
        *left("network"),
        *left("row in the paper", detail=True),
        *left("quantity"),
        *right("paper"),
        *left("that number is", detail=True),
        *right("measured"),
        *left("interval"),
        *right("difference", detail=True),
        *left("verdict"),
        *left("remarks"),
        *left("measured on, or why not", detail=True),
    ]
    rows = [
        [
            " ".join(part for part in (cell.label, cell.condition) if part),
            cell.row,
            QUANTITIES[cell.quantity],
            printed_text(cell),
            STATUSES[cell.paper_status.partition(":")[0]],
            measured_text(cell),
            "; ".join(f"{name} {between(ends)}" for name, ends in sorted(cell.intervals.items())),
            signed(cell.difference),
            cell.verdict,
            remarks(cell.marks),
            cell.reason or cell.basis or "",
        ]
        for cell in stored.cells
    ]
    reasons = dict.fromkeys(cell.reason for cell in stored.cells if cell.verdict == NOT_COMPARABLE)
    behind = [f"Not comparable means: {'; '.join(reasons)}."] if reasons else []
    return folded(table(columns, rows, title, [INTERVALS], behind), ())


def page(stored: ComparedTable, scale: str) -> Page:
    """One of the paper's tables: row by row, then cell by cell."""
    rows = row_by_row(stored)
    return Page(f"{rows.title} (scale {scale})", (replace(rows, title=""), cell_by_cell(stored)))


def answer(tables: Mapping[int, ComparedTable]) -> Table:
    """Each network of Tables 1 and 2, which have every row of VGG16 on objects, on one line: paper and measured."""
    cells: dict[str, dict[str, Compared]] = {}
    for number_of_table in (1, 2):
        for cell in tables[number_of_table].cells:
            cells.setdefault(cell.label, {}).setdefault(cell.quantity, cell)
    rows = []
    for name, found in cells.items():
        top1, top5, adds, speedup = (
            found.get(key) for key in ("top1_error_percent", "top5_error_percent", "flops_billion", "cpu_speedup")
        )
        row = [name, printed_text(top5), with_interval(top5), with_interval(top1)]
        costs = [text(cell) for cell in (speedup, adds) for text in (printed_text, measured_text)]
        rows.append([*row, *costs, remarks(top1.marks if top1 else ())])
    columns = [
        *left("network"),
        *right("top-5 error, paper", "top-5 error, here", "top-1 error, here"),
        *right("CPU speed-up, paper", "CPU speed-up, here", "multiply-adds, paper", "multiply-adds, here"),
        *left("remarks"),
    ]
    return table(columns, rows, "VGG16 on objects: errors in percent, multiply-adds in billions at full size")
