"""From a row of the tables to its network: a dict from the method's word to the function that builds it."""

from collections.abc import Callable
from dataclasses import dataclass

from torch import nn

from study.errors import InvalidParameter
from study.models.classifiers import ChannelNorm, OneStream, TwoStream
from study.models.initialisation import xavier
from study.models.vgg import VGG16Features, head, scaled
from study.models.wae import Encoder

STANDARD_HIDDEN = 4096  # VGG16's own head
LOW_HIDDEN, FUSED_HIDDEN = 1024, 2048  # heads of the released network
HIGH_WIDTH = 0.25  # "the channel numbers of all the conv layers are divided by 4"


@dataclass(frozen=True)
class Shape:
    """The size of a network: side of its input in pixels, classes, relative width, BatchNorm in the backbone, and
    BatchNorm without scale before every stream."""

    side: int
    classes: int
    width: float = 1.0
    batch_norm: bool = False
    channel_norm: bool = True

    def norm(self, channels: int) -> nn.Module:
        """What stands before a stream of this many channels."""
        return ChannelNorm(channels) if self.channel_norm else nn.Identity()


def _one_stream(shape: Shape, side: int, hidden: int) -> OneStream:
    features = VGG16Features(shape.width, batch_norm=shape.batch_norm)
    inputs = features.channels * features.side_of(side) ** 2
    return OneStream(shape.norm(3), features, head(inputs, scaled(hidden, shape.width), shape.classes))


def standard(shape: Shape) -> OneStream:
    """VGG16-Net on the image itself."""
    return _one_stream(shape, shape.side, STANDARD_HIDDEN)


def half(shape: Shape) -> OneStream:
    """VGG16-Net on the image resized to half its side, VGG16 (112)."""
    return _one_stream(shape, shape.side // 2, STANDARD_HIDDEN)


def two_stream(shape: Shape, decomposer: nn.Module) -> TwoStream:
    """The paper's classification network behind any decomposer image -> (low, high)."""
    low = VGG16Features(shape.width, batch_norm=shape.batch_norm)
    high = VGG16Features(shape.width * HIGH_WIDTH, batch_norm=shape.batch_norm)
    positions = low.side_of(shape.side // 2) ** 2
    return TwoStream(
        decomposer,
        shape.norm(3),
        shape.norm(3),
        low,
        high,
        head(low.channels * positions, scaled(LOW_HIDDEN, shape.width), shape.classes),
        head((low.channels + high.channels) * positions, scaled(FUSED_HIDDEN, shape.width), shape.classes),
    )


def ours(shape: Shape) -> TwoStream:
    """The released network: encoder, standard network on I_L, quarter-width network on I_H, two heads."""
    return two_stream(shape, Encoder())


BUILDERS: dict[str, Callable[[Shape], nn.Module]] = {
    "standard": standard,
    "half": half,
    "ours_fixed": ours,
    "ours": ours,
}


def build(method: str, shape: Shape) -> nn.Module:
    """The network of a method, Xavier-initialised. Raises InvalidParameter for an unknown method."""
    if method not in BUILDERS:
        raise InvalidParameter(f"method: must be one of {', '.join(BUILDERS)}, got {method!r}")
    return xavier(BUILDERS[method](shape))
