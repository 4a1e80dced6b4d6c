"""JSON files carry a checksum, so that damage and edits are noticed."""

import errno
import json
import os
import subprocess
import sys

import pytest

from study.settings import paths
from study.settings.errors import InvalidData

VALUE = {"error_percent": 33.4, "runs": [{"seed": 0}], 3: None, "name": "caf\u00e9"}


def test_what_is_written_is_read_without_its_checksum(tmp_path):
    file = tmp_path / "a.json"
    paths.write_json(file, VALUE)
    assert paths.read_json(file) == {"error_percent": 33.4, "runs": [{"seed": 0}], "3": None, "name": "caf\u00e9"}
    paths.write_json(file, paths.read_json(file))
    assert paths.read_json(file)["error_percent"] == 33.4


def test_another_layout_is_the_same_value(tmp_path):
    file = tmp_path / "a.json"
    paths.write_json(file, VALUE)
    file.write_text(json.dumps(json.loads(file.read_text()), sort_keys=True))
    paths.read_json(file)


@pytest.mark.parametrize(("old", "new"), [("33.4", "33.5"), ('"seed"', '"sead"'), ("0\n", "1\n"), ("null", "0")])
def test_a_changed_value_is_one_line(tmp_path, old, new):
    file = tmp_path / "a.json"
    paths.write_json(file, VALUE)
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))
    with pytest.raises(InvalidData, match=r"a\.json: damaged or edited, its checksum is another; delete it and make"):
        paths.read_json(file)


def test_a_file_without_a_checksum_and_what_is_no_dictionary_are_read_as_they_are(tmp_path):
    file = tmp_path / "a.json"
    file.write_text('{"a": 1}')
    assert paths.read_json(file) == {"a": 1}
    paths.write_json(file, [1, 2])
    assert json.loads(file.read_text()) == [1, 2]
    paths.write_json(file, {"a": 1}, checksum=False)
    assert json.loads(file.read_text()) == {"a": 1}


def test_what_a_killed_process_left_goes_and_what_another_is_writing_stays(tmp_path):
    killed = subprocess.Popen([sys.executable, "-c", ""])
    killed.wait()
    left, going_on = (tmp_path / f"a.json.{number}.part" for number in (killed.pid, os.getppid()))
    left.touch()
    going_on.touch()
    paths.write_json(tmp_path / "a.json", VALUE)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a.json", going_on.name]


def test_two_processes_that_write_one_file_at_once_both_succeed(tmp_path):
    program = (
        "import sys; from pathlib import Path; from study.settings import paths\n"
        "for _ in range(100): paths.write_json(Path(sys.argv[1]), {'a': [1] * 10000})"
    )
    both = [subprocess.Popen([sys.executable, "-c", program, str(tmp_path / "a.json")]) for _ in range(2)]
    assert [one.wait() for one in both] == [0, 0]
    assert paths.read_json(tmp_path / "a.json") == {"a": [1] * 10000}
    assert len(list(tmp_path.iterdir())) == 1


def test_a_full_disk_names_the_file_and_the_sizes_and_leaves_what_was_there(tmp_path, monkeypatch):
    file = tmp_path / "a.json"
    file.write_text("before")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(paths.os, "fsync", full)
    with pytest.raises(OSError, match=r"no room on the disk for 2\.0 MB, [\d.]+ MB are free; make room") as told:
        paths.write_bytes(file, bytes(2_000_000))
    assert told.value.filename == str(file)
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]
    assert file.read_text() == "before"
