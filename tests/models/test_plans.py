"""Plans of pruned networks: the released ones, and those that pruning leaves."""

from dataclasses import replace
from fractions import Fraction

import pytest
import torch

from study.measures import complexity
from study.models import plans, resnet, vgg
from study.models.build import architecture, build
from study.models.shape import Shape
from study.pruning.layers import prunable
from study.settings.errors import InvalidData, InvalidParameter


def counted(backbone: str, method: str) -> tuple[float, float]:
    """Billions of multiply-adds of convolutions and fully connected layers, millions of parameters, at full size."""
    with torch.device("meta"):
        network = architecture(backbone, method, Shape(side=224, classes=1000))
    adds = complexity.multiply_adds(complexity.layers(network, 224))["conv_fc"]
    return adds / 1e9, complexity.parameters(network) / 1e6


@pytest.mark.parametrize(
    ("backbone", "method", "billion", "million"),
    [
        ("vgg16", "thinet_gap", "4.668", "8.32"),
        ("vgg16", "thinet_tiny", "1.005", "1.33"),
        # 1.0975; 1.098 with the bias that the first convolution has in Caffe's ResNet-50 (0.0008 billion additions).
        ("resnet50", "thinet_30", "1.097", "8.67"),
    ],
)
def test_released_plans_have_the_printed_multiply_adds_and_parameters(backbone, method, billion, million):
    adds, parameters = counted(backbone, method)
    assert (f"{adds:.3f}", f"{parameters:.2f}") == (billion, million)


def test_thinet_30_strides_where_the_publication_does():
    with torch.device("meta"):
        network = architecture("resnet50", "thinet_30", Shape(side=224, classes=1000))
        for stage in (network.features.layer2, network.features.layer3, network.features.layer4):
            stage[0].conv1.stride, stage[0].conv2.stride = (1, 1), (2, 2)
    adds = complexity.multiply_adds(complexity.layers(network, 224))["conv_fc"]
    assert f"{adds / 1e9:.3f}" == "1.166"  # as torchvision strides


@pytest.mark.parametrize(
    ("plan", "full", "channels"),
    [
        (plans.THINET_GAP, vgg.filters(), (32, 32, 64, 64, 128, 128, 128, 256, 256, 256, 512, 512, 512)),
        (plans.THINET_TINY, vgg.filters(), (16, 16, 32, 32, 64, 64, 64, 128, 128, 128, 128, 128, 256)),
        (plans.THINET_30, resnet.filters(), (19,) * 6 + (38,) * 8 + (76,) * 12 + (153,) * 6),
        (plans.THINET_TINY, vgg.filters(1 / 4), (4, 4, 8, 8, 16, 16, 16, 32, 32, 32, 32, 32, 64)),
    ],
)
def test_a_plan_keeps_the_same_share_at_every_width(plan, full, channels):
    assert plan.channels(full) == channels


def test_a_plan_leaves_a_filter_in_every_layer():
    assert plans.Plan((Fraction(1, 100),)).channels((4,)) == (1,)


@pytest.mark.parametrize("average_pooled", [False, True])
def test_a_plan_is_written_and_read_back_and_builds_the_same_network(tmp_path, average_pooled):
    size = Shape(side=40, classes=7, width=1 / 8, batch_norm=True)
    full = vgg.filters(size.width)
    plan = plans.between([max(1, of - 3) for of in full], full, average_pooled)
    plans.write(tmp_path, plan, full)
    read = plans.read(tmp_path)
    assert read == plan
    first, second = (build("vgg16", "taylor_1", replace(size, plan=each)) for each in (plan, read))
    assert [p.shape for p in first.parameters()] == [p.shape for p in second.parameters()]
    assert [layer.filters for layer in prunable(first)] == [max(1, of - 3) for of in full]
    assert first(torch.rand(2, 3, 40, 40))[0].shape == (2, 7)


def test_a_resnet_is_built_from_a_plan():
    size = Shape(side=32, classes=7, width=1 / 8)
    full = resnet.filters(size.width)
    kept = tuple(1 + number % of for number, of in enumerate(full))
    network = build("resnet50", "any", replace(size, plan=plans.between(kept, full)))
    assert tuple(layer.filters for layer in prunable(network)) == kept
    assert network(torch.rand(2, 3, 32, 32))[0].shape == (2, 7)


def test_a_network_that_was_not_pruned_has_no_plan(tmp_path):
    assert plans.read(tmp_path) is None


@pytest.mark.parametrize("text", ["{", "{}", '{"kept": [1], "of": [1, 2], "average_pooled": false}'])
def test_a_broken_plan_is_named(tmp_path, text):
    (tmp_path / "plan.json").write_text(text)
    with pytest.raises(InvalidData, match=r"plan.json: no.*; .*make it again with: dvc repro"):
        plans.read(tmp_path)


def test_taylors_networks_cannot_be_built_before_they_were_pruned():
    with pytest.raises(
        InvalidParameter, match="taylor_1: this network is built from the plan.json that pruning leaves"
    ):
        build("vgg16", "taylor_1", Shape(side=40, classes=7))
