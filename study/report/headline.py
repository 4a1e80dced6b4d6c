"""The few numbers that `dvc metrics` shows, ours and the paper's under the same names."""

from study.report.paper import Table

QUANTITIES = (
    "top1_error_percent",
    "top5_error_percent",
    "accuracy_percent",
    "cpu_speedup",
    "gpu_speedup",
    "flops_billion",
)


def _name(line: dict) -> str:
    # A point in a key would nest it: V=0.01 becomes V=0_01.
    condition = line["condition"].replace(".", "_")
    return f"{line['quantity']}_{condition}" if condition else line["quantity"]


def ours(lines_of: dict[str, list[dict]]) -> dict:
    """table -> method -> quantity -> the measured number; what was not measured is left out."""
    return _nested(lines_of, lambda line: line["measured"])


def the_papers(tables: list[Table]) -> dict:
    """The same shape with the printed numbers."""
    lines = {
        table.slug: [
            {"method": cell.method, "quantity": cell.quantity, "condition": cell.condition, "paper": cell.value}
            for cell in table.cells
        ]
        for table in tables
    }
    return _nested(lines, lambda line: line["paper"])


def _nested(lines_of: dict[str, list[dict]], value_of) -> dict:
    found: dict[str, dict] = {}
    for table, lines in lines_of.items():
        for line in lines:
            value = value_of(line)
            if line["quantity"] in QUANTITIES and value is not None:
                found.setdefault(table, {}).setdefault(line["method"], {})[_name(line)] = round(value, 4)
    return found
