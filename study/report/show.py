"""Print a table, the claims or the controls in the terminal: python -m study.report.show table_1"""

import argparse
import sys
import textwrap

from study import config, paths
from study.errors import StudyError
from study.report.controls import NAMES as NAMES_OF_ROWS
from study.report.tables import NAMES, number, printed, shown

NUMBERS_WIDTH = 100  # characters of a claim's numbers; claims.md has them all


def aligned(rows: list[list[str]], left: int = 1) -> str:
    """Rows of text as columns of equal width, the first `left` to the left, the others right, a rule under row 1."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [
        "  ".join(
            text.ljust(width) if column < left else text.rjust(width)
            for column, (text, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
    return "\n".join([lines[0], "  ".join("-" * width for width in widths), *lines[1:]])


def in_the_terminal(table: dict, scale: str) -> str:
    """A stored table (results/<scale>/tables/*.json): each cell measured and printed, with its verdict."""
    rows = [["row", "quantity", "paper", "measured", "interval", "verdict"]]
    for line in table["cells"]:
        intervals = "; ".join(
            f"{name} {number(low)} to {number(high)}" for name, (low, high) in sorted(line["intervals"].items())
        )
        rows.append(
            [
                " ".join(part for part in (line["row"], line["condition"]) if part),
                NAMES[line["quantity"]],
                printed(line),
                shown(line),
                intervals,
                line["verdict"],
            ]
        )
    reasons = dict.fromkeys(line["reason"] for line in table["cells"] if line["verdict"] == "not comparable")
    text = [f"Table {table['table']} at scale {scale}: {table['title']}", "", aligned(rows)]
    text += ["", "Intervals are 95 %, except those marked quartiles."]
    if reasons:
        text += ["Not comparable means: " + "; ".join(reasons) + "."]
    return "\n".join(text)


def claims_in_the_terminal(stored: dict) -> str:
    """The stored claims (results/<scale>/claims.json): what each comes to on the paper's numbers and here, and why."""
    rows = [["claim", "paper", "here", "numbers here"]]
    for claim in stored["claims"]:
        here = claim["here"]
        numbers = textwrap.shorten("; ".join(here["numbers"]), NUMBERS_WIDTH, placeholder=" ...")
        rows.append([claim["id"], claim["on_the_papers_numbers"]["outcome"], here["outcome"], numbers])
    return f"Claims at scale {stored['scale']}\n\n{aligned(rows, left=4)}\n\n{stored['summary']}"


def controls_in_the_terminal(stored: dict) -> str:
    """The stored controls (results/<scale>/controls.json): two rows and their difference on a line."""
    rows = [["data", "network", "row", "compared with", "error, %", "its error, %", "difference", "the row's error is"]]
    for line in stored["comparisons"]:
        difference = number(None)
        if line["interval"]:
            low, high = line["interval"]
            difference = f"{line['difference']:+.2f} ({low:+.2f} to {high:+.2f})"
        rows.append(
            [
                line["dataset"],
                line["backbone"],
                NAMES_OF_ROWS[line["row"]],
                NAMES_OF_ROWS[line["against"]],
                number(line["row_error_percent"]),
                number(line["against_error_percent"]),
                difference,
                line["outcome"],
            ]
        )
    return f"Controls at scale {stored['scale']}, top-1 errors\n\n{aligned(rows, left=4)}"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m study.report.show", description=__doc__)
    parser.add_argument("name", help="table_1 to table_7, claims or controls")
    name = parser.parse_args().name
    try:
        scale = config.read().scale
    except StudyError as error:
        sys.exit(f"error: {error}")
    results = paths.results(scale)
    apart = {"claims": claims_in_the_terminal, "controls": controls_in_the_terminal}
    file = results / f"{name}.json" if name in apart else results / "tables" / f"{name}.json"
    if not file.exists():
        known = ", ".join(sorted(path.stem for path in (results / "tables").glob("*.json"))) or "none; run: make repro"
        sys.exit(f"error: no {file}; there are: {known}")
    stored = paths.read_json(file)
    text = apart[name](stored) if name in apart else in_the_terminal(stored, scale)
    print(f"\n{text}\n\nMore: {file.with_suffix('.md')}")


if __name__ == "__main__":
    main()
