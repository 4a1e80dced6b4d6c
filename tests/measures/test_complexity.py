"""Operations against the paper, the released network, and torch's own counter."""

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode
from torchvision.models import resnet50, vgg16

from study.measures import complexity
from study.models.build import architecture
from study.models.shape import Shape
from study.settings.methods import BACKBONES, METHODS, timed

FULL = Shape(side=224, classes=1000)


def counted(method: str, backbone: str = "vgg16") -> dict:
    with torch.device("meta"):
        network = architecture(backbone, method, FULL)
    found = complexity.layers(network, FULL.side // METHODS[method].input_divisor)
    return {**complexity.multiply_adds(found), "parameters": complexity.parameters(network)}


@pytest.mark.parametrize(
    ("method", "convention", "billion"),
    [
        ("full", "conv", 15.3466),
        ("full", "conv_bias", 15.3602),  # the paper's 15.36
        ("full", "conv_fc", 15.4703),
        ("half", "conv", 3.8367),
        ("half", "conv_fc", 3.8911),  # the paper's 3.89
        ("wae_cnn", "conv_fc_without_encoder", 4.1182),  # the released network; the paper prints 4.11
        ("wae_cnn", "conv_fc", 4.3819),
        ("wae_cnn", "conv_bias_fc", 4.3886),
        ("wae_cnn", "conv_without_encoder", 4.0805),
    ],
)
def test_multiply_adds_are_those_of_the_paper_and_of_the_released_network(method, convention, billion):
    assert round(counted(method)[convention] / 1e9, 4) == billion


def test_the_standard_network_has_the_parameters_of_torchvisions_vgg16():
    with torch.device("meta"):
        expected = complexity.parameters(vgg16())
    assert counted("full")["parameters"] == expected == 138_357_544


def test_the_standard_resnet_has_the_parameters_of_torchvisions_resnet50():
    with torch.device("meta"):
        expected = complexity.parameters(resnet50())
    assert counted("full", "resnet50")["parameters"] == expected == 25_557_032


def test_our_resnet_is_about_2_84_times_lighter():
    standard, ours = (counted(method, "resnet50")["conv_fc"] for method in ("full", "wae_cnn"))
    assert round(standard / 1e9, 2) == 3.86  # He et al. 2016: 3.8 billion; torchvision's, striding later, has 4.09
    assert round(standard / ours, 2) == 2.84


def test_our_network_has_the_parameters_of_the_released_one():
    assert round(counted("wae_cnn")["parameters"] / 1e6, 1) == 53.3


# Taylor's networks have the shape that the criterion finds.
COUNTED = [
    (backbone, method)
    for backbone in BACKBONES
    for method in timed(backbone)
    if METHODS[method].plan or not METHODS[method].criterion
]
WAVELET = 3 * 4 * 10 * 10 * 112**2  # four bands of ten by ten taps in three colours, which the table leaves out


@pytest.mark.parametrize(("backbone", "method"), COUNTED)
def test_multiply_adds_agree_with_torchs_own_counter(backbone, method):
    with torch.device("meta"):
        network = architecture(backbone, method, FULL).eval()
        side = FULL.side // METHODS[method].input_divisor
        counter = FlopCounterMode(display=False)
        with counter:
            network(torch.empty(1, 3, side, side))
    left_out = WAVELET if method == "wavelet_cnn" else 0
    assert counter.get_total_flops() == 2 * (counted(method, backbone)["conv_fc"] + left_out)


@pytest.mark.parametrize("method", ["full", "wavelet_cnn", "wae_cnn"])
def test_the_parts_add_up_to_the_whole(method):
    with torch.device("meta"):
        network = architecture("vgg16", method, FULL)
    parts = complexity.by_part(complexity.layers(network, FULL.side))
    assert sum(part["multiply_adds"] for part in parts.values()) == counted(method)["conv_fc"]
    assert sum(part["parameters"] for part in parts.values()) == counted(method)["parameters"]


def test_our_parts_have_the_released_networks_multiply_adds():
    with torch.device("meta"):
        network = architecture("vgg16", "wae_cnn", FULL)
    parts = complexity.by_part(complexity.layers(network, FULL.side))
    assert {part: round(counts["multiply_adds"] / 1e9, 4) for part, counts in parts.items()} == {
        "encoder": 0.2637,
        "low stream": 3.8367,
        "high stream": 0.2439,
        "heads": 0.0377,
    }


def test_the_bounds_are_3_53_by_multiply_adds_and_2_59_by_weights():
    standard, ours = counted("full"), counted("wae_cnn")
    assert round(standard["conv_fc"] / ours["conv_fc"], 2) == 3.53
    assert round(standard["parameters"] / ours["parameters"], 2) == 2.59


def test_the_bound_of_the_text_is_3_76():
    assert round(complexity.bound(), 2) == 3.76
