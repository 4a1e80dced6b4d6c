"""What is chosen, what it will take, and whether it came to what the reference run came to."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from study.cli import plan
from study.figures.catalogue import FIGURES
from study.settings import params, paths, progress
from study.settings.choice import chosen
from study.stages import figures

ROOT = Path(__file__).parents[2]


@pytest.fixture
def runs_folder(checkout):
    shutil.copytree(ROOT / "runs", "runs")


def rows() -> set[str]:
    return set(chosen(params.read().rows, "objects", "vgg16"))


def test_a_run_is_used_by_its_name_and_narrowed_by_options(study, runs_folder):
    result = study("use", "quick", "--seed", "4")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "Scale quick, seeds 4." in result.stdout
    assert {"full", "taylor_2", "low"} < rows()
    result = study("use", "--rows", "wavelet_cnn", "--dataset", "objects", "--backbone", "vgg16")
    assert result.exit_code == 0
    assert rows() == {"full", "half", "wavelet_cnn"}
    assert params.read().auto_encoders == []
    assert "faces" not in result.stdout


def test_a_name_that_there_is_not_and_a_row_that_there_is_not_are_one_line(study, runs_folder):
    for words in (("use", "nowhere"), ("use", "--rows", "wae"), ("use",)):
        result = study(*words)
        assert result.exit_code == 2
        assert len(result.stderr.splitlines()) == 1


@pytest.mark.slow
def test_a_plan_says_what_is_missing_and_is_followed_while_the_run_goes_on(study, runs_folder, monkeypatch, capsys):
    study("use", "own")
    monkeypatch.setattr(plan, "out_of_date", set)
    result = study("plan")
    assert result.exit_code == 1
    assert "missing: scale photos, objects: no folder" in result.stdout
    study("use", "smoke", "--rows", "half", "--dataset", "objects", "--backbone", "vgg16", "--seed", "0")
    result = study("plan")
    assert (result.exit_code, result.stderr) == (0, "")
    lines = {line.split()[0]: line.split()[1:] for line in result.stdout.splitlines() if line[:1].isalpha()}
    assert lines["train"][0] == "2"
    assert "wae" not in lines and "noise" not in lines
    progress.announce("train@smoke-objects-vgg16-half-0")
    assert capsys.readouterr().out.startswith("Stage 1 of ")


def test_what_is_behind_a_changed_stage_is_run_too(monkeypatch):
    stages = {
        "preflight": {"outs": ["results/code"]},
        "train": {"deps": ["results/code/train.txt"], "outs": ["models/a"]},
        "evaluate": {"deps": ["models"], "outs": [{"results/e.json": {"cache": False}}]},
        "architecture": {"deps": ["results/code/architecture.txt"], "outs": ["results/a.json"]},
    }
    said = json.dumps({"preflight": ["always changed"], "train": [{"changed deps": {}}]})
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: subprocess.CompletedProcess([], 0, said, ""))
    assert plan.out_of_date(stages) == {"preflight", "train", "evaluate"}


@pytest.fixture
def reference(checkout):
    """A repository with the tables of scale desk, as results of scale smoke."""
    source, folder = ROOT / "results/desk", paths.results("smoke")
    for name in ("tables", "evaluation"):
        shutil.copytree(source / name, folder / name)
    shutil.copy(source / "claims.json", folder)
    for words in (("init",), ("add", "results"), ("commit", "--message", "results")):
        identity = ("-c", "user.name=a", "-c", "user.email=a@b")
        subprocess.run(["git", *identity, *words], check=True, capture_output=True)
    return folder


def change(file: Path, field: str, value: object) -> None:
    table = paths.read_json(file)
    cell = next(
        one for one in table["cells"] if one["quantity"] == "top1_error_percent" and one["measured"] is not None
    )
    cell[field] = value if value is None else cell[field] + value
    paths.write_json(file, table)


def test_a_run_that_came_to_the_same_is_said_to_be_equal(study, reference):
    result = study("check")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "the same hardware and packages" in result.stdout
    assert "different" not in result.stdout


def test_another_number_is_different_on_the_same_hardware_and_within_the_tolerance_elsewhere(study, reference):
    change(reference / "tables/table_1.json", "measured", 0.5)
    result = study("check")
    assert result.exit_code == 1
    assert "by 0.50, on the same hardware with the same packages" in result.stdout
    evaluation = reference / "evaluation/objects-vgg16.json"
    found = paths.read_json(evaluation)
    found["provenance"]["hardware"]["processor"] = "another"
    paths.write_json(evaluation, found)
    result = study("check")
    assert result.exit_code == 0
    assert "1 within the tolerance" in result.stdout
    change(reference / "tables/table_1.json", "measured", None)
    assert study("check").exit_code == 1


def test_a_scale_without_a_reference_is_one_line(study, reference):
    result = study("check", "--scale", "photos")
    assert result.exit_code == 2
    assert "HEAD: holds no results at scale photos" in result.stderr


@pytest.mark.slow
def test_figures_of_what_was_not_chosen_are_left_out(checkout, capsys):
    shutil.copytree(ROOT / "results/desk", paths.results("smoke"))
    for name in ("reconstruction", "noise", "figures"):
        shutil.rmtree(paths.results("smoke") / name)
        (paths.results("smoke") / name).mkdir()
    figures.main("smoke")
    assert "left out, what they show was not measured: " in capsys.readouterr().out
    drawn = paths.read_json(paths.results("smoke") / "figures/figures.json")
    assert "error_vgg16" in drawn
    assert len(drawn) < len(FIGURES)
