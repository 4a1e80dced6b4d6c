import numpy as np
import pytest
import torch
from torch.testing import assert_close

from study.measures.noise import noisy

GREY = torch.full((4, 3, 64, 64), 0.5)
NUMBERS = np.arange(4)


@pytest.mark.parametrize("variance", [0.0001, 0.001, 0.01])
def test_noise_has_mean_zero_and_the_given_variance(variance):
    noise = noisy(GREY, NUMBERS, variance, seed=0) - GREY
    assert noise.var().item() == pytest.approx(variance, rel=0.02)
    assert abs(noise.mean().item()) < 3 * (variance / noise.numel()) ** 0.5


def test_noisy_pixels_stay_in_their_range():
    disturbed = noisy(GREY, NUMBERS, 0.1, seed=0)
    assert (disturbed.min().item(), disturbed.max().item()) == (0.0, 1.0)


def test_no_variance_changes_nothing():
    assert_close(noisy(GREY, NUMBERS, 0.0, seed=0), GREY, rtol=0, atol=0)


def test_the_noise_of_a_picture_does_not_depend_on_its_batch():
    whole = noisy(GREY, NUMBERS, 0.01, seed=0)
    assert_close(noisy(GREY[2:], NUMBERS[2:], 0.01, seed=0), whole[2:], rtol=0, atol=0)
    assert not torch.equal(whole[0], whole[1])
    assert not torch.equal(noisy(GREY, NUMBERS, 0.01, seed=1), whole)


def test_a_larger_variance_scales_the_same_draw():
    small, large = (noisy(GREY, NUMBERS, variance, seed=0) - GREY for variance in (0.0001, 0.0004))
    assert_close(large, 2 * small, rtol=1e-4, atol=1e-6)


def test_a_negative_variance_is_refused():
    with pytest.raises(ValueError, match=r"noise variance must be >= 0, got -0.1"):
        noisy(GREY, NUMBERS, -0.1, seed=0)
