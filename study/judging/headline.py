"""The few numbers that `dvc metrics` shows, ours and the paper's under the same names."""

from study.paper.tables import Table

QUANTITIES = (
    "top1_error_percent",
    "top5_error_percent",
    "accuracy_percent",
    "cpu_speedup",
    "gpu_speedup",
)
METHODS = ("full", "half", "wavelet_cnn", "decomposition_cnn", "wae_cnn")
TABLES = ("table_1", "table_2", "table_5", "table_6")  # the others hold conditions of these, or single channels


def ours(lines_of: dict[str, list[dict]]) -> dict:
    """table -> method -> quantity -> the measured number; what was not measured is left out."""
    return _nested(lines_of, lambda line: line["measured"])


def the_papers(tables: list[Table]) -> dict:
    """The same shape with the printed numbers."""
    lines = {
        table.slug: [{"method": cell.method, "quantity": cell.quantity, "paper": cell.value} for cell in table.cells]
        for table in tables
    }
    return _nested(lines, lambda line: line["paper"])


def _nested(lines_of: dict[str, list[dict]], value_of) -> dict:
    found: dict[str, dict] = {}
    for table in TABLES:
        for line in lines_of.get(table, []):
            value = value_of(line)
            if line["quantity"] in QUANTITIES and line["method"] in METHODS and value is not None:
                found.setdefault(table, {}).setdefault(line["method"], {})[line["quantity"]] = round(value, 4)
    return found
