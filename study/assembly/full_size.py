"""The networks whose operations are counted and whose time is taken: full width, 224 pixels, 1,000 classes."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import torch

from study.measures import complexity
from study.models import plans
from study.models.build import architecture
from study.models.plans import Plan
from study.models.shape import Shape
from study.settings import paths
from study.settings.methods import METHODS, timed

CLOSE = 0.99  # of the target: pruning itself ends a map below it
HALVINGS = 20


def shapes(scale: str, backbone: str, unpruned: Shape, targets: Mapping[str, float]) -> dict[str, Shape]:
    """By row, the network at full size; `unpruned` is that of a row that was not pruned, `targets` the shares of the
    multiply-adds at which the others end.

    Where the layers come out of the pruning, they are those that the first seed left at this scale, all wider or
    narrower by one factor, so that the multiply-adds are the target's share of the full network's here as well:
    layers weigh differently on small images. A network that was not pruned, or whose pruning failed, is left out.
    """
    file = paths.results(scale) / "plans" / f"objects-{backbone}.json"
    left_by_pruning = paths.read_json(file) if file.exists() else {}
    found = {}
    for method in timed(backbone):
        shape = unpruned
        if METHODS[method].criterion and not METHODS[method].plan:
            if method not in left_by_pruning:
                continue
            plan = plans.from_dict(next(iter(left_by_pruning[method].values())))
            target = targets[method] * _multiply_adds(backbone, unpruned)
            plan = at_cost(plan, target, lambda one: _multiply_adds(backbone, replace(unpruned, plan=one)))
            shape = replace(unpruned, plan=plan)
        found[method] = shape
    return found


def at_cost(plan: Plan, target: float, cost: Callable[[Plan], float]) -> Plan:
    """A plan with every share times one factor, the largest with which the cost stays within the target.

    A plan that is close to it already stays as it is.
    """
    if CLOSE * target <= cost(plan) <= target:
        return plan
    low, high = 0.0, float(1 / min(plan.kept))
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if cost(plan.times(middle)) <= target else (low, middle)
    return plan.times(low)


def _multiply_adds(backbone: str, shape: Shape) -> int:
    with torch.device("meta"):
        network = architecture(backbone, "full", shape)
    return complexity.multiply_adds(complexity.layers(network, shape.side))["conv_fc"]
