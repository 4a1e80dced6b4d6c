"""Work in processes of their own."""

import os

import pytest

from study.settings.errors import InvalidData, StudyError
from study.speed.processes import in_a_fresh_process


def prepare() -> None:
    os.environ["PREPARED"] = "yes"


def place(word: str) -> tuple[int, str, str]:
    return os.getpid(), os.environ["PREPARED"], word


def fail() -> None:
    raise InvalidData("photo.png: broken")


def die() -> None:
    os._exit(9)


def test_every_piece_of_work_has_a_prepared_process_of_its_own():
    first, second = (in_a_fresh_process(prepare, place, word) for word in ("one", "two"))
    assert (first[1:], second[1:]) == (("yes", "one"), ("yes", "two"))
    assert len({first[0], second[0], os.getpid()}) == 3


def test_a_fault_of_the_work_comes_out_as_it_is():
    with pytest.raises(InvalidData, match="photo.png: broken"):
        in_a_fresh_process(prepare, fail)


def test_a_process_that_is_killed_is_one_line():
    with pytest.raises(StudyError, match="die: its process was ended from outside, most likely for want of memory"):
        in_a_fresh_process(prepare, die)
