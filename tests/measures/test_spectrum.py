import numpy as np
import pytest

from study.measures.spectrum import radial_power


@pytest.fixture
def random():
    return np.random.default_rng(0)


@pytest.mark.parametrize("spacing", [1, 2])
def test_the_spectrum_of_white_noise_is_flat_at_its_variance_times_the_area_of_a_sample(random, spacing):
    frequencies, power = radial_power(random.normal(0, 3.0, (200, 3, 32, 32)), spacing)
    assert power == pytest.approx(np.full(15, 9.0 * spacing**2), rel=0.05)
    assert frequencies[-1] == 0.5 / spacing


@pytest.mark.parametrize("cycles", [3, 8, 13])
def test_a_sine_has_its_peak_at_its_frequency(cycles):
    across = np.arange(40)
    image = np.sin(2 * np.pi * cycles / 40 * across)[None, None, None, :].repeat(40, axis=2)
    frequencies, power = radial_power(image, 1)
    assert frequencies[power.argmax()] == cycles / 40


def test_a_smooth_picture_has_one_spectrum_at_full_and_at_half_resolution(random):
    side = 64
    coarse = np.fft.fft2(random.normal(size=(50, 1, side, side)))
    cycles = np.fft.fftfreq(side, 1 / side)
    smooth = np.fft.ifft2(np.where(np.hypot(*np.meshgrid(cycles, cycles)) < side / 8, coarse, 0)).real
    (of_full, full), (of_half, half) = radial_power(smooth, 1), radial_power(smooth[..., ::2, ::2], 2)
    shared = slice(0, side // 8 - 3)
    assert of_half[shared] == pytest.approx(of_full[shared])
    assert half[shared] == pytest.approx(full[shared], rel=0.1)


def test_a_constant_has_no_power():
    assert radial_power(np.full((1, 1, 16, 16), 7.0), 1)[1] == pytest.approx(np.zeros(7), abs=1e-20)


def test_planes_that_are_not_square_are_refused():
    with pytest.raises(ValueError, match="must be"):
        radial_power(np.zeros((1, 3, 16, 18)), 1)
