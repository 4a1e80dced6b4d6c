import pytest
import pywt
import torch
from torch.testing import assert_close

from study.models.wavelet import CDF97, Haar


def by_pywavelets(image: torch.Tensor, name: str = "bior4.4") -> tuple[torch.Tensor, torch.Tensor]:
    """cA, and cH, cV, cD of every colour one behind another."""
    low, details = pywt.dwt2(image.numpy(), name, mode="periodization", axes=(-2, -1))
    return torch.from_numpy(low), torch.cat([torch.from_numpy(band) for band in details], dim=1)


@pytest.mark.parametrize(("dtype", "tolerance"), [(torch.float64, 1e-13), (torch.float32, 1e-6)])
@pytest.mark.parametrize("size", [(40, 40), (224, 224), (32, 48)])
@pytest.mark.parametrize(("wavelet", "name"), [(CDF97, "bior4.4"), (Haar, "haar")])
def test_the_bands_are_those_of_pywavelets(dtype, tolerance, size, wavelet, name):
    image = torch.rand(2, 3, *size, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    for ours, theirs in zip(wavelet()(image.to(dtype)), by_pywavelets(image, name), strict=True):
        assert_close(ours.double(), theirs, rtol=0, atol=tolerance)


def test_the_bands_hold_the_whole_image():
    image = torch.rand(1, 3, 32, 32, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    low, high = CDF97()(image)
    details = tuple(band.numpy() for band in high.split(3, dim=1))
    back = pywt.idwt2((low.numpy(), details), "bior4.4", mode="periodization", axes=(-2, -1))
    assert_close(torch.from_numpy(back), image, rtol=0, atol=1e-11)


def test_a_constant_image_has_twice_its_value_in_ca_and_nothing_elsewhere():
    low, high = CDF97()(torch.full((1, 3, 16, 16), 0.5, dtype=torch.float64))
    assert_close(low, torch.ones_like(low), rtol=0, atol=1e-11)  # the filters are known to twelve digits
    assert_close(high, torch.zeros_like(high), rtol=0, atol=1e-11)  # the filters are known to twelve digits


def test_the_wavelet_learns_nothing_and_is_no_part_of_a_networks_weights():
    assert CDF97().state_dict() == {}
    assert list(CDF97().parameters()) == []
