from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from study.measures.endpoint import NO_LOSS, share, share_won_back
from study.settings.errors import InvalidData
from tests.measures.simulation import FACES, IMAGES, PATCHES, coverage


@pytest.mark.parametrize(
    ("error", "percent"),
    [
        ("11.87", "94.6"),  # ours
        ("12.21", "86.3"),  # ours without fine-tuning
        ("12.98", "67.4"),  # Decomposition+CNN
        ("14.20", "37.5"),  # I_L alone
        ("14.42", "32.1"),  # Wavelet+CNN
        ("15.92", "-4.7"),  # cA alone
        ("12.08", "89.5"),  # ThiNet-GAP
    ],
)
def test_the_papers_rows_win_back_these_shares_of_the_top5_loss(error, percent):
    won = share(Decimal(error), full=Decimal("11.65"), half=Decimal("15.73"))
    assert round(100 * won, 1) == Decimal(percent)


def test_equal_errors_at_both_resolutions_leave_nothing_to_win_back():
    with pytest.raises(InvalidData, match=NO_LOSS):
        share(11.0, full=12.0, half=12.0)


@pytest.fixture(scope="module")
def study():
    return FACES.study(np.random.default_rng(1))


def test_the_share_is_that_of_the_mean_errors(study):
    full, half, wae_cnn = study.error_percent[:3].mean(axis=1)
    assert share_won_back(study, "wae_cnn", full="full", half="half").value == pytest.approx(share(wae_cnn, full, half))


def test_the_ends_of_fiellers_interval_are_where_its_test_turns(study):
    won = share_won_back(study, "wae_cnn", full="full", half="half")
    low, high = won.interval(0.05)
    assert low < won.value < high
    assert won.p_value(low) == pytest.approx(0.05, abs=1e-5)
    assert won.p_value(high) == pytest.approx(0.05, abs=1e-5)


def test_the_half_size_row_wins_back_nothing_and_the_full_one_all(study):
    assert share_won_back(study, "half", full="full", half="half").interval() == pytest.approx((0, 0), abs=1e-6)
    assert share_won_back(study, "full", full="full", half="half").interval() == pytest.approx((1, 1), abs=1e-6)


def test_without_a_significant_loss_the_interval_has_no_bounds():
    errors = (30.0, 30.0, 33.0, *FACES.errors[3:])
    same = replace(FACES, errors=errors).study(np.random.default_rng(2))
    won = share_won_back(same, "wae_cnn", full="full", half="half")
    assert won.no_loss()
    assert won.interval() == (-np.inf, np.inf)


def test_a_half_size_row_that_is_better_than_the_full_one_has_no_loss():
    better = replace(FACES, errors=(40.0, 20.0, 33.0, *FACES.errors[3:])).study(np.random.default_rng(3))
    won = share_won_back(better, "wae_cnn", full="full", half="half")
    assert won.crossed.estimate({"half": 1, "full": -1}).p_value() < 0.05
    assert won.no_loss()


@pytest.mark.parametrize(
    "design", [PATCHES, replace(IMAGES, name="1,000 single images", sizes=(1,) * 1000)], ids=lambda design: design.name
)
def test_where_the_loss_is_small_the_share_is_covered_or_unbounded(design):
    small = replace(design, errors=(30.0, 32.0, 30.6, *design.errors[3:]))
    found = coverage(small, studies=500, seed=4)
    assert found["no loss"] > 50
    assert found["share"] >= 93
