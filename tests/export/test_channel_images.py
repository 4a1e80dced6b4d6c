"""The channels of one image as images."""

import numpy as np
import pytest
import torch
from PIL import Image

from study.export.channel_images import views, write
from study.models.build import build
from study.models.shape import Shape
from study.models.wae import Decoder

SHAPE = Shape(32, 3, 1 / 16, batch_norm=True)


@pytest.fixture
def image() -> torch.Tensor:
    return torch.rand(1, 3, 32, 32, generator=torch.Generator().manual_seed(0))


def of(method: str, image: torch.Tensor, decoder: Decoder | None = None) -> dict[str, np.ndarray]:
    torch.manual_seed(0)
    return {view.name: view.values for view in views(build("vgg16", method, SHAPE).eval(), decoder, image)}


def test_a_network_without_a_decomposer_has_its_input_alone(image):
    found = of("full", image)
    assert list(found) == ["input"]
    np.testing.assert_array_equal(found["input"], image[0].permute(1, 2, 0).numpy())


def test_the_encoders_maps_stand_side_by_side_since_they_are_no_colours(image):
    found = of("wae_cnn", image, Decoder().eval())
    assert list(found) == ["input", "low", "high", "reconstruction"]
    assert found["low"].shape == (16, 3 * 16 + 2, 3)
    for start in (0, 17, 34):  # each map from black to white
        one = found["low"][:, start : start + 16]
        assert (one.min(), one.max()) == (0, 1)
    assert np.ptp(found["high"], axis=2).max() == 0


def test_the_amplified_channel_keeps_its_zero_at_grey(image):
    assert of("wavelet_cnn", torch.full((1, 3, 32, 32), 0.3))["high_cH"] == pytest.approx(0.5, abs=0.1)
    high = of("wae_cnn", image)["high"]
    assert max(abs(high[:, :16].min() - 0.5), abs(high.max() - 0.5)) == pytest.approx(0.5)


def test_the_wavelets_bands_are_pictures_of_their_own(image):
    assert list(of("wavelet_cnn", image)) == ["input", "low", "high_cH", "high_cV", "high_cD"]


def test_pictures_are_written_at_one_height_by_whole_factors(tmp_path, image):
    torch.manual_seed(0)
    found = write(tmp_path, views(build("vgg16", "wae_cnn", SHAPE).eval(), None, image))
    written = {}
    for name in found:
        with Image.open(tmp_path / name) as picture:
            written[name] = np.array(picture)
    assert {len(picture) for picture in written.values()} == {320}
    enlarged = written["input.png"]
    np.testing.assert_array_equal(enlarged[::10, ::10], np.rint(image[0].permute(1, 2, 0).numpy() * 255))
