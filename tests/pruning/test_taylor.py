"""The Taylor score is the first-order change of the loss."""

import pytest
import torch
from torch.nn import functional
from torch.testing import assert_close

from study.pruning.layers import prunable
from study.pruning.taylor import loss_changes, taylor


def loss_with_map_scaled(network, layer, number, factor, images, labels) -> torch.Tensor:
    """The loss after the activations of one map behind the ReLU have been multiplied by a factor."""

    def scale(_, inputs):
        scaled = inputs[0].clone()
        # The next layer is a convolution here; pooling in between keeps order, so scaling behind it is the same.
        scaled[:, number] *= factor
        return (scaled,)

    hook = layer.next.register_forward_pre_hook(scale)
    with torch.no_grad():
        loss = functional.cross_entropy(network(images)[0], labels)
    hook.remove()
    return loss


@pytest.mark.parametrize(("backbone", "position"), [("vgg16", 0), ("vgg16", 3), ("vgg16", 6), ("resnet50", 5)])
def test_the_score_of_a_map_is_the_measured_first_order_change_of_the_loss(make, evidence, backbone, position):
    network = make(backbone).double()
    layer = prunable(network)[position]
    one = evidence(network, count=1)
    ((images, labels),) = [(image.double(), label) for image, label in one.examples]
    one = type(one)(network, [(images, labels)], seed=0)
    outputs = {}
    hook = layer.maps.register_forward_hook(lambda _, __, output: outputs.update(positions=output[0, 0].numel()))
    network(images)
    hook.remove()
    (scores,) = loss_changes([layer], one)
    for number in range(layer.filters):
        step = 1e-5
        above, below = (
            loss_with_map_scaled(network, layer, number, 1 + sign * step, images, labels) for sign in (1, -1)
        )
        measured = abs(above - below) / (2 * step)
        # The score's loss is in single precision.
        assert_close(scores[number] * outputs["positions"], measured, rtol=1e-4, atol=1e-7)
    assert scores.max() > 0


def test_the_score_is_the_mean_over_examples_each_with_its_own_loss(make, evidence):
    network = make()
    layers = prunable(network)[:3]
    together = loss_changes(layers, evidence(network, count=6))
    alone = [
        loss_changes(layers, type(evidence(network))(network, [pair], seed=0))
        for images, labels in evidence(network, count=6).examples
        for pair in zip(images.split(1), labels.split(1), strict=True)
    ]
    for position, scores in enumerate(together):
        assert_close(scores, torch.stack([one[position] for one in alone]).mean(dim=0), rtol=1e-4, atol=1e-7)


def test_scores_have_length_one_within_every_layer(make, evidence):
    network = make()
    for scores in taylor(prunable(network), evidence(network)):
        assert_close(scores.norm(), torch.tensor(1.0))


def test_a_map_that_nothing_reads_scores_zero(make, evidence):
    network = make()
    layer = prunable(network)[5]
    with torch.no_grad():
        layer.next.weight[:, 3] = 0
    scores = taylor(prunable(network), evidence(network))[5]
    assert scores[3] == 0
    assert (scores > 0).sum() > 1
