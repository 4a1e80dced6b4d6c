"""A run against the reference run."""

import pytest

from study.judging.differences import Stored
from study.judging.reference import DIFFERENT, EQUAL, TIME, WITHIN, checked, same_machine


def cell(measured, quantity="top1_error_percent", verdict="not comparable", reason=""):
    return {"measured": measured, "quantity": quantity, "verdict": verdict, "reason": reason}


def state(reference, here, *, same):
    (found,) = checked(Stored({"one": reference}, {}), Stored({"one": here}, {}), same=same)
    assert found.state == EQUAL or found.why
    return found.state


@pytest.mark.parametrize(
    ("reference", "here", "same", "elsewhere"),
    [
        (cell(33.0), cell(33.0), EQUAL, EQUAL),
        (cell(33.0), cell(33.1), DIFFERENT, WITHIN),
        (cell(33.0), cell(38.1), DIFFERENT, DIFFERENT),
        (cell(4.38, "multiply_adds_billion"), cell(4.39, "multiply_adds_billion"), DIFFERENT, DIFFERENT),
        (cell(206.0, "cpu_ms"), cell(900.0, "cpu_ms"), TIME, TIME),
        (cell(2.8, "cpu_speedup"), cell(3.3, "cpu_speedup"), TIME, TIME),
        (cell(2.8, "cpu_speedup"), cell(1.2, "cpu_speedup"), DIFFERENT, DIFFERENT),
        (cell(None, verdict="missing"), cell(None, verdict="missing"), EQUAL, EQUAL),
        (cell(None, verdict="missing"), cell(None, verdict="failed", reason="diverged"), DIFFERENT, DIFFERENT),
        (cell(33.0), cell(None, verdict="missing", reason="not trained yet"), DIFFERENT, DIFFERENT),
        (cell(None, verdict="missing", reason="not trained yet"), cell(33.0), DIFFERENT, DIFFERENT),
    ],
)
def test_a_cell_is_equal_near_enough_elsewhere_or_different_for_a_reason(reference, here, same, elsewhere):
    assert state(reference, here, same=True) == same
    assert state(reference, here, same=False) == elsewhere


def test_a_cell_that_came_or_went_is_different_and_stands_first():
    found = checked(
        Stored({"a": cell(1.0), "b": cell(1.0)}, {}), Stored({"a": cell(1.0), "c": cell(1.0)}, {}), same=True
    )
    assert [(one.state, one.name) for one in found] == [(DIFFERENT, "b"), (DIFFERENT, "c"), (EQUAL, "a")]


def test_bits_are_asked_for_where_hardware_and_packages_are_the_same():
    one = {"hardware": {"processor": "A", "cores": 2}, "packages": {"torch": "2.11.0"}}
    assert same_machine(one, {**one, "finished": "later"})
    assert not same_machine(one, {**one, "hardware": {"processor": "A", "cores": 4}})
