import numpy as np
import pytest

from study.measures.statistics import image_interval, paired_interval, ratio_interval, seed_interval


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


@pytest.mark.parametrize("values", [[11.0], [11.0, 11.0, 11.0]])
def test_one_seed_or_equal_seeds_have_no_interval(values):
    with pytest.raises(ValueError, match="two different values at least, got"):
        seed_interval(values)


def test_an_exact_ratio_has_a_point_interval_even_when_the_machine_drifts():
    fast = np.linspace(10, 20, 40)
    low, high = ratio_interval(3 * fast, fast)
    assert low == pytest.approx(3.0)
    assert high == pytest.approx(3.0)


def wrong(share: float, seeds: int, images: int, rng: int) -> np.ndarray:
    return np.random.default_rng(rng).random((seeds, images)) < share


def test_a_network_does_not_differ_from_itself():
    assert paired_interval(wrong(0.3, 3, 500, 1), wrong(0.3, 3, 500, 1)) == (0, 0)


def test_swapping_two_networks_mirrors_their_interval():
    a, b = wrong(0.3, 3, 500, 1), wrong(0.4, 3, 500, 2)
    low, high = paired_interval(a, b)
    assert paired_interval(b, a) == pytest.approx((-high, -low), abs=1e-9)


def test_a_paired_interval_is_the_same_each_time():
    a, b = wrong(0.3, 3, 500, 1), wrong(0.4, 3, 500, 2)
    assert paired_interval(a, b) == paired_interval(a, b)


def test_a_large_difference_excludes_zero_and_has_the_sign_of_a_minus_b():
    low, high = paired_interval(wrong(0.5, 3, 1000, 1), wrong(0.2, 3, 1000, 2))
    assert 20 < low < 30 < high < 40


def test_one_seed_and_many_images_agree_with_the_normal_approximation_of_paired_differences():
    a = wrong(0.3, 1, 4000, 1)
    b = a ^ wrong(0.1, 1, 4000, 2)
    difference = (a.astype(float) - b)[0] * 100
    half_width = 1.96 * difference.std(ddof=1) / np.sqrt(4000)
    expected = (difference.mean() - half_width, difference.mean() + half_width)
    assert paired_interval(a, b) == pytest.approx(expected, abs=0.06)


def test_the_order_of_the_images_matters_only_as_much_as_chance():
    a, b = wrong(0.3, 2, 4000, 1), wrong(0.35, 2, 4000, 2)
    shuffled = np.random.default_rng(3).permutation(4000)
    assert paired_interval(a[:, shuffled], b[:, shuffled]) == pytest.approx(paired_interval(a, b), abs=0.25)


def test_pairing_narrows_the_interval_of_two_networks_that_err_on_the_same_images():
    a = wrong(0.3, 1, 2000, 1)
    b = a | wrong(0.02, 1, 2000, 2)
    low, high = paired_interval(b, a)
    unpaired_low, unpaired_high = paired_interval(b, a[:, np.random.default_rng(3).permutation(2000)])
    assert high - low < (unpaired_high - unpaired_low) / 3


def test_seeds_that_disagree_widen_the_interval_to_students_t():
    # Differences of 2, 0 and 0 points: mean and standard error are 2/3, t(0.975, 2) = 4.3027. No resample is below 0.
    a, b = np.zeros((3, 50), dtype=bool), np.zeros((3, 50), dtype=bool)
    a[0, 0] = True
    low, _ = paired_interval(a, b)
    assert low == pytest.approx(2 / 3 - 4.3027 * 2 / 3, abs=1e-3)


def test_a_difference_never_exceeds_all_images():
    a, b = np.zeros((3, 50), dtype=bool), np.zeros((3, 50), dtype=bool)
    a[0] = True
    assert paired_interval(a, b) == (-100, 100)
    assert paired_interval(a[:1], b[:1]) == (100, 100)


def test_seeds_are_paired_by_position():
    hard_and_easy = np.array([[True] * 50, [False] * 50])
    assert paired_interval(hard_and_easy, hard_and_easy) == (0, 0)
    low, high = paired_interval(hard_and_easy, hard_and_easy[::-1])
    assert (low, high) == (-100, 100)


def test_arrays_of_different_images_cannot_be_paired():
    with pytest.raises(ValueError, match=r"one shape, got \(1, 10\) and \(1, 9\)"):
        paired_interval(np.zeros((1, 10)), np.zeros((1, 9)))
