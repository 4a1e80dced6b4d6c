"""Folding changes the number of operations and nothing else."""

import pytest
import torch
from torch import nn
from torch.testing import assert_close

from study.measures.complexity import ENCODER, HEADS, HIGH_STREAM, LOW_STREAM
from study.models.build import Shape, build
from study.models.classifiers import LowStream
from study.speed.folding import folded
from study.speed.parts import parts

SIDE = 64


def network(backbone: str, method: str, *, batch_norm: bool = True, channel_norm: bool = True) -> nn.Module:
    """A small network whose norms have something to do."""
    torch.manual_seed(0)
    built = build(backbone, method, Shape(SIDE, 7, 1 / 8, batch_norm, channel_norm)).eval()
    for layer in built.modules():
        if isinstance(layer, nn.BatchNorm2d):
            layer.running_mean.uniform_(-0.5, 0.5)
            layer.running_var.uniform_(0.5, 2)
        elif isinstance(layer, nn.Conv2d) and layer.bias is not None:
            nn.init.uniform_(layer.bias, -0.1, 0.1)
    return built


def norms(module: nn.Module) -> int:
    return sum(isinstance(layer, nn.BatchNorm2d) for layer in module.modules())


@pytest.mark.parametrize("channel_norm", [True, False])
@pytest.mark.parametrize("method", ["full", "wavelet_cnn", "wae_cnn", "wae_cnn_low_stream"])
@pytest.mark.parametrize("backbone", ["vgg16", "resnet50"])
def test_a_folded_network_gives_the_same_scores(backbone, method, channel_norm):
    original, image = network(backbone, method, channel_norm=channel_norm), torch.rand(2, 3, SIDE, SIDE)
    with torch.inference_mode():
        expected, found = original(image), folded(original)(image)
    assert_close(found, expected, rtol=1e-4, atol=1e-5)


def test_folding_leaves_the_network_itself_as_it_was():
    original = network("vgg16", "wae_cnn")
    before = {name: value.clone() for name, value in original.state_dict().items()}
    folded(original)
    assert_close(original.state_dict(), before, rtol=0, atol=0)


def test_our_folded_network_has_no_norm_left_and_one_convolution_for_both_branches():
    original = network("vgg16", "wae_cnn")
    found = folded(original)
    convolutions = [sum(isinstance(layer, nn.Conv2d) for layer in module.modules()) for module in (original, found)]
    assert (norms(original), norms(found)) == (28, 0)
    assert convolutions[0] - convolutions[1] == 1


def test_the_norm_before_vgg16s_padded_convolution_stays():
    assert norms(folded(network("vgg16", "full"))) == 1


@pytest.mark.parametrize("fold", [False, True])
@pytest.mark.parametrize("method", ["full", "wae_cnn"])
def test_the_parts_one_after_another_are_the_whole(method, fold):
    whole, image = network("vgg16", method), torch.rand(2, 3, SIDE, SIDE)
    whole = folded(whole) if fold else whole
    found = parts(whole, (image,))
    expected = [LOW_STREAM, HEADS] if method == "full" else [ENCODER, LOW_STREAM, HIGH_STREAM, HEADS]
    assert list(found) == expected
    with torch.inference_mode():
        assert_close(found[HEADS].outputs, tuple(whole(image)))


def test_a_network_without_such_parts_is_named():
    low_stream = network("vgg16", "wae_cnn_low_stream")
    assert isinstance(low_stream, LowStream)
    with pytest.raises(TypeError, match="a LowStream has no parts that are told apart"):
        parts(low_stream, (torch.rand(1, 3, SIDE, SIDE),))
