import pytest

from study.judging.measured import Measured
from study.judging.verdict import verdict
from study.paper.tables import Cell


def cell(text: str, quantity: str = "top5_error_percent") -> Cell:
    return Cell("table_1", "Ours", "wae_cnn", quantity, "", text, "printed", "")


def error(value: float, low: float, high: float, basis: str = "paper, imagenet") -> Measured:
    return Measured(value, "accuracy", basis, {"test images": (low, high)})


@pytest.mark.parametrize(
    ("measured", "word"),
    [
        (error(11.874, 11.5, 12.2), "match"),
        (error(12.00, 11.7, 12.3), "indistinguishable"),
        (error(12.20, 11.873, 12.5), "indistinguishable"),  # 11.87 may stand for 11.8749
        (error(12.50, 12.2, 12.8), "differs (worse)"),
        (error(11.20, 10.9, 11.5), "differs (better)"),
    ],
)
def test_an_error_on_the_papers_data_is_judged_by_its_intervals_and_the_rounding(measured, word):
    assert verdict(cell("11.87"), measured, "lower").word == word


@pytest.mark.parametrize(
    "basis", ["desk, photographs", "smoke, photographs", "photos, folder", "desk, imagenet", "paper, folder"]
)
def test_other_data_or_another_scale_never_match_whatever_the_number(basis):
    judged = verdict(cell("11.87"), error(11.87, 11.8, 11.9, basis), "lower")
    assert judged.word == "not comparable"
    assert basis in judged.reason


def test_a_time_of_other_hardware_is_not_comparable_and_says_which():
    judged = verdict(cell("3.13", "cpu_speedup"), Measured(3.13, "time", "Some Processor, 1 thread"), "higher")
    assert str(judged) == "not comparable: other hardware (Some Processor, 1 thread)"


def test_higher_is_better_where_the_table_says_so():
    assert verdict(cell("96.13"), error(97.0, 96.8, 97.2, "paper, imagenet"), "higher").word == "differs (better)"


def test_another_subset_of_cacd_is_not_the_papers():
    assert verdict(cell("96.13"), error(96.13, 96, 97, "paper, cacd"), "higher").word == "not comparable"


def test_a_count_is_compared_at_the_printed_rounding():
    assert verdict(cell("3.89"), Measured(3.8911, "count", "counted"), "lower").word == "match"
    assert str(verdict(cell("4.11"), Measured(4.3819, "count", "counted"), "lower")) == (
        "differs: counted; complexity.md has the other rules"
    )


def test_missing_failed_and_unprinted_are_three_different_things():
    assert verdict(cell("11.87"), None, "lower").word == "missing"
    assert verdict(cell("11.87"), Measured(None, "accuracy", "x", failed="loss nan"), "lower").reason == "loss nan"
    assert verdict(cell(""), error(1, 0, 2), "lower").word == "no printed number"


def test_the_widest_of_two_intervals_counts():
    measured = Measured(13.0, "accuracy", "paper, imagenet", {"test images": (12.9, 13.1), "seeds": (11.0, 15.0)})
    assert verdict(cell("11.87"), measured, "lower").word == "indistinguishable"
