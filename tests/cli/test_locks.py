"""What a killed `dvc` leaves behind is found, and nothing else is taken for it."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from study.cli import checks, locks


@pytest.fixture(autouse=True)
def checkout(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".dvc/tmp").mkdir(parents=True)
    return tmp_path


def held_by(pid: int) -> str:
    return json.dumps({"read": {}, "write": {"/somewhere/models": {"pid": pid, "cmd": "dvc repro"}}})


@pytest.mark.parametrize("content", ["", "{", "\0" * 10])
def test_a_lock_file_that_was_not_written_to_its_end_is_an_error_with_its_remedy(content):
    locks.RWLOCK.write_text(content)
    (found,) = checks.left_behind()
    assert found.level == checks.ERROR
    assert "left by a killed dvc" in found.found
    assert found.fix == f"rm {locks.RWLOCK}"


def test_no_lock_and_a_lock_that_nobody_holds_are_fine():
    assert locks.broken_lock() is None
    locks.RWLOCK.write_text('{"read": {}, "write": {}}')
    assert locks.broken_lock() is None


def test_a_holder_that_is_gone_is_left_to_dvc_and_one_whose_number_was_given_away_is_not():
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    locks.RWLOCK.write_text(held_by(gone.pid))
    assert locks.broken_lock() is None
    locks.RWLOCK.write_text(held_by(os.getpid()))
    assert f"process {os.getpid()} (dvc repro)" in str(locks.broken_lock())


@pytest.fixture
def running(checkout):
    """Starts a process by its command line in the checkout, and ends it behind the test."""
    started = []

    def start(*command: str, **environment: str) -> subprocess.Popen:
        package = checkout / "study/stages"
        package.mkdir(parents=True, exist_ok=True)
        (package / "train.py").write_text("import time\nprint('here', flush=True)\ntime.sleep(60)\n")
        process = subprocess.Popen(
            command,
            cwd=checkout,
            env={**os.environ, "PYTHONPATH": str(checkout), **environment},
            stdout=subprocess.PIPE,
        )
        started.append(process)
        process.stdout.readline()
        return process

    yield start
    for process in started:
        for child in psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []:
            child.kill()
        process.kill()
        process.wait()
        process.stdout.close()


def test_a_stage_without_its_dvc_is_an_error_with_its_remedy(running):
    stage = running(sys.executable, "-m", "study.stages.train", DVC_STAGE="train@0")
    (found,) = checks.left_behind()
    assert found.level == checks.ERROR
    assert f"train@0 goes on as process {stage.pid}" in found.found
    assert found.fix.startswith(f"kill {stage.pid};")


def test_a_stage_under_its_dvc_or_by_hand_or_in_another_checkout_is_none_of_it(running, tmp_path, monkeypatch):
    running(sys.executable, "-m", "study.stages.train")  # by hand
    Path("dvc").write_text(f"import os\nos.system({f'{sys.executable} -m study.stages.train'!r})\n")
    under = running(sys.executable, "dvc", "repro", DVC_STAGE="train@0")
    assert locks.dvc_runs() == [under.pid]
    assert locks.orphans() == []
    for child in psutil.Process(under.pid).children(recursive=True):
        assert child.is_running()
    under.kill()
    under.wait()
    deadline = time.monotonic() + 10
    while not locks.orphans() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert [stage for _, stage in locks.orphans()] == ["train@0"]
    left = locks.orphans()
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert locks.orphans() == []
    for pid, _ in left:
        psutil.Process(pid).kill()


def test_the_cache_is_where_the_configuration_puts_it(checkout):
    assert locks.cache_folder() == Path(".dvc")
    (checkout / "far").mkdir()
    Path(".dvc/config").write_text("[core]\n    analytics = false\n['remote \"x\"']\n    url = /x\n")
    Path(".dvc/config.local").write_text(f"[cache]\n    dir = {checkout / 'far' / 'cache'}\n")
    assert locks.cache_folder() == checkout / "far"


def test_a_full_disk_of_the_cache_is_an_error_before_anything_runs(checkout, monkeypatch):
    (checkout / "far").mkdir()
    Path(".dvc/config.local").write_text(f"[cache]\n    dir = {checkout / 'far'}\n")
    usage = type("Usage", (), {"free": 10**6})
    whole = checks.shutil.disk_usage
    monkeypatch.setattr(
        checks.shutil, "disk_usage", lambda folder: usage if Path(folder).name == "far" else whole(folder)
    )
    assert {one.about for one in checks.disk("smoke") if one.level == checks.ERROR} == {"disk of DVC's cache"}


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root writes everywhere")
def test_a_folder_that_cannot_be_written_to_is_an_error(checkout):
    (checkout / "results").mkdir(mode=0o500)
    assert [one.found for one in checks.disk("smoke") if one.about == "permission"] == ["results cannot be written to"]
