"""What is said of an encoder's decompositions."""

import io

import numpy as np
import pytest
import torch
from skimage.metrics import peak_signal_noise_ratio

from study.data.batches import Pictures
from study.data.collection import Collection, Packed
from study.evaluation import decompositions
from study.models.wae import WaveletLikeAutoEncoder
from study.sources.photographs import photograph, regions


@pytest.fixture
def auto_encoder():
    torch.manual_seed(0)
    return WaveletLikeAutoEncoder()


def test_what_is_shown_of_a_photograph_lies_where_no_training_patch_comes_from():
    for name, square in zip(decompositions.SHOWN, decompositions.shown(), strict=True):
        grey = np.rint(photograph(name, reduce=1)).astype(np.uint8)
        windows = np.lib.stride_tricks.sliding_window_view(grey, square.shape)
        lefts = [left for left in range(windows.shape[1]) if (windows[:, left] == square).all(axis=(1, 2)).any()]
        assert lefts
        assert lefts[0] >= regions(grey.shape[1])[1].start


def test_the_numbers_are_those_of_the_reconstruction(auto_encoder):
    grey = decompositions.shown()
    arrays, numbers = decompositions.of_photographs(auto_encoder.encoder, auto_encoder.decoder, grey)
    image = decompositions.as_images(grey)
    with torch.inference_mode():
        low, high, reconstructed = auto_encoder(image)
    assert np.array_equal(arrays["low"], low.numpy())
    assert numbers[1]["high_mean_square"] == pytest.approx(high[1].square().mean().item())
    assert numbers[2]["psnr_db"] == peak_signal_noise_ratio(image[2].numpy(), reconstructed[2].numpy(), data_range=1)
    assert arrays["error"].shape == grey.shape
    assert arrays["reconstructed"].shape == (*grey.shape, 3)


def test_without_a_decoder_there_is_no_reconstruction_and_no_number_of_one(auto_encoder):
    arrays, numbers = decompositions.of_photographs(auto_encoder.encoder, None, decompositions.shown())
    assert arrays.keys() == {"low", "high"}
    assert numbers[0].keys() == {"low_mean_square", "high_mean_square"}


@pytest.mark.parametrize(("largest", "factor"), [(0.5, 1), (0.49, 1), (0.25, 2), (0.099, 5), (0.04, 10), (4.2, 0.1)])
def test_amplified_deviations_fit_and_would_not_with_the_next_factor(largest, factor):
    assert decompositions.amplification(np.linspace(-largest, largest, 100_001) / 0.99) == factor


def test_a_flat_channel_is_not_amplified():
    assert decompositions.amplification(np.zeros((3, 8, 8))) == 1


def test_details_share_one_factor_and_errors_keep_their_mean():
    random = np.random.default_rng(0)
    arrays = {name: random.normal(size=(2, 8, 8)) * scale for name, scale in (("cH", 1), ("cV", 0.1), ("cD", 0.01))}
    arrays |= {"photograph": np.zeros((2, 8, 8), np.uint8), "net.error": np.full((2, 8, 8), 0.25)}
    found = decompositions.amplifications(arrays)
    assert found["cH"] == found["cV"] == found["cD"] == decompositions.amplification(arrays["cH"])
    assert found["net.error"] == 2
    assert "photograph" not in found


def test_equal_arrays_make_equal_archives():
    arrays = {"low": np.linspace(0, 1, 64, dtype=np.float32).reshape(8, 8), "photograph": np.zeros((8, 8), np.uint8)}
    first, second = decompositions.archive(arrays), decompositions.archive(arrays)
    assert first == second
    with np.load(io.BytesIO(first)) as stored:
        assert (stored["low"].dtype, stored["photograph"].dtype) == (np.float16, np.uint8)


def test_the_spectrum_of_many_batches_is_that_of_all_pictures_at_once(monkeypatch):
    random = np.random.default_rng(0)
    packed = Packed(random.integers(0, 256, (20, 16, 16, 3), dtype=np.uint8), np.zeros(20, np.int64))
    pictures = Pictures(Collection(("one",), packed, packed), "test", 16, 16)
    found = []
    for batch in (20, 7):
        monkeypatch.setattr(decompositions, "BATCH", batch)
        found.append(decompositions.spectra(decompositions.wavelet, pictures, torch.device("cpu"), "test"))
    assert found[0].keys() == {"cA", "cH", "cV", "cD"}
    for name, (frequencies, power) in found[0].items():
        assert frequencies[-1] == 0.25
        assert found[1][name][1] == pytest.approx(power)
