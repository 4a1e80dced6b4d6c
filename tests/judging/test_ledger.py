"""The ledger as a page, beside what was measured."""

import pytest

from study.judging import ledger, tables
from study.judging.measured import Measured
from study.paper import tables as paper
from study.rendering import ledger as page
from study.rendering import markdown

LEDGER = ledger.read()
CONTRADICTIONS, CONSISTENT, PAIRS = (LEDGER[name] for name in ("contradictions", "consistent", "detectability"))


def rendered(measured: dict) -> str:
    return markdown.page(page.page(ledger.ledger([tables.compared(table, measured) for table in paper.tables()])))


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


def test_two_cells_differ_significantly_from_z_of_1_96_on():
    text = TEXT.partition("## Which differences")[2].partition("\n## ")[0]
    rows = [line for line in text.splitlines() if line.startswith("| table_")]
    assert len(rows) == len(PAIRS)
    for row, pair in zip(rows, PAIRS, strict=True):
        assert row.endswith(f"| {pair['z']} | {'yes' if float(pair['z']) >= 1.96 else 'no'} |")
    assert rows[0] == (
        "| table_2/VGG16-Net/top5_error_percent: 11.65 | 5825 of 50000 "
        "| table_2/Ours/top5_error_percent: 11.87 | 5935 of 50000 | 1.08 | no |"
    )


def test_every_share_and_every_number_of_the_prose_has_a_row():
    shares = TEXT.partition("## The share of the resolution loss")[2].partition("\n## ")[0]
    assert (
        "| WAE+CNN | table_2/Ours/top5_error_percent | Table 2 | 94.6 | `100*(15.73-11.87)/(15.73-11.65)` |" in shares
    )
    assert shares.count("\n| ") == 1 + 16
    prose = TEXT.partition("## Numbers of the prose")[2]
    assert "| speed-up of XNOR-Net | 58 | times | Introduction | printed |  | quoted from" in prose
    assert prose.count("\n| ") == 1 + 81
