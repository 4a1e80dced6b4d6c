"""Laws of the spectrum."""

import numpy as np
import pytest

from study.spectrum import radial_power


@pytest.mark.parametrize("side", [20, 40])
def test_white_noise_has_its_variance_at_every_frequency_whatever_the_side(side):
    noise = np.random.default_rng(0).normal(0, 3, (4000, side, side))
    frequency, power = radial_power(noise)
    assert frequency[0] == 1 / side
    assert frequency[-1] == 0.5
    assert power[1:] == pytest.approx(np.full(side // 2 - 1, 9.0), rel=0.05)


def test_a_sine_has_its_peak_at_its_frequency():
    across = np.sin(2 * np.pi * 8 / 64 * np.arange(64))
    frequency, power = radial_power(np.tile(across, (1, 64, 1)))
    assert frequency[power.argmax()] == 8 / 64


def test_a_constant_has_no_power():
    assert radial_power(np.full((2, 16, 16), 7.0))[1] == pytest.approx(np.zeros(8))


def test_pictures_that_are_not_square_are_refused():
    with pytest.raises(ValueError, match="16x20"):
        radial_power(np.zeros((1, 16, 20)))
