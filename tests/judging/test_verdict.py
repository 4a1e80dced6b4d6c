"""What may be said of a number beside the printed one."""

import pytest

from study.judging.measured import SEEDS_AND_UNITS, Measured
from study.judging.verdict import verdict
from study.paper.tables import Cell


def cell(text: str, quantity: str = "top5_error_percent") -> Cell:
    return Cell("table_1", "Ours", "wae_cnn", quantity, "", text, "printed", "")


def error(value: float, low: float, high: float, seeds: int = 3, **more) -> Measured:
    return Measured(value, "accuracy", "basis", {SEEDS_AND_UNITS: (low, high)}, (value,) * seeds, **more)


@pytest.mark.parametrize(
    ("measured", "word"),
    [
        (error(11.874, 11.5, 12.2), "match"),
        (error(12.00, 11.7, 12.3), "match"),  # within half a point, the margin of equivalence
        (error(12.00, 11.9, 12.1), "match"),  # so near, though the difference is significant
        (error(12.00, 11.6, 12.4), "inconclusive"),
        (error(11.87, 11.3, 12.4), "inconclusive"),  # the number itself, in a wide interval
        (error(12.40, 11.873, 12.9), "inconclusive"),  # 11.87 may stand for 11.8749
        (error(12.50, 12.2, 12.8), "differs (worse)"),
        (error(11.20, 10.9, 11.5), "differs (better)"),
    ],
)
def test_an_error_on_the_papers_data_matches_within_the_margin_and_differs_outside_of_its_interval(measured, word):
    assert verdict(cell("11.87"), measured, "lower").word == word


@pytest.mark.parametrize("unlike", ["other data: nothing is recorded of it", "other settings: network.width"])
def test_other_data_or_settings_never_match_whatever_the_number(unlike):
    judged = verdict(cell("11.87"), error(11.87, 11.8, 11.9, unlike=(unlike,)), "lower")
    assert str(judged) == f"not comparable: {unlike}"


@pytest.mark.parametrize(("seeds", "word"), [(1, "cannot tell"), (2, "cannot tell"), (3, "match")])
def test_no_number_matches_with_fewer_seeds_than_the_protocol_asks_for(seeds, word):
    assert verdict(cell("11.87"), error(11.87, 11.8, 11.9, seeds=seeds), "lower").word == word
    assert verdict(cell("11.87"), error(20, 19, 21, seeds=seeds), "lower").word == (
        "differs (worse)" if seeds == 3 else "cannot tell"
    )


def test_a_training_that_has_not_learned_neither_matches_nor_differs():
    for value in (11.87, 99.9):
        measured = error(value, value - 0.1, value + 0.1, unlearned="not learned: seed 1")
        assert str(verdict(cell("11.87"), measured, "lower")) == "cannot tell: not learned: seed 1"


def test_a_time_of_other_hardware_is_not_comparable_and_says_which():
    judged = verdict(cell("3.13", "cpu_speedup"), Measured(3.13, "time", "Some Processor, 1 thread"), "higher")
    assert str(judged) == "not comparable: other hardware (Some Processor, 1 thread)"


def test_higher_is_better_where_the_table_says_so():
    assert verdict(cell("96.13"), error(97.0, 96.8, 97.2), "higher").word == "differs (better)"


def test_a_count_is_compared_at_the_printed_rounding():
    assert verdict(cell("3.89"), Measured(3.8911, "count", "counted"), "lower").word == "match"
    assert str(verdict(cell("4.11"), Measured(4.3819, "count", "counted"), "lower")) == (
        "differs: counted; complexity.md has the other rules"
    )


def test_missing_failed_and_unprinted_are_three_different_things():
    assert verdict(cell("11.87"), None, "lower").word == "missing"
    assert verdict(cell("11.87"), Measured(None, "accuracy", "x", failed="loss nan"), "lower").reason == "loss nan"
    assert verdict(cell(""), error(1, 0, 2), "lower").word == "no printed number"
