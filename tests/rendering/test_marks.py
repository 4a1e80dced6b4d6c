"""What has to be said of a training stands wherever a number of it stands."""

import pytest

from study.judging import claims, controls, endpoint, pruning, rows, tables
from study.paper import tables as paper
from study.rendering import claims as claims_page
from study.rendering import controls as controls_page
from study.rendering import csv, markdown, paper_tables, terminal
from study.rendering import endpoint as endpoint_page
from study.rendering import pruning as pruning_page
from study.rendering import rows as rows_page
from study.rendering.table import Page
from tests.made import measured, places, results

UNLEARNED, MOVING = "not learned: seed 2", "not converged: half the epochs move its error by 3.0 points"
TABLES = paper.tables()
RESULTS = places(
    *(
        results(
            {"full": 10.0, "half": 40.0, "wae_cnn": 14.0, "wae_cnn_no_ft": 15.0, "thinet_gap": 13.0, "ca": 30.0},
            dataset=dataset,
            backbone=backbone,
            not_learned=dict.fromkeys(("full", "thinet_gap"), (2,)),
            not_converged={"wae_cnn": 3.0, "half": 3.0, "ca": 3.0, "wae_cnn_no_ft": 3.0},
        )
        for dataset, backbone in (("objects", "vgg16"), ("objects", "resnet50"), ("faces", "vgg16"))
    )
)
NUMBERS = measured(*RESULTS.values())
COMPARED = {table.slug: tables.compared(table, NUMBERS) for table in TABLES}
PAGES: dict[str, Page] = {
    "endpoint": endpoint_page.page(endpoint.endpoints(RESULTS, {}, "desk")),
    "claims": claims_page.page(claims.claims(claims.read(), TABLES, NUMBERS, RESULTS, "desk")),
    "controls": controls_page.page(controls.controls(RESULTS, "desk")),
    "pruning": pruning_page.page(pruning.drops(NUMBERS, RESULTS, TABLES, {}, "desk")),
    "rows": rows_page.page(rows.rows(NUMBERS, RESULTS, "desk")),
    **{slug: paper_tables.page(one, "desk") for slug, one in COMPARED.items() if slug != "table_7"},
}


@pytest.mark.parametrize("name", PAGES)
def test_every_table_that_shows_a_number_of_a_marked_training_shows_the_mark(name):
    for text in (markdown.page(PAGES[name]), terminal.page(PAGES[name])):
        assert MOVING in text
        assert UNLEARNED in text or name in ("table_3", "table_4")  # these hold no row that has not learned


@pytest.mark.parametrize("name", ["table_1", "table_2", "table_5", "table_6"])
def test_in_the_papers_tables_the_mark_stands_in_the_row_of_its_network(name):
    text = markdown.page(PAGES[name])
    lines = [line for line in text.splitlines() if line.startswith(("| VGG16 |", "| ResNet-50 |", "| WAE+CNN |"))]
    assert len(lines) >= 4
    measured_ones = [line for line in lines if "not measured" not in line]
    for line in measured_ones:
        assert (MOVING if line.startswith("| WAE+CNN |") else UNLEARNED) in line


def test_the_answer_and_the_csv_have_the_marks_too():
    text = markdown.table(paper_tables.answer({one.table: one for one in COMPARED.values()}))
    assert MOVING in text
    assert UNLEARNED in text
    assert MOVING in csv.lines(rows.rows(NUMBERS, RESULTS, "desk").rows)
    assert UNLEARNED in csv.lines(COMPARED["table_2"].cells)
