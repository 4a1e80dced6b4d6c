"""The networks whose operations are counted and whose time is taken: full width, 224 pixels, 1,000 classes."""

from study import config, paths
from study.methods import MEASURED_AT_FULL_SIZE, PLAN_OF
from study.models import plans
from study.models.build import Shape


def shapes(scale: str, backbone: str, size: config.FullSize, channel_norm: bool) -> dict[str, Shape]:
    """By method, the network at full size.

    Where the layers come out of the pruning, they keep the shares that the first seed kept at this scale. A network
    that was not pruned, or whose pruning failed, is left out.
    """
    file = paths.results(scale) / "plans" / f"objects-{backbone}.json"
    left_by_pruning = paths.read_json(file) if file.exists() else {}
    found = {}
    for method in MEASURED_AT_FULL_SIZE[backbone]:
        plan = None
        if method in PLAN_OF.values():
            if method not in left_by_pruning:
                continue
            plan = plans.from_dict(next(iter(left_by_pruning[method].values())))
        found[method] = Shape(size.side, size.classes, channel_norm=channel_norm, plan=plan)
    return found
