"""From a row of the tables to its network."""

from dataclasses import replace

from torch import nn

from study.models import plans, resnet
from study.models.backbone import Backbone
from study.models.classifiers import LowStream, OneStream, TwoStream
from study.models.decomposer import Decomposer
from study.models.initialisation import initialised
from study.models.plans import Plan
from study.models.shape import Shape
from study.settings.errors import InvalidParameter
from study.settings.methods import BACKBONES, method
from study.settings.named import named
from study.settings.records import Method

STANDARD_HIDDEN = 4096  # VGG16's own head
LOW_HIDDEN, FUSED_HIDDEN = 1024, 2048  # heads of the released network
HIGH_WIDTH = 0.25  # "the channel numbers of all the conv layers are divided by 4"


def backbone_of(word: str) -> Backbone:
    """A standard network by its word. Raises InvalidParameter, naming what is known."""
    if word not in BACKBONES:
        raise InvalidParameter(f"backbone: must be one of {', '.join(BACKBONES)}, got {word!r}")
    found = named(BACKBONES[word].network)
    assert isinstance(found, Backbone)
    return found


def plan_of(row: Method) -> Plan | None:
    """The plan that a row's record names, or None. Raises InvalidParameter for a name of something else."""
    if not row.plan:
        return None
    found = named(row.plan)
    assert isinstance(found, Plan)
    return found


def _decomposer(row: Method) -> Decomposer:
    made = named(row.decomposer)
    assert callable(made)
    module: Decomposer = made()
    return module


def one_stream(backbone: Backbone, shape: Shape, side: int, hidden: int) -> OneStream:
    """The standard network on an image of so many pixels a side."""
    features = backbone.features(shape, shape.width, 3)
    return OneStream(shape.norm(3), features, backbone.head(shape, features.channels, side, hidden))


def low_stream(backbone: Backbone, shape: Shape, decomposer: Decomposer, hidden: int) -> LowStream:
    """The standard network on the low channel of any decomposer image -> (low, high) (Table 3)."""
    channels = decomposer.low_channels
    features = backbone.features(shape, shape.width, channels)
    head = backbone.head(shape, features.channels, shape.side // 2, hidden)
    return LowStream(decomposer, shape.norm(channels), features, head)


def two_stream(backbone: Backbone, shape: Shape, decomposer: Decomposer) -> TwoStream:
    """The paper's classification network behind any decomposer image -> (low, high)."""
    low = backbone.features(shape, shape.width, decomposer.low_channels)
    high = backbone.features(shape, shape.width * HIGH_WIDTH, decomposer.high_channels)
    return TwoStream(
        decomposer,
        shape.norm(decomposer.low_channels),
        shape.norm(decomposer.high_channels),
        low,
        high,
        backbone.head(shape, low.channels, shape.side // 2, LOW_HIDDEN),
        backbone.head(shape, low.channels + high.channels, shape.side // 2, FUSED_HIDDEN),
    )


def narrow(backbone: Backbone, shape: Shape, plan: Plan) -> OneStream:
    """The standard network with the filters that a plan keeps."""
    features = backbone.narrow(shape, plan)
    if plan.average_pooled:
        return OneStream(shape.norm(3), features, resnet.head(features.channels, shape.classes))
    return OneStream(shape.norm(3), features, backbone.head(shape, features.channels, shape.side, STANDARD_HIDDEN))


def architecture(backbone: str, word: str, shape: Shape) -> nn.Module:
    """The network of a row with whatever weights its layers start with; on the meta device, with none.

    The plan of a pruned network decides alone what is built, whatever the row. Raises InvalidParameter for an
    unknown backbone or row, and for a row whose layers are known only when it has been pruned.
    """
    base = backbone_of(backbone)
    if shape.plan is not None:
        return narrow(base, shape, shape.plan)
    row = method(word)
    plan = plan_of(row)
    if plan is not None:
        return narrow(base, shape, plan)
    if row.plan_of or row.criterion:
        raise InvalidParameter(
            f"{word}: this network is built from the {plans.PLAN} that pruning leaves, and none was given"
        )
    if not row.channel_norm:
        shape = replace(shape, channel_norm=False)
    hidden = LOW_HIDDEN if row.narrow_heads else STANDARD_HIDDEN
    if row.streams == "both":
        return two_stream(base, shape, _decomposer(row))
    if row.streams == "low":
        return low_stream(base, shape, _decomposer(row), hidden)
    return one_stream(base, shape, shape.side // row.input_divisor, hidden)


def build(backbone: str, word: str, shape: Shape) -> nn.Module:
    """The network of a row with its first weights. Raises InvalidParameter as `architecture` does."""
    return initialised(architecture(backbone, word, shape), shape.initialisation)
