import numpy as np
import pytest

from study.statistics import image_interval, ratio_interval, seed_interval


def test_the_interval_over_images_agrees_with_the_normal_approximation_for_many_images():
    random = np.random.default_rng(1)
    wrong = (random.random((1, 4000)) < 0.3).astype(float)
    share = wrong.mean()
    half_width = 196 * np.sqrt(share * (1 - share) / 4000)
    low, high = image_interval(wrong)
    assert low == pytest.approx(share * 100 - half_width, abs=0.15)
    assert high == pytest.approx(share * 100 + half_width, abs=0.15)


def test_seeds_that_err_on_the_same_images_do_not_narrow_the_interval_over_images():
    one = (np.random.default_rng(2).random((1, 1000)) < 0.2).astype(float)
    assert image_interval(np.repeat(one, 3, axis=0)) == pytest.approx(image_interval(one))


@pytest.mark.parametrize(("share", "low", "high"), [(0.0, 0.0, 3.62), (1.0, 96.38, 100.0)])
def test_no_error_or_only_errors_have_the_exact_interval_of_a_proportion(share, low, high):
    # Clopper-Pearson for 0 of 100: 1 - 0.025 ** (1 / 100) = 3.62 %.
    assert image_interval(np.full((1, 100), share)) == pytest.approx((low, high), abs=0.01)


def test_the_interval_over_three_seeds_uses_students_t():
    # mean 12, standard error 1/sqrt(3), t(0.975, 2) = 4.3027
    assert seed_interval([11.0, 12.0, 13.0]) == pytest.approx((12 - 4.3027 / 3**0.5, 12 + 4.3027 / 3**0.5), abs=1e-3)


def test_one_seed_has_no_interval():
    with pytest.raises(ValueError, match="at least two, got 1"):
        seed_interval([11.0])


def test_an_exact_ratio_has_a_point_interval_even_when_the_machine_drifts():
    fast = np.linspace(10, 20, 40)
    low, high = ratio_interval(3 * fast, fast)
    assert low == pytest.approx(3.0)
    assert high == pytest.approx(3.0)
