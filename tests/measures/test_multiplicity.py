from dataclasses import replace

import numpy as np
import pytest

from study.measures.multiplicity import holm
from tests.measures.simulation import FACES


def test_holm_agrees_with_an_example_worked_by_hand():
    # Sorted .01 .02 .03 .04 times 4 3 2 1: .04 .06 .06 .04, and none below the one before it.
    raw = {"c": 0.03, "a": 0.01, "d": 0.04, "b": 0.02}
    assert holm(raw) == pytest.approx({"c": 0.06, "a": 0.04, "d": 0.06, "b": 0.06})


def test_one_p_value_stays_as_it_is_and_none_exceeds_one():
    assert holm({"a": 0.2}) == {"a": 0.2}
    assert holm({"a": 0.6, "b": 0.7}) == {"a": 1.0, "b": 1.0}
    assert holm({}) == {}


def test_a_family_without_any_difference_has_a_false_one_in_5_percent_of_studies():
    same = replace(FACES, errors=(30.0,) * 9)
    random = np.random.default_rng(8)
    raw_false, adjusted_false = 0, 0
    for _ in range(600):
        study = same.study(random)
        raw = {row: study.estimate({row: 1, "full": -1}).p_value() for row in study.rows[1:]}
        raw_false += min(raw.values()) < 0.05
        adjusted_false += min(holm(raw).values()) < 0.05
    assert raw_false / 600 > 0.10
    assert adjusted_false / 600 < 0.05 + 2 * (0.05 * 0.95 / 600) ** 0.5
