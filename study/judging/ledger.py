"""The ledger: where the paper's numbers contradict each other, where they agree, and what chance could make of them."""

from pathlib import Path

from ruamel.yaml import YAML

from study.judging.tables import number
from study.settings import paths

TOLD_APART = 1.96  # two-sided 5 % of a standard normal


def read(folder: Path = paths.PAPER_TABLES) -> dict[str, list[dict]]:
    """The entries as paper_tables/ holds them, by section."""
    return YAML(typ="safe", pure=True).load((folder / "ledger.yaml").read_text(encoding="utf-8"))


def as_markdown(ledger: dict[str, list[dict]], lines: list[dict]) -> str:
    """Every entry with its arithmetic and its cells; `lines` are those of all tables (study.judging.tables.compared).

    Raises KeyError for a cell that no line has.
    """
    line_of = {line["cell"]: line for line in lines}
    of_numbers = [entry for entry in ledger["contradictions"] if entry["kind"] == "number"]
    of_wording = [entry for entry in ledger["contradictions"] if entry["kind"] == "wording"]
    text = ["# Ledger of the paper's numbers", ""]
    for title, entries in (
        ("Numbers that contradict each other", of_numbers),
        ("Sentences that the numbers contradict", of_wording),
        ("Checked and found to agree", ledger["consistent"]),
    ):
        text += [f"## {title}", ""]
        for entry in entries:
            text += _entry(entry, line_of)
    return "\n".join([*text, *_detectability(ledger["detectability"], line_of)]) + "\n"


def _entry(entry: dict, line_of: dict[str, dict]) -> list[str]:
    text = [f"### {entry['title']}", "", f"`{entry['id']}`. {entry['explanation']}", ""]
    text += ["| arithmetic | gives | printed | where |", "|---|---:|---:|---|"]
    text += [
        f"| `{row['expression']}` | {row['gives']} | {row['printed'] or '–'} | {row['where']} |"
        for row in entry["arithmetic"]
    ]
    text.append("")
    if not entry["cells"]:
        return text
    text += ["| cell | paper | measured | verdict |", "|---|---:|---:|---|"]
    text += [_cell(line_of[key]) for key in entry["cells"]]
    return [*text, ""]


def _cell(line: dict) -> str:
    judged = f"{line['verdict']}: {line['reason']}" if line["reason"] else line["verdict"]
    return f"| {line['cell']} | {line['paper'] or '–'} | {number(line['measured'])} | {judged} |"


def _detectability(pairs: list[dict], line_of: dict[str, dict]) -> list[str]:
    text = [
        "## Which differences chance could make",
        "",
        "Two-proportion z with a pooled variance, as if the two networks had seen different images; k errors, or right "
        "images where the cell is an accuracy, of n. From 1.96 on, two cells are told apart at the 5 % level.",
        "",
        "| first | k of n | second | k of n | z | told apart |",
        "|---|---:|---|---:|---:|---|",
    ]
    for pair in pairs:
        first, second = (f"{key}: {line_of[key]['paper']}" for key in pair["cells"])
        text.append(
            f"| {first} | {pair['k1']} of {pair['n1']} | {second} | {pair['k2']} of {pair['n2']} | {pair['z']} "
            f"| {'yes' if abs(float(pair['z'])) >= TOLD_APART else 'no'} |"
        )
    return text
