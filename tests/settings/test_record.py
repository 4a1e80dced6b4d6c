"""The record of a run: it belongs to the code and the parameters that the run began with, or to none."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from study.settings import code, config, paths
from study.settings.record import ChangedWhileRunning, Record
from study.stages.wae import Settings

TEXT = Path("params.yaml").read_text(encoding="utf-8")


@pytest.fixture(autouse=True)
def checkout(tmp_path, monkeypatch):
    """A working folder with parameters, and a stage's code that is "a digest"."""
    (tmp_path / "params.yaml").write_text(TEXT, encoding="utf-8")
    (tmp_path / "paper_tables").symlink_to(Path("paper_tables").absolute())
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DVC_STAGE", raising=False)
    monkeypatch.setattr(code, "of_stage", lambda *_: "a digest")
    return tmp_path


def edit(old: str, new: str) -> None:
    assert old in TEXT
    Path("params.yaml").write_text(TEXT.replace(old, new), encoding="utf-8")


def begun() -> Record:
    return Record("wae", config.load(Settings, "smoke"), seed=3)


def test_a_record_holds_what_the_run_began_with_and_how_long_it_took(checkout):
    record = begun()
    record.close(Path("record.json"), outcome="trained")
    found = json.loads((checkout / "record.json").read_text())
    assert {"stage": "wae", "seed": 3, "code_digest": "a digest", "outcome": "trained"}.items() <= found.items()
    assert found["params_digest"] == config.load(Settings, "smoke").digest()
    assert found["seconds"] >= 0


def test_parameters_that_change_while_a_stage_runs_are_named_and_nothing_is_written(checkout):
    record = begun()
    edit("lambda: 1.0", "lambda: 0.5")
    with pytest.raises(ChangedWhileRunning) as fault:
        record.close(Path("record.json"))
    assert str(fault.value) == (
        "params.yaml: lambda changed while stage wae ran; nothing is stored: "
        "set it back and run dvc repro again, or run it anew as it is now"
    )
    assert not (checkout / "record.json").exists()
    edit("lambda: 1.0", "lambda: 1.0")
    record.check()


def test_parameters_of_other_stages_may_change_while_a_stage_runs():
    record = begun()
    edit("gamma: 0.001", "gamma: 0.5")
    record.check()


def test_code_that_changes_while_a_stage_runs_is_one_line(monkeypatch):
    record = begun()
    monkeypatch.setattr(code, "of_stage", lambda *_: "another")
    with pytest.raises(
        ChangedWhileRunning, match=r"^the code of stage wae changed while it ran; nothing is stored: .*$"
    ):
        record.check()


def test_code_that_changed_after_dvc_looked_at_it_is_one_line(monkeypatch):
    paths.write_text(paths.CODE / "wae.txt", "a digest\n")
    monkeypatch.setenv("DVC_STAGE", "wae@smoke-objects-0")
    begun().check()
    paths.write_text(paths.CODE / "wae.txt", "another\n")
    with pytest.raises(ChangedWhileRunning, match=r"^the code of stage wae changed after `dvc repro` began; .*$"):
        begun()


def test_a_row_is_compared_with_the_file_of_the_row(monkeypatch):
    paths.write_text(paths.CODE / "train/vgg16-full.txt", "another\n")
    monkeypatch.setenv("DVC_STAGE", "train@smoke-objects-vgg16-full-0")
    Record("train", word="half", backbone="vgg16")
    with pytest.raises(ChangedWhileRunning):
        Record("train", word="full", backbone="vgg16")


def test_a_stage_that_is_run_by_hand_needs_no_dvc():
    paths.write_text(paths.CODE / "wae.txt", "another\n")
    begun().check()


def test_dvc_names_the_stage_that_it_runs_in_the_environment(checkout):
    # By this a record knows that DVC has started the stage.
    say = "import os; print('named', os.environ['DVC_STAGE'])"
    (checkout / "dvc.yaml").write_text(json.dumps({"stages": {"one": {"cmd": f'{sys.executable} -c "{say}"'}}}))
    for command in (["init", "--no-scm", "--quiet"], ["repro"]):
        ran = subprocess.run([sys.executable, "-m", "dvc", *command], capture_output=True, text=True)
        assert ran.returncode == 0, ran.stderr
    assert "named one" in ran.stdout.splitlines()
