"""Laws of the removal of filters."""

import pytest
import torch
from torch import nn
from torch.testing import assert_close

from study.pruning.layers import prunable
from study.pruning.surgery import Surgery


def silence(layer, filters) -> None:
    """Make filters, and the BatchNorm behind them, give zero."""
    with torch.no_grad():
        for module in {layer.convolution, layer.maps}:
            module.weight[filters] = 0
            if module.bias is not None:
                module.bias[filters] = 0


@pytest.mark.parametrize(("backbone", "batch_norm"), [("vgg16", False), ("vgg16", True), ("resnet50", True)])
def test_removing_filters_that_give_zero_changes_no_output(make, backbone, batch_norm):
    network, image = make(backbone, batch_norm), torch.rand(2, 3, 32, 32)
    layers = prunable(network)
    for number, layer in enumerate(layers):
        silence(layer, [number % layer.filters, layer.filters - 1])
    with torch.no_grad():
        before = network(image)[0]
        surgery = Surgery(network, side=32)
        for number, layer in enumerate(layers):
            surgery.remove(layer.convolution, [number % layer.filters, layer.filters - 1])
        assert_close(network(image)[0], before)


@pytest.mark.parametrize("backbone", ["vgg16", "resnet50"])
def test_removing_a_filter_that_gives_something_changes_the_output(make, backbone):
    network, image = make(backbone), torch.rand(2, 3, 32, 32)
    before = network(image)[0]
    Surgery(network, side=32).remove(prunable(network)[0].convolution, [0])
    assert not torch.allclose(network(image)[0], before)


def test_a_filter_goes_through_residual_joins():
    class Joined(nn.Module):
        def __init__(self):
            super().__init__()
            self.first, self.second = nn.Conv2d(3, 4, 1), nn.Conv2d(4, 4, 1)
            self.last = nn.Conv2d(4, 2, 1)

        def forward(self, image):
            first = self.first(image)
            return self.last(first + self.second(first))

    torch.manual_seed(0)
    network = Joined()
    with torch.no_grad():
        for layer in (network.first, network.second):
            layer.weight[2], layer.bias[2] = 0, 0
    image = torch.rand(1, 3, 8, 8)
    before = network(image)
    Surgery(network, side=8).remove(network.second, [2])
    assert (network.first.out_channels, network.second.in_channels, network.last.in_channels) == (3, 3, 3)
    assert_close(network(image), before)


def test_removed_and_kept_filters_are_all_filters(make):
    network = make()
    layer = prunable(network)[4]
    whole = layer.convolution.weight.detach().clone()
    Surgery(network, side=32).remove(layer.convolution, [3, 0, 3])
    kept = [number for number in range(len(whole)) if number not in (0, 3)]
    assert layer.filters == len(kept) == len(whole) - 2
    assert_close(layer.convolution.weight, nn.Parameter(whole[kept]))
    assert layer.maps.num_features == layer.next.in_channels == len(kept)


def test_the_statistics_of_batch_norm_are_left_alone(make):
    network = make().train()
    before = {name: value.clone() for name, value in network.state_dict().items()}
    Surgery(network, side=32)
    assert network.training
    assert all(value.equal(before[name]) for name, value in network.state_dict().items())


@pytest.mark.parametrize(
    ("filters", "message"),
    [
        ([4], r"filters must be in 0 to 3, got \[4\]"),
        ([-1], r"filters must be in 0 to 3, got \[-1\]"),
        ([0, 1, 2, 3], "a layer must keep one filter at least, got all 4 to remove"),
    ],
)
def test_what_cannot_be_removed_is_named(make, filters, message):
    network = make()
    with pytest.raises(ValueError, match=message):
        Surgery(network, side=32).remove(prunable(network)[0].convolution, filters)
