"""The paper's tables with ours beside them: one source, as JSON, CSV, Markdown and LaTeX."""

import csv
import io
import json

from study.judging.measured import Key, Measured
from study.judging.verdict import MISSING, Verdict, verdict
from study.paper.tables import Cell, Table

NAMES = {
    "top1_error_percent": "top-1 error, %",
    "top5_error_percent": "top-5 error, %",
    "accuracy_percent": "accuracy, %",
    "cpu_ms": "CPU, ms",
    "cpu_speedup": "CPU speed-up",
    "gpu_ms": "GPU, ms",
    "gpu_speedup": "GPU speed-up",
    "flops_billion": "multiply-adds, billion",
}


def look_up(measured: dict[Key, Measured], table: Table, method: str, quantity: str, condition: str) -> Measured | None:
    """The measured number of a cell, on the table's data set or independent of any."""
    for dataset in (table.dataset, ""):
        found = measured.get((dataset, table.backbone, method, quantity, condition))
        if found is not None:
            return found
    return None


def compared(table: Table, measured: dict[Key, Measured]) -> list[dict]:
    """A line for every cell of the paper, and one for the top-1 error wherever the paper prints a top-5 error.

    With few classes the top-1 error is the headline; the paper has no number beside it.
    """
    lines = []
    for cell in table.cells:
        if cell.quantity == "top5_error_percent":
            top1 = look_up(measured, table, cell.method, "top1_error_percent", cell.condition)
            headline = Cell(cell.table, cell.row, cell.method, "top1_error_percent", cell.condition, "", "dash", "")
            lines.append(_line(headline, top1, verdict(headline, top1, "lower")))
        found = look_up(measured, table, cell.method, cell.quantity, cell.condition)
        lines.append(_line(cell, found, verdict(cell, found, table.better[cell.quantity])))
    return lines


def _line(cell: Cell, measured: Measured | None, judged: Verdict) -> dict:
    value = measured.value if measured else None
    comparable = value is not None and cell.value is not None
    return {
        "cell": cell.key,
        "row": cell.row,
        "method": cell.method,
        "quantity": cell.quantity,
        "condition": cell.condition,
        "paper": cell.text or None,
        "paper_status": cell.status,
        "measured": value,
        "difference": value - cell.value if comparable else None,
        "intervals": {name: list(ends) for name, ends in measured.intervals.items()} if measured else {},
        "per_seed": list(measured.per_seed) if measured else [],
        "basis": measured.basis if measured else None,
        "verdict": judged.word,
        "reason": judged.reason,
    }


def as_json(table: Table, lines: list[dict]) -> str:
    """The table with everything known about each cell."""
    described = {"table": table.number, "title": table.title, "dataset": table.dataset, "backbone": table.backbone}
    return json.dumps({**described, "cells": lines}, indent=1, allow_nan=False) + "\n"


def as_csv(lines: list[dict]) -> str:
    """A line a cell; intervals in columns of their own."""
    varied = ("seeds", "test images", "repeats", "repeats (quartiles)")
    text = io.StringIO()
    plain = [key for key in lines[0] if key not in ("intervals", "per_seed")]
    ends = [f"{name} {end}" for name in varied for end in ("low", "high")]
    writer = csv.DictWriter(text, [*plain, *ends], lineterminator="\n")
    writer.writeheader()
    for line in lines:
        intervals = {
            f"{name} {end}": line["intervals"][name][position]
            for name in varied
            if name in line["intervals"]
            for position, end in enumerate(("low", "high"))
        }
        writer.writerow({**{key: line[key] for key in plain}, **intervals})
    return text.getvalue()


NOT_MEASURED = "not measured"


def number(value: float | None) -> str:
    """A number with as many digits as a reader can use."""
    if value is None:
        return "–"
    return f"{value:.0f}" if abs(value) >= 1000 else f"{value:.1f}" if abs(value) >= 100 else f"{value:.2f}"


def shown(line: dict) -> str:
    """The measured number of a line, or why there is none."""
    if line["measured"] is not None:
        return number(line["measured"])
    return NOT_MEASURED if line["verdict"] == MISSING else line["verdict"]


def printed(line: dict) -> str:
    """The paper's number of a line, marked where it does not stand there but follows from numbers that do."""
    if not line["paper"]:
        return "–"
    return f"{line['paper']} (derived)" if line["paper_status"] == "derived" else line["paper"]


def _measured_text(line: dict) -> str:
    if line["measured"] is None:
        return shown(line)
    intervals = ", ".join(
        f"{name} {number(low)} to {number(high)}" for name, (low, high) in sorted(line["intervals"].items())
    )
    return f"{number(line['measured'])} ({intervals})" if intervals else number(line["measured"])


def _row_by_row(lines: list[dict], missing: str) -> list[list[str]]:
    """The heads of the columns, then a row a method: its label and, for each quantity, measured (printed).

    A number that was not measured is `missing`; what has no cell in the paper stays empty.
    """
    rows = list(dict.fromkeys((line["row"], line["condition"]) for line in lines))
    quantities = list(dict.fromkeys(line["quantity"] for line in lines))
    by_place = {(line["row"], line["condition"], line["quantity"]): line for line in lines}
    found = [["", *(NAMES[name] for name in quantities)]]
    for row, condition in rows:
        cells = [" ".join(part for part in (row, condition) if part)]
        for quantity in quantities:
            line = by_place.get((row, condition, quantity))
            if line is None:
                cells.append("")
            else:
                why = missing if line["verdict"] == MISSING else line["verdict"]
                ours = number(line["measured"]) if line["measured"] is not None else why
                cells.append(f"{ours} ({line['paper']})" if line["paper"] else ours)
        found.append(cells)
    return found


def as_latex(table: Table, lines: list[dict]) -> str:
    """Measured numbers with the paper's in brackets, a row a method: a tabular for the package booktabs."""
    special = str.maketrans({character: f"\\{character}" for character in "%_&"})
    rows = _row_by_row(lines, "--")  # an en dash
    head, *body = (" & ".join(cell.translate(special) for cell in row) + r" \\" for row in rows)
    text = [
        f"% Table {table.number}: {table.title}. Measured, and the paper's number in brackets.",
        rf"\begin{{tabular}}{{l{'r' * (len(rows[0]) - 1)}}}",
        r"\toprule",
        head,
        r"\midrule",
        *body,
        r"\bottomrule",
        r"\end{tabular}",
    ]
    return "\n".join(text) + "\n"


def as_markdown(table: Table, lines: list[dict]) -> str:
    """Two views: a row a method with the paper's number in brackets, then cell by cell with intervals and verdicts."""
    head, *rows = _row_by_row(lines, NOT_MEASURED)
    text = [f"# Table {table.number}: {table.title}", "", "Measured, and the paper's number in brackets.", ""]
    text += [f"| {' | '.join(head)} |", "|---|" + "---:|" * (len(head) - 1)]
    text += [f"| {' | '.join(row)} |" for row in rows]
    text += ["", "## Cell by cell", "", "Intervals are 95 %, except those marked quartiles.", ""]
    text += ["| row | quantity | paper | measured | difference | verdict |", "|---|---|---:|---:|---:|---|"]
    for line in lines:
        row = " ".join(part for part in (line["row"], line["condition"]) if part)
        difference = number(line["difference"]) if line["difference"] is None else f"{line['difference']:+.2f}"
        judged = f"{line['verdict']}: {line['reason']}" if line["reason"] else line["verdict"]
        text.append(
            f"| {row} | {NAMES[line['quantity']]} | {printed(line)} | {_measured_text(line)} "
            f"| {difference} | {judged} |"
        )
    return "\n".join(text) + "\n"
