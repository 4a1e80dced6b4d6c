"""One table in every form."""

from dataclasses import dataclass

import pytest

from study.judging.measured import Interval
from study.rendering import csv, html, latex, markdown, terminal
from study.rendering.table import Items, Page, Table, folded, left, right, table

COLUMNS = (*left("network"), *left("why", detail=True), *right("error, %"))
ERRORS = table(COLUMNS, [["WAE+CNN", "a|b", "4.10"], ["half", "`x` < 1", "12.00"]], "Errors", ["Before."], ["Behind."])
PAGE = Page("Title", ("A sentence.", Items(("one", "two")), ERRORS, Page("Below", (table(left("a"), [["1"]]),))))


def test_a_row_with_a_cell_too_few_is_refused():
    with pytest.raises(ValueError, match=r"Errors: 3 columns, and a row of 2 cells"):
        Table("Errors", COLUMNS, (("half", "1"),))


def test_markdown_has_headings_in_order_and_escapes_what_would_end_a_cell():
    assert markdown.page(PAGE).splitlines() == [
        "# Title", "", "A sentence.", "", "- one", "- two", "", "## Errors", "", "Before.", "",
        "| network | why | error, % |", "|---|---|---:|", r"| WAE+CNN | a\|b | 4.10 |", "| half | `x` < 1 | 12.00 |",
        "", "Behind.", "", "## Below", "", "| a |", "|---|", "| 1 |",
    ]  # fmt: skip


def test_in_a_pipe_text_stands_left_numbers_right_and_details_are_left_out():
    assert terminal.table(ERRORS).splitlines() == [
        "Errors", "", "Before.", "",
        "network  error, %",
        "-------  --------",
        "WAE+CNN      4.10",
        "half        12.00",
        "", "Behind.",
    ]  # fmt: skip
    assert terminal.page(PAGE).startswith("TITLE\n\nA sentence.\n\n- one\n- two\n\nErrors\n")


def test_latex_escapes_what_it_would_read_as_a_command():
    wide = table([*left("network"), *right("error, %")], [["I_L & I_H", "–"]], "Errors")
    assert latex.table(wide).splitlines() == [
        "% Errors", r"\begin{tabular}{lr}", r"\toprule", r"network & error, \% \\", r"\midrule",
        r"I\_L \& I\_H & -- \\", r"\bottomrule", r"\end{tabular}",
    ]  # fmt: skip


def test_html_escapes_text_marks_verdicts_and_keeps_code():
    text = html.page(Page("t", (table(left("network", "verdict", "why"), [["<b>", "fails", "`a < b`"]]),)))
    assert '<th scope="row">&lt;b&gt;</th>' in text
    assert '<span class="verdict fails"><span aria-hidden="true">✗</span> fails</span>' in text
    assert "<td><code>a &lt; b</code></td>" in text


def test_html_has_headings_below_that_of_the_document():
    text = html.page(PAGE)
    assert text.index("<h3>Errors</h3>") < text.index("<h3>Below</h3>")
    assert '<td class="number">12.00</td>' in text


@dataclass(frozen=True)
class Record:
    name: str
    value: float | None
    interval: Interval | None
    intervals: dict[str, Interval]
    per_seed: tuple[float, ...]


def test_csv_gives_an_interval_two_columns_and_leaves_out_what_is_no_line():
    records = [
        Record("a", 1 / 3, (0.1, 0.5), {"seeds": (0.0, 1.0)}, (0.1, 0.2)),
        Record("b", None, None, {}, ()),
    ]
    assert csv.lines(records).splitlines() == [
        "name,value,interval_low,interval_high,seeds low,seeds high",
        "a,0.3333333333333333,0.1,0.5,0.0,1.0",
        "b,,,,,",
    ]
    assert csv.lines([]) == ""


def test_a_column_without_any_number_becomes_a_sentence_and_one_without_a_word_goes():
    columns = [*left("network"), *right("CPU", "GPU"), *left("remarks")]
    short = folded(table(columns, [["a", "1", "–", ""], ["b", "–", "–", ""]]), ("–",))
    assert [column.heading for column in short.columns] == ["network", "CPU"]
    assert short.rows == (("a", "1"), ("b", "–"))
    assert short.behind == ("Not measured: GPU.",)
    kept = table(columns, [["a", "1", "2", "not learned: seed 1"]])
    assert folded(kept, ("–",)) == kept


def test_a_table_without_any_number_stays_whole():
    empty = table([*left("network"), *right("CPU", "GPU")], [["a", "–", "–"]])
    assert folded(empty, ("–",)) == empty


def test_markdown_shows_markup_and_control_characters_of_a_result_and_obeys_neither():
    hostile = table(left("why"), [["<script>alert(1)</script>"], ["\x1b[31mred"], ["`<b>` < 1"]])
    assert markdown.table(hostile).splitlines()[2:] == [
        r"| \<script>alert(1)\</script> |", r"| \x1b[31mred |", "| `<b>` < 1 |"
    ]  # fmt: skip
