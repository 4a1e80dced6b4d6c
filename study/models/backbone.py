"""A standard network in two parts, from which every row's network is put together."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn

from torch import nn

from study.models.plans import Plan
from study.models.shape import Shape
from study.settings.errors import InvalidParameter


def cannot_be_pruned(*_: object) -> NoReturn:
    """Stands for what a network lacks that pruning needs. Raises InvalidParameter."""
    raise InvalidParameter("backbone: this one has no `filters` and `narrow`, which pruning needs")


class Features(nn.Module):
    """Convolution layers of a standard network, which give so many `channels`."""

    channels: int


@dataclass(frozen=True)
class Backbone:
    """`features(shape, width, inputs)` are its convolution layers at a relative width for an input of so many channels;
    they carry `channels`, the number that they give. `head(shape, channels, side, hidden)` gives logits from features
    of so many channels of an image of so many pixels, through hidden layers of so many units at full width, if it has
    any.

    `filters(width)` are those of the layers that pruning may narrow, and `narrow(shape, plan)` the convolution layers
    that a plan leaves; without them the network cannot be pruned.
    """

    features: Callable[[Shape, float, int], Features]
    head: Callable[[Shape, int, int, int], nn.Module]
    filters: Callable[[float], tuple[int, ...]] = cannot_be_pruned
    narrow: Callable[[Shape, Plan], Features] = cannot_be_pruned
