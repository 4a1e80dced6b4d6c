"""The report in one file: it answers first, and is complete, alone, and the same twice."""

import re
import shutil
from html import unescape
from itertools import pairwise
from pathlib import Path

import pytest

from study.judging.endpoint import Endpoints
from study.rendering import stored, transform_loss
from study.rendering.document import document
from study.settings import paths
from study.settings.methods import METHODS
from tests.rendering.swept import sweep

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def text() -> str:
    return document("desk")


@pytest.fixture
def copy(tmp_path, monkeypatch) -> Path:
    """A checkout of its own with the results of scale desk; gives their folder."""
    for name in ("params.yaml", "paper_tables"):
        (tmp_path / name).symlink_to(ROOT / name)
    results = tmp_path / paths.results("desk")
    shutil.copytree(ROOT / paths.results("desk"), results, ignore=shutil.ignore_patterns("report.html"))
    monkeypatch.chdir(tmp_path)
    return results


def section(text: str, name: str) -> str:
    """What stands in a section or in what is folded."""
    found = re.search(rf'<(section|details) id="{name}".*?(?=<section|<details id=|</main>)', text, re.DOTALL)
    assert found
    return found[0]


def test_the_same_results_give_the_same_document(text):
    assert document("desk") == text


def test_nothing_is_fetched_from_anywhere(text):
    loaded = re.findall(r'(?:src|href|srcset)="([^"]*)"', text)
    assert loaded
    assert [address for address in loaded if not address.startswith(("#", "data:"))] == []
    assert not re.search(r"url\(|@import|fetch\(|XMLHttpRequest", text)
    assert len(text) < 5_000_000


def test_the_answer_comes_first_with_its_numbers_and_without_a_verdict_that_nobody_reached(text):
    answer = section(text, "answer")
    endpoints = stored.read(paths.results("desk") / "endpoint.json", Endpoints)
    ours = [one for one in endpoints.rows if (one.dataset, one.backbone, one.row) == ("objects", "vgg16", "wae_cnn")]
    assert f"{ours[0].share_percent:.0f} % (" in answer
    assert ('class="word">Cannot tell<' in answer) == all(one.nearly_the_same_error == "cannot tell" for one in ours)
    assert re.search(r'class="word">[\d.]+ times<', answer)
    assert text.index('id="answer"') < text.index("<nav")


def test_every_row_with_an_endpoint_has_a_line_with_a_dot_a_seed(text):
    answer = section(text, "answer")
    endpoints = stored.read(paths.results("desk") / "endpoint.json", Endpoints)
    here = [one for one in endpoints.rows if (one.dataset, one.backbone) == ("objects", "vgg16")]
    assert answer.count('<th scope="row">') == len({one.row for one in here})
    assert answer.count('class="seed"') == sum(
        share is not None for one in here if one.share_percent is not None for share in one.per_seed_percent
    )


def test_every_claim_and_every_cell_stands_in_it(text):
    from markupsafe import escape

    claims = paths.read_json(paths.results("desk") / "claims.json")
    assert all(str(escape(one["claim"])) in text for one in claims["claims"])
    tables = section(text, "tables").split("<h3>Table ")[1:]
    assert len(tables) == 7
    for part in tables:
        stored_table = paths.read_json(paths.results("desk") / "tables" / f"table_{part[0]}.json")
        cells = part.partition("<h4>Cell by cell</h4>")[2]
        assert cells.count("<tr>") == len(stored_table["cells"]) + 1


def test_every_evaluated_network_is_on_the_leaderboard_with_its_seeds(text):
    board = section(text, "leaderboard")
    rows = [row for row in paths.read_json(paths.results("desk") / "rows.json")["rows"] if row["top1_per_seed"]]
    lines = re.findall(r"<tr data-place.*?</tr>", board)
    for row in rows:
        seeds = ", ".join(f"{value:.2f}" for value in row["top1_per_seed"])
        assert any(row["label"] in line and seeds in line for line in lines)


def test_no_column_of_the_leaderboard_is_empty(text):
    board = section(text, "leaderboard")
    lines = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", line) for line in re.findall(r"<tr data-place.*?</tr>", board)]
    assert all(any(cell not in ("", "–") for cell in column) for column in zip(*lines, strict=True))


def test_a_network_has_one_name(text):
    for section_name in ("answer", "leaderboard", "controls", "pruning"):
        part = section(text, section_name)
        assert not re.search(r"\bOurs\b|VGG16-Net|VGG16 \(112\)", part)
    names = re.findall(r'<th scope="row">([^<]*)', section(text, "answer"))
    labels = {row.named("VGG16") for row in METHODS.values()}
    assert {name.replace("\u200b", "").removesuffix("\u00a0*") for name in names} <= labels


def test_every_figure_has_a_text_for_those_who_do_not_see_it_and_another_for_a_dark_page(text):
    figures = paths.read_json(paths.results("desk") / "figures/figures.json")
    found = list(map(unescape, re.findall(r'<img [^>]*alt="([^"]+)"', text)))
    assert found == [its["caption"] for its in figures.values()]
    assert text.count('media="(prefers-color-scheme: dark)"') == len(figures)


def test_headings_descend_one_level_at_a_time(text):
    levels = [int(level) for level in re.findall(r"<h([1-6])[ >]", text)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_what_was_not_measured_is_said_in_words(copy):
    shutil.rmtree(copy / "figures")
    shutil.rmtree(copy / "timing")
    poorer = document("desk")
    assert "None was drawn." in poorer
    assert "Not measured." in poorer


def test_a_sweep_that_was_not_run_is_named_by_its_command(text):
    assert f'Not run: <code class="command" tabindex="0">{transform_loss.COMMAND}</code>' in text


def test_with_a_sweep_every_value_of_lambda_has_its_numbers_and_pictures(copy):
    sweep(copy / "sweep", (0.0, 0.1, 1.0))
    equation = section(document("desk"), "equation")
    assert re.findall(r'data-value="([^"]*)"', equation) == ["0", "0.1", "1"]
    assert equation.count("<img") == 3 * 2 * 4  # values, photographs, image with channels and reconstruction
    assert 'data-start="2"' in equation  # the paper's lambda
    assert "40.00 (39.00 to 41.00) (seeds 39.50, 40.50)" in equation
    assert "<math" in equation


def test_names_of_classes_stand_in_the_report_alone_and_only_where_the_data_are(copy):
    stored_names = (copy / "data.json").read_text(encoding="utf-8")
    names = [f"friend {number}" for number in range(19)]
    paths.write_json(paths.prepared("desk", "objects") / "manifest.json", {"classes": names})
    assert "friend 7" in document("desk")
    assert (copy / "data.json").read_text(encoding="utf-8") == stored_names
