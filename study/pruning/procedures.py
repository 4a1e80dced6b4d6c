"""The two ways to a smaller network: layer by layer to a plan, or the lowest maps anywhere down to a cost."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from study.data.batches import Pictures
from study.models.classifiers import OneStream
from study.models.plans import Plan
from study.pruning.examples import Evidence, Examples, of_every_class
from study.pruning.layers import Layer, filters, multiply_adds, prunable
from study.pruning.surgery import Surgery
from study.settings.errors import InvalidParameter
from study.settings.named import named
from study.settings.records import Method

# Of a layer, how many filters to keep: which ones (keep,), and factors for the next layer's weights on them (keep,).
Choice = Callable[[Layer, int, Evidence], tuple[Tensor, Tensor]]
# Of several layers: a score for every map, (filters,) each, the lowest the least useful.
Score = Callable[[Sequence[Layer], Evidence], list[Tensor]]


class Unpruned:
    """The network that pruning starts from, in numbers: `side` of its image in pixels, filters of the layers of a plan,
    multiply-adds by the name of a layer and `total`."""

    def __init__(self, network: OneStream, side: int) -> None:
        self.side = side
        self.filters = filters(network)
        self.multiply_adds = multiply_adds(network, side)
        self.total = sum(self.multiply_adds.values())


@dataclass(frozen=True)
class Numbers:
    """What params.yaml says about choosing: images of every class and outputs of the next layer drawn from each, for
    a choice within a layer; images by which maps of all layers are scored, how many go at a time, the weight of a
    map's cost in its score, and the share of the multiply-adds at which a row ends, by the row's word."""

    images_per_class: int
    locations: int
    images: int
    maps: int
    flops_weight: float
    targets: dict[str, float]


@dataclass(frozen=True)
class ToPlan:
    """From the first layer to the last, each to the filters that the plan keeps."""

    choose: Choice
    plan: Plan

    @property
    def average_pooled(self) -> bool:
        """Whether the pruned network ends in average pooling."""
        return self.plan.average_pooled

    def remove(self, network: OneStream, unpruned: Unpruned, pictures: Pictures, numbers: Numbers, seed: int) -> int:
        """Prune the next layer of the plan, in place; returns how many filters went, 0 when the plan is reached.

        Raises ValueError for a choice of another number of filters than asked for.
        """
        for layer, keep in zip(prunable(network), self.plan.channels(unpruned.filters), strict=True):
            of = layer.filters
            if of > keep:
                chosen = of_every_class(pictures.labels.numpy(), numbers.images_per_class, np.random.default_rng(seed))
                examples = Examples(pictures, chosen, layer.convolution.weight.device)
                kept, factors = self.choose(layer, keep, Evidence(network, examples, seed, numbers.locations))
                if len(set(kept.tolist())) != keep:
                    raise ValueError(f"{layer.name}: {keep} filters were to be kept, got {kept.tolist()}")
                rescale(layer, kept, factors)
                rest = sorted(set(range(of)) - set(kept.tolist()))
                Surgery(network, unpruned.side).remove(layer.convolution, rest)
                return len(rest)
        return 0


@dataclass(frozen=True)
class ToCost:
    """The lowest maps of all layers, some at a time, until the multiply-adds are a share of the unpruned network's."""

    score: Score
    target: str  # a key of Numbers.targets
    average_pooled = False

    def remove(self, network: OneStream, unpruned: Unpruned, pictures: Pictures, numbers: Numbers, seed: int) -> int:
        """Remove the lowest maps, in place; returns how many went, 0 when the target is reached.

        Raises InvalidParameter for a target below that of one map a layer.
        """
        costs: dict[str, float] = dict(multiply_adds(network, unpruned.side))
        target = numbers.targets[self.target] * unpruned.total
        if sum(costs.values()) <= target:
            return 0
        layers = prunable(network)
        random = np.random.default_rng(seed).permutation(len(pictures))[: numbers.images]
        examples = Examples(pictures, random, layers[0].convolution.weight.device)
        scores = self.score(layers, Evidence(network, examples, seed))
        ranked = sorted(
            (float(value) - numbers.flops_weight * penalty, position, number)
            for position, penalty in enumerate(shares_of_a_map(layers, unpruned))
            for number, value in enumerate(scores[position])
        )
        lowest: list[list[int]] = [[] for _ in layers]
        for _, position, number in ranked:
            layer = layers[position]
            left = layer.filters - len(lowest[position])
            if left > 1:
                lowest[position].append(number)
                for name in (layer.name, layer.next_name):
                    costs[name] *= (left - 1) / left
                if sum(map(len, lowest)) == numbers.maps or sum(costs.values()) <= target:
                    break
        removed = sum(map(len, lowest))
        if removed == 0:
            raise InvalidParameter(
                f"pruning.targets.{self.target}: must leave a map in every layer, got {numbers.targets[self.target]}"
            )
        surgery = Surgery(network, unpruned.side)
        for layer, maps in zip(layers, lowest, strict=True):
            surgery.remove(layer.convolution, maps)
        return removed


def procedure(row: Method) -> ToPlan | ToCost:
    """How a pruned row is made: to the plan that its record names, or else to its share of the multiply-adds.

    Raises InvalidParameter for a criterion or a plan that is not there.
    """
    criterion = named(row.criterion)
    assert callable(criterion)
    if not row.plan:
        return ToCost(criterion, row.word)
    plan = named(row.plan)
    assert isinstance(plan, Plan)
    return ToPlan(criterion, plan)


def shares_of_a_map(layers: Sequence[Layer], unpruned: Unpruned) -> list[float]:
    """The multiply-adds of computing one map of each layer, as a share of the unpruned network's: its cost as
    Molchanov et al. regularise by it, before anything is removed."""
    return [
        unpruned.multiply_adds[layer.name] / of / unpruned.total
        for layer, of in zip(layers, unpruned.filters, strict=True)
    ]


def inherit(network: OneStream, pruned: OneStream, average_pooled: bool) -> None:
    """Give a network the weights of a pruned one, but for the head where average pooling takes its place."""
    for name in ("norm", "features") if average_pooled else ("norm", "features", "head"):
        getattr(network, name).load_state_dict(getattr(pruned, name).state_dict())


@torch.no_grad()
def rescale(layer: Layer, kept: Tensor, factors: Tensor) -> None:
    """Multiply the next layer's weights on the kept maps of a layer by a factor each."""
    every = torch.ones(layer.filters, dtype=layer.next.weight.dtype)
    every[kept.cpu()] = factors.to(every)
    weights = layer.next.weight.view(len(layer.next.weight), layer.filters, -1)  # a linear layer sees flattened maps
    weights.mul_(every.to(weights.device)[:, None])
