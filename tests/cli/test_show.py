"""Results in the terminal."""

from pathlib import Path

import pytest
from rich.console import Console

from study.cli import terminal
from study.rendering.table import left, table
from study.settings import paths
from study.stages import tables as stage

VIEWS = (
    ["table", "1"],
    ["networks"],
    ["data"],
    ["endpoint"],
    ["claims"],
    ["controls"],
    ["pruning"],
    ["ledger"],
    ["deviations"],
)


@pytest.fixture
def results(checkout) -> Path:
    """What the stage writes when nothing was measured."""
    stage.main("smoke")
    return paths.results("smoke")


@pytest.mark.parametrize("words", VIEWS)
def test_every_result_is_shown_as_plain_text(study, results, words):
    result = study("show", *words)
    assert (result.exit_code, result.stderr) == (0, "")
    assert "\x1b" not in result.stdout
    assert len(result.stdout.splitlines()) > 5


def test_a_table_can_be_had_as_latex(study, results):
    lines = study("show", "table", "1", "--latex").stdout.splitlines()
    assert (lines.count(r"\toprule"), lines.count(r"\end{tabular}")) == (1, 1)
    assert any(line.startswith("VGG16 &") and line.endswith(r"\\") for line in lines)


def test_a_table_has_the_papers_numbers_and_says_what_is_not_measured(study, results):
    lines = study("show", "table", "1").stdout.splitlines()
    (line,) = [
        line
        for line in lines
        if line.startswith("VGG16 ") and "top-5" in line and "missing" in line and "at half" not in line
    ]
    assert line.split()[-4:] == ["11.65", "not", "measured", "missing"]
    assert lines[-1] == "More: results/smoke/tables/table_1.md"


def test_the_report_stands_even_where_nothing_was_measured(study, results):
    result = study("report")
    assert (result.exit_code, result.stderr) == (0, "")
    text = (results / "report.html").read_text(encoding="utf-8")
    assert text.count('class="word">Not measured<') == 2
    assert "No share of the resolution loss was measured." in text


def test_times_without_a_measurement_are_a_fault(study, results):
    assert study("show", "timing").exit_code == 2


def test_a_result_of_another_version_is_one_line(study, results):
    paths.write_json(results / "claims.json", {"scale": "smoke"})
    result = study("show", "claims")
    assert result.exit_code == 2
    assert "not as this version of the study writes it (summary: field required); make it again with" in result.stderr


@pytest.fixture
def seen(monkeypatch) -> Console:
    """A terminal of eighty columns, whose text can be exported."""
    console = Console(force_terminal=True, width=80, record=True, highlight=False, color_system="standard")
    monkeypatch.setattr(terminal, "console", lambda: console)
    return console


def test_in_a_terminal_verdicts_have_colours_and_nothing_is_cut(seen, capsys):
    rows = [
        ["a-word-that-is-longer-than-the-terminal-is-wide-" * 2, "fails"],
        ["[b]", "holds"],
        ["e\x1b[2J", "differs"],
    ]
    terminal.show(table(left("row", "verdict"), rows, "Title", ["Before [1]."]))
    text = seen.export_text(styles=True, clear=False)
    assert "\x1b[31mfails" in text
    assert "\x1b[32mholds" in text
    plain = seen.export_text()
    assert "…" not in plain
    assert "[b]" in plain
    assert "e\\x1b[2J" in plain
    assert "Before [1]." in plain
    assert max(len(line) for line in plain.splitlines()) <= 80


def test_in_a_terminal_no_key_of_a_markdown_table_is_cut(seen, capsys):
    terminal.show_markdown("# Title\n\n| key | value |\n|---|---|\n| " + "long_key." * 12 + " | 1 |\n")
    text = seen.export_text()
    assert "…" not in text
    assert text.count("_") == 12
