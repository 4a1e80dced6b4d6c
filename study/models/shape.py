"""The size of a network, and what it starts from."""

from dataclasses import dataclass

from torch import nn

from study.models.classifiers import ChannelNorm
from study.models.plans import Plan


@dataclass(frozen=True)
class Shape:
    """Side of its input in pixels, classes, relative width, BatchNorm in the backbone (ResNet has it in any case),
    dropout in the heads, the rule by which weights start ("xavier" or "he"), BatchNorm without scale before every
    stream, and the plan of a pruned network."""

    side: int
    classes: int
    width: float = 1.0
    batch_norm: bool = False
    dropout: float = 0.5
    initialisation: str = "xavier"
    channel_norm: bool = True
    plan: Plan | None = None

    def norm(self, channels: int) -> nn.Module:
        """What stands before a stream of this many channels."""
        return ChannelNorm(channels) if self.channel_norm else nn.Identity()
