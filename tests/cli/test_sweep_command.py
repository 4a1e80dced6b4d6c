"""A sweep is a grid of DVC's, run by DVC and read back from it; here over a pipeline of one short stage."""

import subprocess
import sys
from pathlib import Path

import pytest

from study.cli import sweep
from study.settings import paths

PIPELINE = """
stages:
  tables:
    cmd: python stage.py
    deps: [stage.py]
    params: [lambda, gamma]
    outs:
    - results/smoke/tables/table_1.json: {cache: false}
    - results/smoke/reconstruction/objects.json: {cache: false}
    - results/smoke/claims.json: {cache: false}
    - results/smoke/channels: {cache: false}
"""
# The error is lambda; one value fails.
STAGE = """
import json
from pathlib import Path
import numpy as np
from ruamel.yaml import YAML

error = YAML(typ="safe", pure=True).load(Path("params.yaml"))["lambda"]
if error == 0.12345678:
    raise SystemExit("error: this one")
cell = {"method": "wae_cnn", "quantity": "top1_error_percent", "measured": error, "intervals": {}, "verdict": ""}
cell["per_seed"] = [error]
for name, value in (
    ("tables/table_1.json", {"cells": [cell]}),
    ("reconstruction/objects.json", {"runs": []}),
    ("claims.json", {"claims": []}),
    ("channels/channels.json", {"runs": []}),
):
    file = Path("results/smoke") / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(value))
names = ("photograph", "auto_encoder.low", "auto_encoder.high", "auto_encoder.reconstructed", "cA")
np.savez_compressed("results/smoke/channels/channels.npz", **{name: np.full(1, error) for name in names})
"""


def run(*words: str) -> None:
    subprocess.run(words, check=True, capture_output=True)


@pytest.fixture
def pipeline(checkout) -> Path:
    """A repository of git and DVC with one stage in the place of the study's."""
    Path("dvc.yaml").write_text(PIPELINE, encoding="utf-8")
    Path("stage.py").write_text(STAGE, encoding="utf-8")
    run("git", "init")
    run(sys.executable, "-m", "dvc", "init")
    run("git", "add", "--all", "--", ":!paper_tables")
    run("git", "-c", "user.name=test", "-c", "user.email=test@invalid", "commit", "--message", "start")
    return checkout


@pytest.mark.slow
def test_every_value_is_an_experiment_of_its_own_and_a_failed_one_says_where_to_look(study, pipeline):
    values = "--lambda 0.12345679 --lambda 0.12345678 --lambda 0.12345678"
    result = study("sweep", "run", *values.split(), "--gamma", "0.002")
    assert result.exit_code == 1
    points = paths.read_json(paths.results("smoke") / "sweep/sweep.json")["points"]
    assert [(one["lambda_"], one["gamma"], one["error_percent"]) for one in points] == [
        (0.12345678, 0.002, None),
        (0.12345679, 0.002, 0.12345679),
    ]
    assert points[0]["failed"].startswith("failed; dvc queue logs sweep-")
    assert points[1]["failed"] == ""
    kept = {file.name for file in (paths.results("smoke") / "sweep").glob("*.npz")}
    assert kept == {"channels-lambda0.12345679-gamma0.002.npz"}
    assert not Path("results/smoke/claims.json").exists()  # an experiment leaves the work tree as it is
    shown = study("sweep", "show")
    assert shown.exit_code == 0
    assert "0.12345678  0.002" in shown.stdout
    assert "0.12345679  0.002" in shown.stdout


@pytest.mark.parametrize(("value", "wanted"), [("-1", "greater than or equal to 0"), ("nan", "a finite number")])
@pytest.mark.parametrize("name", ["--lambda", "--gamma"])
def test_a_weight_that_is_none_is_refused_before_anything_is_queued(study, monkeypatch, name, value, wanted):
    monkeypatch.setattr(sweep, "_dvc", lambda *words: pytest.fail(f"called with {words}"))
    result = study("sweep", "run", "--lambda", "1", name, value)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == f"error: {name}: must be {wanted}, got {value}\n"


@pytest.mark.slow
def test_without_a_repository_nothing_is_run(study, checkout):
    result = study("sweep", "run", "--lambda", "1")
    assert result.exit_code == 2
    assert "error: DVC did not queue sweep-" in result.stderr
