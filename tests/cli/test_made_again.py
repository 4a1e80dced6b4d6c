"""One figure, one table or the report from what is stored, by name and without training."""

import json
import shutil
from pathlib import Path

import pytest

from study.settings import paths

ROOT = Path(__file__).parents[2]


@pytest.fixture
def desk(checkout) -> Path:
    """A fresh clone: the committed results of scale desk, and no data or weights."""
    results = paths.results("desk")
    shutil.copytree(ROOT / results, results, ignore=shutil.ignore_patterns("report.html"))
    return results


def test_figures_are_listed_with_what_they_show(study, checkout):
    result = study("figures")
    assert result.exit_code == 0
    assert "tradeoff" in result.stdout
    assert "noise" in result.stdout


@pytest.mark.slow
def test_a_figure_is_the_committed_one(study, desk):
    assert study("figures", "training_stage_1", "--scale", "desk").exit_code == 0
    assert Path("training_stage_1.png").read_bytes() == (desk / "figures/training_stage_1.png").read_bytes()
    assert study("figures", "training_stage_1", "--scale", "desk", "--out", "one.svg").exit_code == 0
    assert Path("one.svg").read_text(encoding="utf-8").startswith("<?xml")


@pytest.mark.slow
def test_a_table_is_the_committed_one(study, desk):
    assert "table_2" in study("tables", "--scale", "desk").stdout
    result = study("tables", "rows", "--scale", "desk", "--out", "rows.json")
    assert (result.exit_code, result.stderr) == (0, "")
    assert json.loads(Path("rows.json").read_text()) == paths.read_json(desk / "rows.json")
    assert "THE DATA AT SCALE DESK" in study("tables", "data", "--scale", "desk").stdout
    refused = study("tables", "ledger", "--scale", "desk", "--out", "ledger.csv")
    assert refused.stderr == "error: --out: ledger is written as .md, got ledger.csv\n"


@pytest.mark.slow
def test_the_report_is_written_where_it_is_asked_for(study, desk):
    result = study("report", "--scale", "desk", "--out", "report.html")
    assert (result.exit_code, result.stderr) == (0, "")
    assert Path("report.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    assert not (desk / "report.html").exists()
