"""Controls on ranks made in the test."""

import csv
import io

import numpy as np
import pytest

from study.judging import controls
from study.judging.measured import Measured
from study.rendering import controls as page
from study.rendering import csv as lines
from study.rendering import markdown, terminal
from study.settings.methods import METHODS, evaluated


def measured(wrong: list[list[int]]) -> Measured:
    array = np.array(wrong, dtype=bool)
    return Measured(float(array.mean() * 100), "accuracy", "desk", classes=10, wrong=array)


def found(**rows: Measured) -> dict:
    return {("objects", "vgg16", method, "top1_error_percent", ""): value for method, value in rows.items()}


def only(row: str, against: str, numbers: dict) -> controls.Comparison:
    (one,) = [
        one
        for one in controls.controls(numbers, "desk").comparisons
        if (one.dataset, one.backbone, one.row, one.against) == ("objects", "vgg16", row, against)
    ]
    return one


def test_a_row_that_is_wrong_less_often_on_the_same_images_has_the_lower_error():
    better = [[0] * 90 + [1] * 10] * 2
    worse = [[0] * 60 + [1] * 40] * 2
    one = only("half_narrow_heads", "half", found(half_narrow_heads=measured(better), half=measured(worse)))
    assert (one.outcome, one.difference) == ("lower", pytest.approx(-30))
    assert one.interval[0] < -30 < one.interval[1] < 0


def test_equal_rows_leave_the_question_open():
    same = measured([[0, 1] * 20, [1, 0] * 20])
    assert only("half_narrow_heads", "half", found(half_narrow_heads=same, half=same)).outcome == "cannot tell"


def test_a_missing_or_failed_row_is_named():
    failed = Measured(None, "accuracy", "desk", failed="seed 1: loss nan")
    one = only("half_narrow_heads", "half", found(half=failed))
    assert one.outcome == "cannot tell"
    assert one.reason == (
        "VGG16 at half side, narrow heads is not measured; VGG16 at half side failed: seed 1: loss nan"
    )


def test_every_comparison_is_one_of_evaluated_rows_and_every_control_of_a_record_is_made():
    made = controls.controls({}, "desk").comparisons
    for one in made:
        assert {one.row, one.against} <= set(evaluated(one.dataset, one.backbone))
    asked = {(row.word, control.against) for row in METHODS.values() for control in row.controls}
    assert asked
    assert {(one.row, one.against) for one in made} == asked


def test_the_same_numbers_stand_in_every_form():
    numbers = found(half_narrow_heads=measured([[0, 1, 1, 1]] * 2), half=measured([[1, 1, 1, 1]] * 2))
    stored = controls.controls(numbers, "desk")
    read = csv.DictReader(io.StringIO(lines.lines(stored.comparisons)))
    line = next(line for line in read if (line["row"], line["against"]) == ("half_narrow_heads", "half"))
    assert (float(line["difference"]), float(line["row_error_percent"])) == (-25, 75)
    assert float(line["interval_low"]) <= -25
    text = markdown.page(page.page(stored))
    assert "| VGG16 at half side, narrow heads | VGG16 at half side | 75.00 | 100.0 | -25.00 (" in text
    assert "WAE+CNN is not measured" in text
    assert "-25.00 (" in terminal.page(page.page(stored))
