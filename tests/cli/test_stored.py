"""What DVC keeps under other parameters than it was made with is found."""

import pytest
from ruamel.yaml import YAML

from study.cli import checks
from study.settings import config, paths
from study.stages import wae


@pytest.fixture
def lock(tmp_path, monkeypatch):
    """Writes a lock file with an auto-encoder and so much lambda beside a record of the committed parameters."""
    settings = config.load(wae.Settings, "smoke")
    monkeypatch.chdir(tmp_path)
    record = "records/smoke/objects/wae/seed0.json"
    paths.write_json(tmp_path / record, {"stage": "wae", "params_digest": settings.digest()})

    def write(**changed: float) -> None:
        values = {**settings.as_dict(), **changed}
        params = {"lambda": values["lambda"], "sgd": values["sgd"], "scales.smoke.wae": values["wae"]}
        stage = {"cmd": "x", "params": {"params.yaml": params}, "outs": [{"path": record}, {"path": "models"}]}
        with open("dvc.lock", "w", encoding="utf-8") as file:
            YAML(typ="safe").dump({"schema": "2.0", "stages": {"wae@smoke-objects-0": stage}}, file)

    return write


def test_a_record_of_the_parameters_in_the_lock_file_is_fine(lock):
    lock()
    assert list(checks.kept()) == []


def test_a_record_of_other_parameters_is_an_error_with_the_command_that_makes_it_anew(lock):
    lock(**{"lambda": 0.5})
    (found,) = checks.kept()
    assert found.level == checks.ERROR
    assert found.found == "wae@smoke-objects-0: made with other parameters than dvc.lock says"
    assert found.fix == "dvc repro --force --no-run-cache wae@smoke-objects-0"


def test_a_clone_that_ran_nothing_is_fine_and_a_damaged_lock_file_one_line(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert list(checks.kept()) == []
    (tmp_path / "dvc.lock").write_text("stages: [\n")
    (found,) = checks.kept()
    assert found.level == checks.ERROR
    assert "dvc.lock: cannot be read" in found.found
