"""Names of images that processes share."""

import pickle

import pytest

from study.data.names import Names

TEXTS = ["a/1.jpg", "", "ü/ß – 2.jpg", "b"]


def test_names_come_back_by_number():
    names = Names(TEXTS)
    assert [names[number] for number in range(len(names))] == TEXTS
    assert len(Names([])) == 0


@pytest.mark.parametrize("number", [-1, 4])
def test_there_is_no_name_beyond_the_last(number):
    with pytest.raises(IndexError):
        Names(TEXTS)[number]


def test_a_million_names_are_two_objects():
    names = Names(f"n00000000/n00000000_{number}.JPEG" for number in range(100_000))
    assert names[99_999] == "n00000000/n00000000_99999.JPEG"
    assert len(vars(names)) == 2
    assert len(pickle.dumps(names)) < 100_000 * (len(names[99_999]) + 8 + 1)
