"""The ledger as Markdown, beside what was measured."""

import pytest

from study.judging import ledger, tables
from study.judging.measured import Measured
from study.paper import tables as paper

LEDGER = ledger.read()
CONTRADICTIONS, CONSISTENT, PAIRS = (LEDGER[name] for name in ("contradictions", "consistent", "detectability"))


def rendered(measured: dict) -> str:
    return ledger.as_markdown(LEDGER, [line for table in paper.tables() for line in tables.compared(table, measured)])


TEXT = rendered({})


def entry_of(id_: str, text: str = TEXT) -> str:
    """The part of the text about one entry."""
    return next(part for part in text.split("\n### ") if f"`{id_}`" in part).partition("\n## ")[0]


def test_a_section_holds_its_entries_in_order():
    sections = TEXT.split("\n## ")[1:]
    kinds = [[entry for entry in CONTRADICTIONS if entry["kind"] == kind] for kind in ("number", "wording")]
    for section, entries in zip(sections[:3], [*kinds, CONSISTENT], strict=True):
        titles = [line.removeprefix("### ") for line in section.splitlines() if line.startswith("### ")]
        assert titles == [entry["title"] for entry in entries]


@pytest.mark.parametrize("entry", CONTRADICTIONS + CONSISTENT, ids=lambda entry: entry["id"])
def test_an_entry_shows_its_arithmetic_and_each_cell_that_it_touches(entry):
    text = entry_of(entry["id"])
    for row in entry["arithmetic"]:
        assert f"| `{row['expression']}` | {row['gives']} | {row['printed'] or '–'} | {row['where']} |" in text
    rows = [line.split(" | ")[0].removeprefix("| ") for line in text.splitlines() if line.startswith("| table_")]
    assert rows == entry["cells"]


def test_a_cell_shows_what_was_measured_there_and_how_it_compares():
    counted = {("", "vgg16", "wae_cnn", "flops_billion", ""): Measured(4.3819, "count", "every layer")}
    assert "| table_1/Ours/flops_billion | 4.11 | – | missing: not measured |" in entry_of("flops-three-rules")
    text = entry_of("flops-three-rules", rendered(counted))
    assert (
        "| table_1/Ours/flops_billion | 4.11 | 4.38 | differs: every layer; complexity.md has the other rules |" in text
    )
    assert "| table_1/VGG16 (224)/flops_billion | 15.36 | – | missing: not measured |" in text


def test_two_cells_are_told_apart_from_z_of_1_96_on():
    rows = [line for line in TEXT.partition("## Which differences")[2].splitlines() if line.startswith("| table_")]
    assert len(rows) == len(PAIRS)
    for row, pair in zip(rows, PAIRS, strict=True):
        assert row.endswith(f"| {pair['z']} | {'yes' if float(pair['z']) >= 1.96 else 'no'} |")
    assert rows[0] == (
        "| table_2/VGG16-Net/top5_error_percent: 11.65 | 5825 of 50000 "
        "| table_2/Ours/top5_error_percent: 11.87 | 5935 of 50000 | 1.08 | no |"
    )


def test_the_rows_of_each_table_have_as_many_cells_as_its_header():
    for block in TEXT.split("\n\n"):
        rows = [line for line in block.splitlines() if line.startswith("|")]
        assert len({row.count("|") for row in rows}) <= 1
