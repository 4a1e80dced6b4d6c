import pytest
import pywt
import torch
from torch.testing import assert_close

from study.speed.lifting import BLOCK, LiftedCDF97


def by_pywavelets(image: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """cA, and cH, cV, cD of every colour one behind another."""
    low, details = pywt.dwt2(image.numpy(), "bior4.4", mode="periodization", axes=(-2, -1))
    return torch.from_numpy(low), torch.cat([torch.from_numpy(band) for band in details], dim=1)


# The filters are known to twelve digits, and the lifting steps follow from the low-pass one alone.
@pytest.mark.parametrize(("dtype", "tolerance"), [(torch.float64, 1e-11), (torch.float32, 2e-6)])
@pytest.mark.parametrize("size", [(40, 40), (224, 224), (32, 48)])
def test_the_bands_are_those_of_pywavelets(dtype, tolerance, size):
    image = torch.rand(2, 3, *size, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    for ours, theirs in zip(LiftedCDF97()(image.to(dtype)), by_pywavelets(image), strict=True):
        assert_close(ours.double(), theirs, rtol=0, atol=tolerance)


def test_a_batch_of_several_blocks_is_transformed_image_by_image():
    images = torch.rand(2 * BLOCK + 1, 3, 8, 8, generator=torch.Generator().manual_seed(0))
    low, high = LiftedCDF97()(images)
    for number, image in enumerate(images):
        own_low, own_high = LiftedCDF97()(image[None])
        assert_close(low[number], own_low[0])
        assert_close(high[number], own_high[0])


def test_the_layout_of_the_image_does_not_matter():
    images = torch.rand(2, 3, 16, 16, generator=torch.Generator().manual_seed(0))
    for ours, theirs in zip(
        LiftedCDF97()(images.contiguous(memory_format=torch.channels_last)), LiftedCDF97()(images), strict=True
    ):
        assert_close(ours, theirs)
