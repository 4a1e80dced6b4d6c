"""The networks whose operations are counted and whose time is taken: full width, 224 pixels, 1,000 classes."""

from collections.abc import Callable
from dataclasses import replace

import torch

from study.measures import complexity
from study.models import plans
from study.models.build import Shape, architecture
from study.models.plans import Plan
from study.settings import config, paths
from study.settings.methods import MEASURED_AT_FULL_SIZE, PLAN_OF

CLOSE = 0.99  # of the target: pruning itself ends a map below it
HALVINGS = 20


def shapes(scale: str, backbone: str, settings: config.Settings) -> dict[str, Shape]:
    """By method, the network at full size; of `settings` these keys are read: full_size, channel_norm, pruning.targets.

    Where the layers come out of the pruning, they are those that the first seed left at this scale, all wider or
    narrower by one factor, so that the multiply-adds are the target's share of the full network's here as well:
    layers weigh differently on small pictures. A network that was not pruned, or whose pruning failed, is left out.
    """
    file = paths.results(scale) / "plans" / f"objects-{backbone}.json"
    left_by_pruning = paths.read_json(file) if file.exists() else {}
    size = settings.full_size
    unpruned = Shape(size.side, size.classes, channel_norm=settings.channel_norm)
    found = {}
    for method in MEASURED_AT_FULL_SIZE[backbone]:
        shape = unpruned
        if method in PLAN_OF.values():
            if method not in left_by_pruning:
                continue
            plan = plans.from_dict(next(iter(left_by_pruning[method].values())))
            target = getattr(settings.pruning.targets, method) * _multiply_adds(backbone, unpruned)
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
