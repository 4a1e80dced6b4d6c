"""One figure, one table or the report from what is stored, by name and without training."""

import json
import shutil
from pathlib import Path

import pytest
from safetensors.torch import save_file

from study.models.wae import WaveletLikeAutoEncoder
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


@pytest.fixture
def stage_1(data) -> Path:
    """An auto-encoder as stage 1 leaves it, with random weights; gives its folder."""
    folder = paths.auto_encoder("smoke", "objects", 0)
    folder.mkdir(parents=True)
    save_file(WaveletLikeAutoEncoder().state_dict(), folder / "weights.safetensors")
    paths.write_json(folder / "outcome.json", {"outcome": "trained", "reason": None, "settings": {}})
    return folder


def test_a_picture_of_ones_own_is_drawn_only_where_it_is_asked_for(study, stage_1):
    for name in ("reconstruction", "bands"):
        result = study("figures", name, "--picture", "picture.png", "--out", f"own_{name}.png")
        assert (result.exit_code, result.stdout) == (0, f"own_{name}.png: picture.png\n")
        assert Path(f"own_{name}.png").read_bytes().startswith(b"\x89PNG")
    assert not paths.results("smoke").exists()
    refused = study("figures", "noise", "--picture", "picture.png")
    assert refused.stderr == "error: --picture: must be with reconstruction or bands, got noise\n"
    unread = study("figures", "bands", "--picture", "params.yaml", "--out", "other.png")
    assert unread.stderr.startswith("error: params.yaml: not a picture that can be read")


def test_without_a_trained_auto_encoder_its_command_is_named(study, data):
    result = study("figures", "bands", "--picture", "picture.png", "--out", "own.png")
    assert result.exit_code == 2
    assert "no trained auto-encoder; to train it: dvc repro wae@smoke-objects-0" in result.stderr


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
