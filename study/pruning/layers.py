"""The layers that pruning may narrow, each with what it feeds."""

import copy
from dataclasses import dataclass
from itertools import pairwise

from torch import nn

from study.measures import complexity
from study.models.classifiers import OneStream
from study.models.resnet import Bottleneck, ResNet50Features
from study.models.vgg import VGG16Features


@dataclass(frozen=True)
class Layer:
    """A convolution whose filters may be removed, and the one layer that its maps feed.

    `maps` is what comes right before the ReLU: the convolution, or the BatchNorm behind it. `next` is a convolution,
    or the linear layer that sees the flattened maps.
    """

    name: str
    convolution: nn.Conv2d
    maps: nn.Module
    next_name: str
    next: nn.Conv2d | nn.Linear

    @property
    def filters(self) -> int:
        """How many filters it has at present."""
        return self.convolution.out_channels


def prunable(network: OneStream) -> list[Layer]:
    """The layers of a plan (study.models.plans), in its order: all convolutions of VGG16, two in every bottleneck of
    ResNet-50, whose outputs are joined by no addition."""
    names = {module: name for name, module in network.named_modules()}
    features = network.features
    if isinstance(features, VGG16Features):
        found = _of_vgg16(features, network.head)
    else:
        assert isinstance(features, ResNet50Features)
        found = _of_resnet50(features)
    return [Layer(names[layer], layer, maps, names[next_], next_) for layer, maps, next_ in found]


Found = tuple[nn.Conv2d, nn.Module, nn.Conv2d | nn.Linear]


def _of_vgg16(features: VGG16Features, head: nn.Module) -> list[Found]:
    layers = list(features.layers)
    maps = [layer for layer, behind in pairwise(layers) if isinstance(behind, nn.ReLU)]
    convolutions = [layer for layer in layers if isinstance(layer, nn.Conv2d)]
    first_linear = next(layer for layer in head.modules() if isinstance(layer, nn.Linear))
    return list(zip(convolutions, maps, [*convolutions[1:], first_linear], strict=True))


def _of_resnet50(features: ResNet50Features) -> list[Found]:
    found: list[Found] = []
    for stage in features.stages():
        for block in stage:
            assert isinstance(block, Bottleneck)
            found += [(block.conv1, block.bn1, block.conv2), (block.conv2, block.bn2, block.conv3)]
    return found


def filters(network: OneStream) -> tuple[int, ...]:
    """Filters of the layers of a plan."""
    return tuple(layer.filters for layer in prunable(network))


def multiply_adds(network: nn.Module, side: int) -> dict[str, int]:
    """Multiply-adds of every convolution and linear layer, by name, for one image of a side in pixels."""
    counted = complexity.layers(copy.deepcopy(network).to("meta"), side)
    return {layer.name: layer.multiply_adds for layer in counted}
