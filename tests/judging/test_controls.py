"""Controls on ranks made in the test."""

import csv
import io
import json

import numpy as np
import pytest

from study.judging import controls
from study.judging.measured import Measured
from study.rendering import section, views
from study.settings.methods import TRAINED, evaluated


def measured(wrong: list[list[int]]) -> Measured:
    array = np.array(wrong, dtype=bool)
    return Measured(float(array.mean() * 100), "accuracy", "desk", classes=10, wrong=array)


def found(**rows) -> dict:
    return {("objects", "vgg16", method, "top1_error_percent", ""): value for method, value in rows.items()}


def only(row: str, against: str, numbers: dict) -> controls.Comparison:
    (one,) = [
        one for one in controls.comparisons(numbers) if (one.dataset, one.row, one.against) == ("objects", row, against)
    ]
    return one


def test_a_row_that_is_wrong_less_often_on_the_same_images_has_the_lower_error():
    better = [[0] * 90 + [1] * 10] * 2
    worse = [[0] * 60 + [1] * 40] * 2
    one = only("half_narrow_heads", "half", found(half_narrow=measured(better), half=measured(worse)))
    assert (one.outcome, one.difference) == ("lower", pytest.approx(-30))
    assert one.interval[0] < -30 < one.interval[1] < 0


def test_equal_rows_cannot_be_told_apart():
    same = measured([[0, 1] * 20, [1, 0] * 20])
    assert only("half_narrow_heads", "half", found(half_narrow=same, half=same)).outcome == "cannot tell"


def test_a_missing_or_failed_row_is_named():
    failed = Measured(None, "accuracy", "desk", failed="seed 1: loss nan")
    one = only("half_narrow_heads", "half", found(half=failed))
    assert one.outcome == "cannot tell"
    assert one.reason == (
        "at half resolution, with the narrower heads of ours is not measured; "
        "at half resolution failed: seed 1: loss nan"
    )


def test_every_compared_row_is_evaluated_and_has_a_name():
    for _, dataset, backbone, row, against in controls.COMPARISONS:
        assert {row, against} <= set(evaluated(dataset, backbone)) & set(controls.NAMES)
    assert (set(TRAINED["objects", "vgg16"]) & set(controls.NAMES)) - {
        method for _, _, _, *pair in controls.COMPARISONS for method in pair
    } == set()


def test_the_same_numbers_stand_in_markdown_and_csv():
    numbers = found(half_narrow=measured([[0, 1, 1, 1]] * 2), half=measured([[1, 1, 1, 1]] * 2))
    compared = controls.comparisons(numbers)
    lines = {(line["row"], line["against"]): line for line in csv.DictReader(io.StringIO(controls.as_csv(compared)))}
    assert float(lines["half_narrow_heads", "half"]["difference"]) == -25
    text = controls.as_markdown(compared, "desk")
    assert "| 75.00 | at half resolution | 100.0 | -25.00 (" in text
    assert "ours is not measured" in text
    terminal = section.plain(views.controls(json.loads(controls.as_json(compared, "desk"))))
    assert "-25.00 (" in terminal
