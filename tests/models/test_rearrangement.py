"""Half the side without an encoder: nothing lost, or a fixed filter."""

import numpy as np
import pytest
import torch
from PIL import Image
from torch.nn import functional
from torch.testing import assert_close

from study.models.rearrangement import Box, Lanczos, LowPass, SpaceToDepth
from study.models.wavelet import Haar


@pytest.fixture
def image() -> torch.Tensor:
    return torch.rand(2, 3, 16, 12, generator=torch.Generator().manual_seed(0))


def test_space_to_depth_loses_nothing(image):
    low, _ = SpaceToDepth()(image)
    assert low.shape == (2, 12, 8, 6)
    assert_close(functional.pixel_shuffle(low, 2), image)


def test_the_high_channel_of_space_to_depth_is_what_the_means_of_the_blocks_lack(image):
    low, high = SpaceToDepth()(image)
    means = functional.avg_pool2d(image, 2)
    first = high.unflatten(1, (3, 3))
    assert high.shape == (2, 9, 8, 6)
    for colour in range(3):
        for pixel in range(3):
            assert_close(first[:, colour, pixel] + means[:, colour], low[:, 4 * colour + pixel])
    # The last pixel's deviation follows from those of the others.
    assert_close(-first.sum(dim=2) + means, low.unflatten(1, (3, 4))[:, :, 3])


def test_a_flat_image_has_no_detail():
    _, high = SpaceToDepth()(torch.full((1, 3, 8, 8), 0.3))
    assert_close(high, torch.zeros_like(high), atol=1e-6, rtol=0)


def test_the_mean_of_a_block_is_half_of_haars_low_band(image):
    low, nothing = Box()(image)
    assert_close(low, Haar()(image)[0] / 2)
    assert nothing.shape == (2, 0, 8, 6)


@pytest.mark.parametrize("filtered", [Box, Lanczos])
def test_a_low_pass_filter_keeps_a_constant_and_kills_the_finest_checks(filtered):
    low, _ = filtered()(torch.full((1, 3, 32, 32), 0.7))
    assert_close(low, torch.full((1, 3, 16, 16), 0.7), atol=1e-6, rtol=0)
    rows, columns = np.mgrid[:32, :32]
    checks = torch.from_numpy(((rows + columns) % 2).astype(np.float32)).expand(1, 3, 32, 32)
    assert_close(filtered()(checks)[0], torch.full((1, 3, 16, 16), 0.5), atol=1e-6, rtol=0)


def test_lanczos_agrees_with_pillow_away_from_the_borders():
    random = np.random.default_rng(0)
    grey = random.random((48, 48)).astype(np.float32)
    expected = np.array(Image.fromarray(grey).resize((24, 24), Image.Resampling.LANCZOS))
    low, _ = Lanczos()(torch.from_numpy(grey).expand(1, 3, 48, 48))
    assert_close(low[0, 0, 4:-4, 4:-4].numpy(), expected[4:-4, 4:-4], atol=1e-5, rtol=0)


def test_the_taps_of_a_low_pass_filter_are_symmetric_and_sum_to_one():
    for filtered in (Box(), Lanczos()):
        assert isinstance(filtered, LowPass)
        assert_close(filtered.taps, filtered.taps.flip(0))
        assert float(filtered.taps.sum()) == pytest.approx(1)
