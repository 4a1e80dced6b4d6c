"""How many filters a pruned network keeps, layer by layer, and how it ends: enough to build it at any width."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from study.settings import paths
from study.settings.errors import InvalidData

PLAN = "plan.json"  # in the folder of a pruned network


@dataclass(frozen=True)
class Plan:
    """The share of its filters that every convolution keeps which pruning may narrow, in the network's order.

    These are all 13 convolutions of VGG16, and the first 1x1 and the 3x3 of all 16 bottlenecks of ResNet-50.
    `average_pooled` means that one average pooling and one fully connected layer stand in the place of VGG16's last
    max-pooling and its head.
    """

    kept: tuple[Fraction, ...]
    average_pooled: bool = False

    def channels(self, full: Sequence[int]) -> tuple[int, ...]:
        """Filters of every layer of a network that has `full` of them unpruned; at least one each.

        Raises ValueError for another number of layers than the plan has.
        """
        return tuple(max(1, round(of * share)) for of, share in zip(full, self.kept, strict=True))

    def times(self, factor: float) -> "Plan":
        """The plan with every share times a factor, at most everything."""
        return replace(self, kept=tuple(min(Fraction(1), share * Fraction(factor)) for share in self.kept))


def between(kept: Sequence[int], full: Sequence[int], average_pooled: bool = False) -> Plan:
    """The plan of a network with `kept` filters a layer where the unpruned one has `full`."""
    return Plan(tuple(Fraction(k, f) for k, f in zip(kept, full, strict=True)), average_pooled)


def _vgg16(*kept: int) -> tuple[Fraction, ...]:
    """Shares from the filters kept of VGG16's 13 convolutions at full width."""
    full = (64, 64, 128, 128, 256, 256, 256, 512, 512, 512, 512, 512, 512)
    return tuple(Fraction(k, f) for k, f in zip(kept, full, strict=True))


# The released models of Luo et al. 2017. In GAP the layers of block 5 are not pruned.
THINET_GAP = Plan(_vgg16(32, 32, 64, 64, 128, 128, 128, 256, 256, 256, 512, 512, 512), average_pooled=True)
THINET_TINY = Plan(_vgg16(16, 16, 32, 32, 64, 64, 64, 128, 128, 128, 128, 128, 256), average_pooled=True)
# Stages 2 to 5 of ResNet-50 have 3, 4, 6 and 3 bottlenecks, of which two convolutions each are pruned.
THINET_30 = Plan(
    tuple(
        Fraction(kept, full)
        for kept, full, blocks in ((19, 64, 3), (38, 128, 4), (76, 256, 6), (153, 512, 3))
        for _ in range(2 * blocks)
    )
)


def write(folder: Path, plan: Plan, full: Sequence[int]) -> None:
    """Write plan.json: filters kept and filters of the unpruned network, layer by layer."""
    paths.write_json(folder / PLAN, as_dict(plan, full))


def as_dict(plan: Plan, full: Sequence[int]) -> dict[str, Any]:
    """A plan as JSON holds it, at the size of a network with `full` filters a layer."""
    return {"kept": list(plan.channels(full)), "of": list(full), "average_pooled": plan.average_pooled}


def from_dict(stored: Mapping[str, Any]) -> Plan:
    """The plan that `as_dict` made."""
    return between(stored["kept"], stored["of"], stored["average_pooled"])


def read(folder: Path) -> Plan | None:
    """The plan in the folder of a trained network; None where the network was not pruned.

    Raises InvalidData if the file cannot be read as a plan.
    """
    file = folder / PLAN
    try:
        return from_dict(paths.read_json(file)) if file.exists() else None
    except (KeyError, TypeError, ZeroDivisionError, ValueError) as error:
        raise InvalidData(f"{file}: not a plan: {error!r}; make it again with: dvc repro -f prune") from None
