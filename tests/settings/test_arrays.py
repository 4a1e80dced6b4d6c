"""A damaged archive of arrays is one line."""

import numpy as np
import pytest

from study.settings.arrays import archive, read_archive
from study.settings.errors import InvalidData


@pytest.fixture
def file(tmp_path):
    (tmp_path / "a.npz").write_bytes(archive({"ranks": np.arange(1000), "labels": np.ones(3)}))
    return tmp_path / "a.npz"


def test_arrays_are_read_by_name(file):
    found = read_archive(file)
    assert sorted(found) == ["labels", "ranks"] and np.array_equal(found["ranks"], np.arange(1000))


def test_equal_arrays_give_equal_bytes_and_one_without_a_checksum_is_read(tmp_path):
    assert archive({"a": np.arange(9)}) == archive({"a": np.arange(9)})
    np.savez(tmp_path / "b.npz", a=np.arange(9))
    assert np.array_equal(read_archive(tmp_path / "b.npz")["a"], np.arange(9))


@pytest.mark.parametrize(
    "damage",
    [
        lambda whole: b"",
        lambda whole: b"text",
        lambda whole: whole[: len(whole) // 2],
        lambda whole: whole[:100] + bytes(100) + whole[200:],
        lambda whole: bytes(len(whole)),
    ],
    ids=["empty", "text", "cut", "zeros inside", "zeros"],
)
def test_damage_is_one_line(file, damage):
    file.write_bytes(damage(file.read_bytes()))
    with pytest.raises(InvalidData, match=r"a\.npz: not an \.npz of arrays \(.+\); delete it") as caught:
        read_archive(file)
    assert "\n" not in str(caught.value)


def test_every_single_bit_is_noticed_or_changes_nothing(file):
    whole = file.read_bytes()
    before = read_archive(file)
    for place in range(0, len(whole), 7):
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 4]) + whole[place + 1 :])
        try:
            found = read_archive(file)
        except InvalidData:
            continue
        assert found.keys() == before.keys() and all(np.array_equal(found[name], before[name]) for name in before)


def test_an_archive_that_would_run_code_is_refused(tmp_path):
    class Hostile:
        def __reduce__(self):
            return (print, ("executed",))

    np.savez(tmp_path / "a.npz", x=np.array([Hostile()], dtype=object))
    with pytest.raises(InvalidData, match="Object arrays cannot be loaded"):
        read_archive(tmp_path / "a.npz")
