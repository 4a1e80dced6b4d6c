"""The layers of the networks against the counting of operations and the modules themselves."""

import pytest
import torch

from study.measures import complexity
from study.measures.blocks import blocks
from study.models.build import architecture
from study.models.shape import Shape
from study.models.wae import WaveletLikeAutoEncoder

SIDE = 64


def network(backbone: str, method: str):
    with torch.device("meta"):
        return architecture(backbone, method, Shape(SIDE, 10, width=0.25))


@pytest.mark.parametrize("backbone", ["vgg16", "resnet50"])
@pytest.mark.parametrize("method", ["full", "wae_cnn", "wavelet_cnn", "thinet_gap"])
def test_the_blocks_together_have_the_multiply_adds_and_parameters_of_the_network(backbone, method):
    if (backbone, method) == ("resnet50", "thinet_gap"):
        method = "thinet_30"
    counted = complexity.layers(network(backbone, method), SIDE)
    found = blocks(network(backbone, method), SIDE)
    assert sum(block.multiply_adds for block in found) == complexity.multiply_adds(counted)["conv_fc"]
    assert sum(block.parameters for block in found) == complexity.parameters(network(backbone, method))


def test_the_auto_encoder_has_the_layers_of_the_papers_text():
    with torch.device("meta"):
        found = blocks(WaveletLikeAutoEncoder(), SIDE)
    layers = {block.name: block for block in found if block.kind != "relu"}
    assert len(layers) == 5 + 2 * 4
    low = layers["encoder.to_low"]
    assert (low.kind, low.inputs, low.channels, low.side, low.kernel, low.stride) == (
        "convolution", 16, 3, SIDE // 2, 3, 2
    )  # fmt: skip
    up = layers["decoder.from_high.0"]
    assert (up.kind, up.inputs, up.channels, up.side, up.kernel, up.stride) == ("deconvolution", 3, 16, SIDE, 4, 2)
    # Every input value of a deconvolution meets every weight of its channel once.
    assert up.multiply_adds == 3 * 16 * 4 * 4 * (SIDE // 2) ** 2
    assert sum(block.parameters for block in found) == complexity.parameters(WaveletLikeAutoEncoder())


def test_a_stream_that_no_image_passes_is_no_block():
    # The wavelet has no layers, and the norms have nothing to learn.
    names = {block.name.partition(".")[0] for block in blocks(network("vgg16", "wavelet_cnn"), SIDE)}
    assert names == {"low_norm", "high_norm", "low_features", "high_features", "low_head", "fused_head"}
