"""Where a sweep reads its experiments from."""

import subprocess

import pytest
from typer.testing import CliRunner

from study.cli import sweep
from study.cli.app import app


def git(*words: str) -> str:
    return subprocess.run(["git", *words], check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def experiment(tmp_path, monkeypatch) -> str:
    """A repository with one experiment as DVC leaves it; returns its commit."""
    monkeypatch.chdir(tmp_path)
    git("init", "-q")
    for name in ("tables/table_1.json", "reconstruction/objects.json", "claims.json"):
        file = tmp_path / "results" / "smoke" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f'{{"file": "{name}"}}')
    git("add", "-A")
    git("-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-qm", "experiment")
    commit = git("rev-parse", "HEAD")
    git("update-ref", f"refs/exps/{commit[:2]}/{commit[2:]}/sweep-lambda-10-gamma-0.001", commit)
    git("update-ref", "refs/exps/exec/EXEC_HEAD", commit)
    return commit


def test_an_experiment_is_found_by_its_name_and_read_without_checking_it_out(experiment):
    assert sweep.revisions() == {sweep.name_of(10, 0.001): experiment}
    (sweep.paths.results("smoke") / "claims.json").unlink()
    assert sweep.stored_at(experiment, "smoke")["claims.json"] == {"file": "claims.json"}


def test_a_result_that_an_experiment_lacks_is_named(experiment):
    with pytest.raises(sweep.Failed, match=r"results/desk/tables/table_1.json"):
        sweep.stored_at(experiment, "desk")


def test_a_weight_below_zero_is_refused_before_anything_is_queued():
    found = CliRunner().invoke(app, ["sweep", "run", "--lambda", "-1"])
    assert found.exit_code == 2
    assert "must be at least 0, got -1" in found.output
