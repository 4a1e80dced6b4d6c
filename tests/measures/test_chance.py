import numpy as np
import pytest

from study.measures import chance
from study.settings.protocol import protocol


def test_the_majority_baseline_names_the_most_frequent_class():
    assert chance.majority_error_percent(np.array([0, 0, 0, 1])) == 25.0


def test_learning_starts_a_point_and_five_standard_errors_below_the_majority_baseline():
    # 1,000 images of 10 equal classes: 90 % error, standard error 0.949 points, five of them 4.74.
    labels = np.repeat(np.arange(10), 100)
    assert chance.learned_below_percent(labels) == pytest.approx(90 - 5 * 0.948683, abs=1e-4)


def test_with_very_many_images_a_whole_point_is_asked_for():
    labels = np.repeat(np.arange(1000), 1300)
    assert chance.learned_below_percent(labels) == pytest.approx(99.9 - 1.0)


def test_the_rule_is_the_registered_one():
    learned = protocol().training["learned"]
    assert (learned["least_points"], learned["standard_errors"]) == (chance.LEAST_POINTS, chance.STANDARD_ERRORS)
