"""What a result was made with is found quickly, and on every machine."""

import os
import subprocess
import sys
from pathlib import Path

import cpuinfo
import psutil
import pytest

from study.settings import provenance
from study.settings.errors import InvalidData


def git(*words: str) -> str:
    command = ["git", "-c", "user.name=test", "-c", "user.email=test@invalid", *words]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def checkout(tmp_path, monkeypatch) -> Path:
    """A repository with one commit, and git as it is set up nowhere."""
    for variable in ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"):
        monkeypatch.setenv(variable, os.devnull)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "study").mkdir()
    (tmp_path / "study/code.py").write_text("a = 1\n")
    for words in (["init"], ["add", "."], ["commit", "--message", "start"]):
        git(*words)
    return tmp_path


def test_the_commit_is_named_and_changed_code_is_told(checkout):
    commit = git("rev-parse", "--short=12", "HEAD")
    assert provenance.code_commit() == commit
    (checkout / "notes.txt").touch()  # no code
    assert provenance.code_commit() == commit
    (checkout / "study/code.py").write_text("a = 2\n")
    assert provenance.code_commit() == f"{commit}+changes"


def test_a_checkout_of_another_owner_is_refused_with_the_remedy_of_git(checkout, monkeypatch):
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")  # what git's own tests set
    with pytest.raises(InvalidData) as fault:
        provenance.code_commit()
    assert str(fault.value).endswith(f"git config --global --add safe.directory {checkout}")
    assert "\n" not in str(fault.value)


def test_a_folder_that_is_no_checkout_has_no_commit(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert provenance.code_commit() == "unknown"


def test_the_processor_has_the_name_that_py_cpuinfo_finds():
    assert " ".join(provenance.processor().split()) == cpuinfo.get_cpu_info()["brand_raw"]


def test_a_system_that_does_not_name_its_processor_is_asked_by_py_cpuinfo(tmp_path, monkeypatch):
    monkeypatch.setattr(cpuinfo, "get_cpu_info", lambda: {"brand_raw": "Example M1"})
    monkeypatch.setattr(provenance, "CPUINFO", tmp_path / "cpuinfo")
    assert provenance.processor() == "Example M1"
    (tmp_path / "cpuinfo").write_text("processor\t: 0\nCPU implementer\t: 0x41\n")  # Linux on ARM
    assert provenance.processor() == "Example M1"


def test_provenance_is_imported_without_py_cpuinfo_and_without_torch():
    seen = "import sys, study.settings.provenance; print({'cpuinfo', 'torch'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", seen], capture_output=True, text=True).stdout.strip() == "set()"


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="this system has no affinity")
def test_a_process_that_is_bound_to_one_processor_has_one():
    before = os.sched_getaffinity(0)
    try:
        os.sched_setaffinity(0, {min(before)})
        assert provenance.cores() == 1
    finally:
        os.sched_setaffinity(0, before)
    assert provenance.cores() == len(before)


def test_a_container_limits_the_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(provenance, "CGROUP", tmp_path)
    free = provenance.available_memory_bytes()
    assert free > 0
    (tmp_path / "memory.current").write_text("1000\n")
    (tmp_path / "memory.max").write_text("4000\n")
    assert provenance.available_memory_bytes() == 3000
    (tmp_path / "memory.max").write_text("max\n")
    assert provenance.available_memory_bytes() > 3000
    (tmp_path / "memory.current").unlink()
    (tmp_path / "memory.max").unlink()
    (tmp_path / "memory").mkdir()  # version 1
    (tmp_path / "memory/memory.usage_in_bytes").write_text("1000\n")
    (tmp_path / "memory/memory.limit_in_bytes").write_text("3000\n")
    assert provenance.available_memory_bytes() == 2000
    (tmp_path / "memory/memory.limit_in_bytes").write_text("9223372036854771712\n")  # no limit
    assert provenance.available_memory_bytes() > 3000


@pytest.mark.parametrize(
    ("files", "cores"),
    [
        ({"cpu.max": "100000 100000"}, 1),
        ({"cpu.max": "50000 100000"}, 1),
        ({"cpu.max": "250000 100000"}, 2),
        ({"cpu.max": "max 100000"}, 64),
        ({"cpu/cpu.cfs_quota_us": "300000", "cpu/cpu.cfs_period_us": "100000"}, 3),
        ({"cpu/cpu.cfs_quota_us": "-1", "cpu/cpu.cfs_period_us": "100000"}, 64),
        ({"cpu.max": "damaged"}, 64),
        ({}, 64),
    ],
)
def test_a_container_limits_the_processors(tmp_path, monkeypatch, files, cores):
    monkeypatch.setattr(provenance, "CGROUP", tmp_path)
    monkeypatch.setattr(psutil.Process, "cpu_affinity", lambda _: list(range(64)), raising=False)
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(f"{content}\n")
    assert provenance.cores() == cores
