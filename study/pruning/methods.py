"""Pruning methods by backbone and the word of their row. Another one is a criterion in a file of this room and a line
here."""

from study.models.plans import THINET_30, THINET_GAP, THINET_TINY
from study.pruning.procedures import ToCost, ToPlan
from study.pruning.taylor import taylor
from study.pruning.thinet import thinet

METHODS: dict[str, dict[str, ToPlan | ToCost]] = {
    "vgg16": {
        "thinet_gap": ToPlan(thinet, THINET_GAP),
        "thinet_tiny": ToPlan(thinet, THINET_TINY),
        "taylor_1": ToCost(taylor, "taylor_1"),
        "taylor_2": ToCost(taylor, "taylor_2"),
    },
    "resnet50": {
        "thinet_30": ToPlan(thinet, THINET_30),
    },
}
