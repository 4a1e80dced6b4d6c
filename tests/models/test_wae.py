import pytest
import torch
from torch.testing import assert_close

from study.measures.losses import energy_loss, reconstruction_loss, transform_loss
from study.models.initialisation import initialised
from study.models.wae import Decoder, Encoder, WaveletLikeAutoEncoder


def test_the_channels_have_half_the_side_and_the_reconstruction_has_all_of_it():
    low, high, reconstructed = WaveletLikeAutoEncoder()(torch.rand(2, 3, 24, 16))
    assert low.shape == high.shape == (2, 3, 12, 8)
    assert reconstructed.shape == (2, 3, 24, 16)


def test_the_encoder_has_the_layers_of_the_released_network():
    # 3x3 kernels: 3->16, 16->16, 16->16, then 16->3 twice; one bias an output channel.
    expected = (3 * 16 + 16 * 16 * 2 + 16 * 3 * 2) * 9 + 16 * 3 + 3 * 2
    assert sum(parameter.numel() for parameter in Encoder().parameters()) == expected


def test_the_reconstruction_is_the_sum_of_one_image_from_each_channel():
    torch.manual_seed(0)
    decoder = Decoder()
    low, high = torch.rand(2, 1, 3, 8, 8)
    zero = torch.zeros_like(low)
    silence = decoder(zero, zero)
    assert_close(decoder(low, high) + silence, decoder(low, zero) + decoder(zero, high))


def test_channels_may_be_negative():
    torch.manual_seed(0)
    low, high = initialised(Encoder())(torch.rand(4, 3, 16, 16))
    assert low.min() < 0
    assert high.min() < 0


@pytest.mark.slow
def test_the_auto_encoder_can_learn_one_picture_and_empty_its_high_channel():
    torch.manual_seed(0)
    image = torch.rand(1, 3, 4, 4).repeat_interleave(4, dim=2).repeat_interleave(4, dim=3)
    auto_encoder = initialised(WaveletLikeAutoEncoder())
    optimiser = torch.optim.Adam(auto_encoder.parameters(), lr=0.01)
    for _ in range(1000):
        low, high, reconstructed = auto_encoder(image)
        loss = transform_loss(reconstruction_loss(image, reconstructed), energy_loss(high), lambda_=1.0)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    assert (image - reconstructed).square().mean() < 1e-3
    assert high.square().sum() < 0.05 * low.square().sum()
