"""Controls on results made in the test."""

import pytest

from study.judging import controls
from study.rendering import controls as page
from study.rendering import markdown, terminal
from study.settings.methods import METHODS, PLACES, evaluated
from tests.made import places, results

ROW, AGAINST = "half_narrow_heads", "half"


def made(**more) -> controls.Controls:
    return controls.controls(places(results(**more)), "desk")


def only(stored: controls.Controls, row: str = ROW, against: str = AGAINST) -> controls.Comparison:
    (one,) = [one for one in stored.comparisons if (one.row, one.against) == (row, against)]
    return one


def test_a_row_that_is_wrong_less_often_on_the_same_images_is_better():
    one = only(made(rows={ROW: 10.0, AGAINST: 40.0, "full": 5.0}))
    for difference in one.differences.values():
        assert (difference.word, difference.difference) == ("better", pytest.approx(-30))
        assert difference.interval[0] < -30 < difference.interval[1] < 0
        assert difference.p_difference < difference.p_difference_adjusted < 0.05


def test_equal_rows_leave_the_question_open_and_say_why():
    one = only(made(rows={ROW: 20.0, AGAINST: 20.0})).differences["top1"]
    assert (one.word, one.reason) == ("cannot tell", "nothing varies between seeds and test units")


def test_a_missing_or_failed_row_is_named_with_its_seed():
    one = only(made(rows={AGAINST: {0: 20.0, 2: 20.0}}, failed={AGAINST: {1: "loss nan"}})).differences["top1"]
    assert one.word == "cannot tell"
    assert one.reason == "VGG16 at half side, narrow heads: not measured; VGG16 at half side: seed 1: loss nan"
    assert (one.row_error_percent, one.against_error_percent, one.difference) == (None, None, None)


def test_every_comparison_is_one_of_evaluated_rows_and_every_control_of_a_record_is_made():
    everything = places(*(results({}, dataset=dataset, backbone=backbone) for dataset, backbone in PLACES))
    comparisons = controls.controls(everything, "desk").comparisons
    for one in comparisons:
        assert {one.row, one.against} <= set(evaluated(one.dataset, one.backbone))
    asked = {(row.word, control.against) for row in METHODS.values() for control in row.controls}
    assert asked
    assert {(one.row, one.against) for one in comparisons} == asked


def test_the_same_numbers_stand_in_every_form():
    stored = made(rows={ROW: 75.0, AGAINST: 80.0}, not_learned={AGAINST: (2,)})
    text = markdown.page(page.page(stored))
    assert "| VGG16 at half side, narrow heads | VGG16 at half side | 75.00 | 80.00 | -5.00 (" in text
    assert "cannot tell: VGG16 at half side not learned: seed 2" in text
    assert "WAE+CNN: not measured" in text
    assert "-5.00 (" in terminal.page(page.page(stored))


def test_a_family_is_not_smaller_for_what_was_not_measured():
    # One row of many was measured: it is corrected for all that are asked for.
    some = only(made(rows={ROW: 10.0, AGAINST: 12.0})).differences["top1"]
    asked = len(made(rows={}).comparisons)
    assert some.p_difference_adjusted == pytest.approx(min(1, asked * some.p_difference))
