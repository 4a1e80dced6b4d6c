"""From a row of the tables to its network: a dict from the method's word to the function that builds it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import NoReturn

from torch import nn

from study.models import plans, resnet, vgg
from study.models.classifiers import ChannelNorm, LowStream, OneStream, TwoStream
from study.models.initialisation import xavier
from study.models.plans import Plan
from study.models.wae import Encoder
from study.models.wavelet import CDF97
from study.settings.errors import InvalidParameter

STANDARD_HIDDEN = 4096  # VGG16's own head
LOW_HIDDEN, FUSED_HIDDEN = 1024, 2048  # heads of the released network
HIGH_WIDTH = 0.25  # "the channel numbers of all the conv layers are divided by 4"


@dataclass(frozen=True)
class Shape:
    """The size of a network: side of its input in pixels, classes, relative width, BatchNorm in the backbone (ResNet
    has it in any case), BatchNorm without scale before every stream, and the plan of a pruned network."""

    side: int
    classes: int
    width: float = 1.0
    batch_norm: bool = False
    channel_norm: bool = True
    plan: Plan | None = None

    def norm(self, channels: int) -> nn.Module:
        """What stands before a stream of this many channels."""
        return ChannelNorm(channels) if self.channel_norm else nn.Identity()


def cannot_be_pruned(*_: object) -> NoReturn:
    """Stands for what a network lacks that pruning needs. Raises InvalidParameter."""
    raise InvalidParameter("backbone: this one has no `filters` and `narrow`, which pruning needs")


@dataclass(frozen=True)
class Backbone:
    """A standard network in two parts: `features(shape, width, inputs)` are its convolution layers at a relative width
    for an input of so many channels; `head(shape, channels, side, hidden)` gives scores from features of so many
    channels of an image of so many pixels, through hidden layers of so many units at full width, if it has any.

    `filters(width)` are those of the layers that pruning may narrow, and `narrow(shape, plan)` the convolution layers
    that a plan leaves; without them the network cannot be pruned.
    """

    features: Callable[[Shape, float, int], nn.Module]
    head: Callable[[Shape, int, int, int], nn.Module]
    filters: Callable[[float], tuple[int, ...]] = cannot_be_pruned
    narrow: Callable[[Shape, Plan], nn.Module] = cannot_be_pruned


def _vgg_head(shape: Shape, channels: int, side: int, hidden: int) -> nn.Module:
    inputs = channels * vgg.VGG16Features.side_of(side) ** 2
    return vgg.head(inputs, vgg.scaled(hidden, shape.width), shape.classes)


def _narrow_vgg(shape: Shape, plan: Plan) -> nn.Module:
    channels = plan.channels(vgg.filters(shape.width))
    return vgg.VGG16Features(batch_norm=shape.batch_norm, channels=channels, last_pooling=not plan.average_pooled)


def _narrow_resnet(shape: Shape, plan: Plan) -> nn.Module:
    return resnet.ResNet50Features(shape.width, inner=plan.channels(resnet.filters(shape.width)))


BACKBONES = {
    "vgg16": Backbone(
        lambda shape, width, inputs: vgg.VGG16Features(width, shape.batch_norm, inputs),
        _vgg_head,
        vgg.filters,
        _narrow_vgg,
    ),
    "resnet50": Backbone(
        lambda _, width, inputs: resnet.ResNet50Features(width, inputs),
        lambda shape, channels, *_: resnet.head(channels, shape.classes),
        resnet.filters,
        _narrow_resnet,
    ),
}


def _one_stream(backbone: Backbone, shape: Shape, side: int, hidden: int) -> OneStream:
    features = backbone.features(shape, shape.width, 3)
    return OneStream(shape.norm(3), features, backbone.head(shape, features.channels, side, hidden))


def standard(backbone: Backbone, shape: Shape) -> OneStream:
    """The standard network on the image itself."""
    return _one_stream(backbone, shape, shape.side, STANDARD_HIDDEN)


def standard_narrow(backbone: Backbone, shape: Shape) -> OneStream:
    """The standard network with the narrower head of our low stream: what of our speed is the head's."""
    return _one_stream(backbone, shape, shape.side, LOW_HIDDEN)


def half(backbone: Backbone, shape: Shape) -> OneStream:
    """The standard network on the image resized to half its side: VGG16 (112)."""
    return _one_stream(backbone, shape, shape.side // 2, STANDARD_HIDDEN)


def half_narrow(backbone: Backbone, shape: Shape) -> OneStream:
    """VGG16 (112) with the narrower head of our low stream: what of our gain is the head's."""
    return _one_stream(backbone, shape, shape.side // 2, LOW_HIDDEN)


def low_stream(backbone: Backbone, shape: Shape, decomposer: nn.Module, hidden: int) -> LowStream:
    """The standard network on the low channel of any decomposer image -> (low, high)."""
    features = backbone.features(shape, shape.width, 3)
    head = backbone.head(shape, features.channels, shape.side // 2, hidden)
    return LowStream(decomposer, shape.norm(3), features, head)


def two_stream(backbone: Backbone, shape: Shape, decomposer: nn.Module, high_channels: int = 3) -> TwoStream:
    """The paper's classification network behind any decomposer image -> (low, high)."""
    low = backbone.features(shape, shape.width, 3)
    high = backbone.features(shape, shape.width * HIGH_WIDTH, high_channels)
    return TwoStream(
        decomposer,
        shape.norm(3),
        shape.norm(high_channels),
        low,
        high,
        backbone.head(shape, low.channels, shape.side // 2, LOW_HIDDEN),
        backbone.head(shape, low.channels + high.channels, shape.side // 2, FUSED_HIDDEN),
    )


def ca(backbone: Backbone, shape: Shape) -> LowStream:
    """The standard network on the wavelet's low band alone (Table 3)."""
    return low_stream(backbone, shape, CDF97(), STANDARD_HIDDEN)


def low(backbone: Backbone, shape: Shape) -> LowStream:
    """The standard network on I_L alone (Table 3)."""
    return low_stream(backbone, shape, Encoder(), STANDARD_HIDDEN)


def wavelet(backbone: Backbone, shape: Shape) -> TwoStream:
    """Wavelet+CNN: cA for the standard network, cH, cV and cD of the three colours for the light one."""
    return two_stream(backbone, shape, CDF97(), high_channels=9)


def ours(backbone: Backbone, shape: Shape) -> TwoStream:
    """The released network: encoder, standard network on I_L, quarter-width network on I_H, two heads.

    Also Decomposition+CNN, which differs in its training alone.
    """
    return two_stream(backbone, shape, Encoder())


def ours_unnormalised(backbone: Backbone, shape: Shape) -> TwoStream:
    """The network of the text, without the norms that the released one has behind the encoder."""
    return ours(backbone, replace(shape, channel_norm=False))


def ours_cut(backbone: Backbone, shape: Shape) -> LowStream:
    """Our low stream alone, with the weights that it has in the whole network."""
    return low_stream(backbone, shape, Encoder(), LOW_HIDDEN)


def narrow(backbone: Backbone, shape: Shape, plan: Plan) -> OneStream:
    """The standard network with the filters that a plan keeps."""
    features = backbone.narrow(shape, plan)
    if plan.average_pooled:
        return OneStream(shape.norm(3), features, resnet.head(features.channels, shape.classes))
    return OneStream(shape.norm(3), features, backbone.head(shape, features.channels, shape.side, STANDARD_HIDDEN))


def needs_a_plan(*_: object) -> OneStream:
    """Stands for a network whose layers are known when it has been pruned, not before. Raises InvalidParameter."""
    raise InvalidParameter(f"plan: this network is built from the {plans.PLAN} that pruning leaves, and none was given")


BUILDERS: dict[str, Callable[[Backbone, Shape], nn.Module]] = {
    "full": standard,
    "full_extended": standard,
    "full_thinet_tiny_budget": standard,
    "full_narrow_heads": standard_narrow,
    "half": half,
    "half_narrow_heads": half_narrow,
    "ca": ca,
    "low": low,
    "wavelet_cnn": wavelet,
    "decomposition_cnn": ours,
    "decomposition_cnn_extended": ours,
    "wae_cnn_frozen": ours,
    "wae_cnn_frozen_unnormalised": ours_unnormalised,
    "wae_cnn": ours,
    "wae_cnn_low_stream": ours_cut,
    "thinet_gap": partial(narrow, plan=plans.THINET_GAP),
    "thinet_gap_scratch": partial(narrow, plan=plans.THINET_GAP),
    "thinet_gap_same_budget": partial(narrow, plan=plans.THINET_GAP),
    "thinet_tiny": partial(narrow, plan=plans.THINET_TINY),
    "thinet_tiny_scratch": partial(narrow, plan=plans.THINET_TINY),
    "thinet_tiny_same_budget": partial(narrow, plan=plans.THINET_TINY),
    "thinet_30": partial(narrow, plan=plans.THINET_30),
    "thinet_30_scratch": partial(narrow, plan=plans.THINET_30),
    "thinet_30_same_budget": partial(narrow, plan=plans.THINET_30),
    "taylor_1": needs_a_plan,
    "taylor_1_scratch": needs_a_plan,
    "taylor_1_same_budget": needs_a_plan,
    "taylor_2": needs_a_plan,
    "taylor_2_scratch": needs_a_plan,
    "taylor_2_same_budget": needs_a_plan,
}


def architecture(backbone: str, method: str, shape: Shape) -> nn.Module:
    """The network of a method with whatever weights its layers start with; on the meta device, with none.

    The plan of a pruned network decides alone what is built, whatever the method. Raises InvalidParameter for an
    unknown backbone or method.
    """
    if backbone not in BACKBONES:
        raise InvalidParameter(f"backbone: must be one of {', '.join(BACKBONES)}, got {backbone!r}")
    if shape.plan is not None:
        return narrow(BACKBONES[backbone], shape, shape.plan)
    if method not in BUILDERS:
        raise InvalidParameter(f"method: must be one of {', '.join(BUILDERS)}, got {method!r}")
    return BUILDERS[method](BACKBONES[backbone], shape)


def build(backbone: str, method: str, shape: Shape) -> nn.Module:
    """The network of a method, Xavier-initialised. Raises InvalidParameter as `architecture` does."""
    return xavier(architecture(backbone, method, shape))
