"""Stored results (results/<scale>/*.json) as sections to print: the numbers of the Markdown beside them."""

from study.judging.controls import NAMES as NAMES_OF_ROWS
from study.judging.pruning import Drop
from study.judging.pruning import rows as pruning_rows
from study.judging.tables import NAMES, number, printed, shown
from study.rendering.section import Section

INTERVALS = "Intervals are 95 %, except those marked quartiles."


def table(stored: dict, scale: str) -> Section:
    """One of the paper's tables (tables/table_*.json): each cell printed and measured, with its verdict."""
    rows = [["row", "quantity", "paper", "measured", "interval", "verdict"]]
    for line in stored["cells"]:
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
    reasons = dict.fromkeys(line["reason"] for line in stored["cells"] if line["verdict"] == "not comparable")
    behind = [INTERVALS, *([f"Not comparable means: {'; '.join(reasons)}."] if reasons else [])]
    return Section(f"Table {stored['table']} at scale {scale}: {stored['title']}", rows, behind=behind)


def claims(stored: dict) -> Section:
    """The paper's claims (claims.json): what each comes to on the paper's numbers and here, and by which numbers."""
    rows = [["claim", "paper", "here", "numbers here"]]
    for claim in stored["claims"]:
        here = claim["here"]
        rows.append(
            [claim["id"], claim["on_the_papers_numbers"]["outcome"], here["outcome"], "; ".join(here["numbers"])]
        )
    return Section(f"Claims at scale {stored['scale']}", rows, behind=[stored["summary"]], left=4)


def controls(stored: dict) -> Section:
    """The controls (controls.json): two rows and their difference on a line."""
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
    return Section(f"Controls at scale {stored['scale']}, top-1 errors", rows, behind=[INTERVALS], left=4)


def pruning(stored: dict) -> Section:
    """The pruned networks (pruning.json): quoted drops beside measured ones."""
    behind = [
        "Quoted numbers are top-5 errors on ImageNet. Drops and gains have the 95 % intervals of paired differences."
    ]
    found = [Drop(**row) for row in stored["rows"]]
    return Section(f"Pruning at scale {stored['scale']}, errors in percent", pruning_rows(found), behind=behind, left=2)
