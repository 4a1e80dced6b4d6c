"""Intervals of one network's error."""

import numpy as np
import pytest
from scipy.stats import binomtest

from study.measures.proportion import error_interval
from study.settings.errors import InvalidData


def missed(wrong: int, images: int) -> np.ndarray:
    return np.arange(images) < wrong


@pytest.mark.parametrize(("wrong", "images"), [(5935, 50_000), (3, 40), (39, 40)])
def test_images_drawn_alone_have_wilsons_interval(wrong, images):
    expected = binomtest(wrong, images).proportion_ci(0.95, method="wilson")
    found = error_interval(missed(wrong, images), np.arange(images), 0.05)
    # One image less enters, since the variance is estimated.
    assert found == pytest.approx((100 * expected.low, 100 * expected.high), rel=0.02)


def test_the_papers_error_on_imagenet_is_known_to_three_tenths_of_a_point():
    low, high = error_interval(missed(5935, 50_000), np.arange(50_000), 0.05)
    assert (round(low, 2), round(high, 2)) == (11.59, 12.16)


def test_images_drawn_together_count_as_one():
    wrong = missed(30, 200)
    alone = error_interval(wrong, np.arange(200), 0.05)
    doubled = error_interval(np.repeat(wrong, 2), np.repeat(np.arange(200), 2), 0.05)
    assert doubled == pytest.approx(alone, rel=1e-9)


def test_no_error_at_all_still_has_an_upper_end():
    low, high = error_interval(missed(0, 100), np.arange(100), 0.05)
    assert low == pytest.approx(0)
    assert 3 < high < 4
    with pytest.raises(InvalidData, match="needs two independent ones at least, got 1"):
        error_interval(missed(1, 10), np.zeros(10, dtype=np.int64), 0.05)


def test_nineteen_of_twenty_intervals_hold_the_share():
    random = np.random.default_rng(0)
    held = 0
    for _ in range(1000):
        by_unit = random.random(300) < random.beta(2, 10, 300)
        low, high = error_interval(np.repeat(by_unit, 3), np.repeat(np.arange(300), 3), 0.05)
        held += low <= 100 / 6 <= high
    assert 930 <= held <= 970
