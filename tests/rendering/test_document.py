"""The report in one file: complete, alone, the same twice."""

import re
import shutil
from html import unescape
from itertools import pairwise
from pathlib import Path

import pytest

from study.rendering.document import document
from study.settings import paths

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def text() -> str:
    return document("desk")


def test_the_same_results_give_the_same_document(text):
    assert document("desk") == text


def test_nothing_is_fetched_from_anywhere(text):
    loaded = re.findall(r'(?:src|href)="([^"]*)"', text)
    assert loaded
    assert [address for address in loaded if not address.startswith(("#", "data:"))] == []
    assert not re.search(r"url\(|@import|fetch\(|XMLHttpRequest", text)
    assert len(text) < 5_000_000


def test_every_claim_and_every_cell_stands_in_it(text):
    from markupsafe import escape

    claims = paths.read_json(paths.results("desk") / "claims.json")
    assert all(str(escape(one["claim"])) in text for one in claims["claims"])
    tables = text.partition('<section id="tables"')[2].partition("<section")[0].split("<h3>Table ")[1:]
    assert len(tables) == 7
    for part in tables:
        stored = paths.read_json(paths.results("desk") / "tables" / f"table_{part[0]}.json")
        cells = part.partition("<h4>Cell by cell</h4>")[2]
        assert cells.count("<tr>") == len(stored["cells"]) + 1


def test_every_figure_has_a_text_for_those_who_do_not_see_it(text):
    assert list(map(unescape, re.findall(r'<img [^>]*alt="([^"]+)"', text))) == list(
        paths.read_json(paths.results("desk") / "figures/figures.json").values()
    )


def test_headings_descend_one_level_at_a_time(text):
    levels = [int(level) for level in re.findall(r"<h([1-6])[ >]", text)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_what_was_not_measured_is_said_in_words(tmp_path, monkeypatch):
    for name in ("params.yaml", "paper_tables"):
        (tmp_path / name).symlink_to(ROOT / name)
    results = tmp_path / paths.results("desk")
    shutil.copytree(paths.results("desk"), results)
    shutil.rmtree(results / "figures")
    shutil.rmtree(results / "timing")
    monkeypatch.chdir(tmp_path)
    poorer = document("desk")
    assert "None was drawn." in poorer
    assert "Not measured." in poorer
