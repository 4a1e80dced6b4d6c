"""Results of the work tree against stored ones, in a repository and in folders."""

import subprocess
from pathlib import Path
from shutil import copytree

import pytest

from study.settings import paths
from study.stages import tables as stage


def git(*words: str) -> None:
    who = ["-c", "user.name=test", "-c", "user.email=test@invalid"]
    subprocess.run(["git", *who, *words], check=True, capture_output=True)


@pytest.fixture
def repository(checkout) -> Path:
    """A repository whose one commit holds results of scale smoke."""
    stage.main("smoke")
    git("init")
    git("add", "results")
    git("commit", "--message", "results")
    return checkout


def change(**fields) -> None:
    """Give the first cell of Table 1 other values."""
    file = paths.results("smoke") / "tables/table_1.json"
    table = paths.read_json(file)
    table["cells"][0] |= fields
    paths.write_json(file, table)


MEASURED = {"measured": 30.0, "intervals": {"seeds": [28.0, 32.0]}, "basis": "smoke", "verdict": "no printed number"}


def test_without_a_change_there_is_no_difference(study, repository):
    result = study("diff")
    assert (result.exit_code, result.stdout) == (0, "Results at scale smoke against HEAD: no difference.\n")


def test_what_is_new_is_no_fault_and_what_got_worse_is_exit_code_one(study, repository):
    change(**MEASURED)
    result = study("diff")
    assert result.exit_code == 0
    assert "appeared  table_1/VGG16 (224)/top1_error_percent  missing  30.00  was missing" in result.stdout
    git("commit", "--all", "--message", "measured")
    change(measured=33.0)
    worse = study("diff")
    assert worse.exit_code == 1
    assert "worse  table_1/VGG16 (224)/top1_error_percent  30.00  33.00  outside 28.00 to 32.00" in worse.stdout
    assert "1 worse." in worse.stdout
    assert study("diff", "--against", "HEAD~1").exit_code == 0


@pytest.mark.parametrize("folder", ["earlier", "earlier/results", "earlier/results/smoke"])
def test_a_folder_of_results_can_be_compared_with(study, repository, folder):
    change(**MEASURED)
    copytree("results", "earlier/results")
    change(measured=None, intervals={}, basis=None, verdict="missing")
    result = study("diff", "--against", folder)
    assert result.exit_code == 1
    assert "vanished" in result.stdout


def test_a_checkout_below_the_root_of_its_repository_is_found(study, checkout, monkeypatch):
    stage.main("smoke")
    git("-C", str(checkout.parent), "init")
    git("add", "results")
    git("commit", "--message", "results")
    assert study("diff").exit_code == 0


def test_a_revision_without_results_is_one_line(study, repository):
    result = study("diff", "--scale", "desk")
    assert result.exit_code == 2
    assert "HEAD: holds no results at scale desk" in result.stderr


def test_against_the_paper_the_headline_numbers_stand_side_by_side(study, checkout):
    stage.main("smoke")
    file = paths.results("smoke") / "tables/table_1.json"
    table = paths.read_json(file)
    (cell,) = (one for one in table["cells"] if (one["method"], one["quantity"]) == ("wae_cnn", "top5_error_percent"))
    cell |= {"measured": 12.37, "difference": 0.5, "verdict": "not comparable"}
    paths.write_json(file, table)
    result = study("diff", "--against", "paper")
    assert result.exit_code == 0
    lines = [line.split() for line in result.stdout.splitlines()]
    assert ["1", "WAE+CNN", "top-5", "error,", "%", "11.87", "12.37", "+0.50", "not", "comparable"] in lines
    assert ["1", "VGG16", "top-5", "error,", "%", "11.65", "–", "–", "missing"] in lines


def test_without_tables_the_command_that_makes_them_is_named(study, checkout):
    result = study("diff", "--against", "paper")
    assert result.exit_code == 2
    assert result.stderr.startswith("error: results/smoke/tables/table_1.json: no such result")
    assert "make it with: dvc repro tables@smoke" in result.stderr
