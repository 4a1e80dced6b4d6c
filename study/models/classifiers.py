"""One stream on one image, and the paper's two streams with averaged logits (Sec. Image classification)."""

from contextlib import nullcontext

import torch
from torch import Tensor, nn

from study.models.decomposer import Decomposer


class ChannelNorm(nn.BatchNorm2d):
    """BatchNorm without scale and shift, as the released network puts it between encoder and classifier.

    It undoes the scale that the energy loss shrinks. The text never mentions it.
    """

    EPSILON = 1e-5 / 255**2  # Caffe's 1e-5, for pixels of 0..255; pixels are in [0, 1] here

    def __init__(self, channels: int) -> None:
        super().__init__(channels, eps=self.EPSILON, affine=False)


def decomposed(decomposer: Decomposer, image: Tensor) -> tuple[Tensor, Tensor]:
    """The low and the high channel of an image in full precision: bf16 keeps three digits of a value, and I_H is small
    beside what it is made from. The norm behind it would amplify the rounding."""
    # The meta device, on which operations are counted, has no precision to switch.
    with nullcontext() if image.is_meta else torch.autocast(image.device.type, enabled=False):
        return decomposer.split(image)


class OneStream(nn.Module):
    """Features and a head on one image: the backbone itself, or the same network on a half-resolution input."""

    def __init__(self, norm: nn.Module, features: nn.Module, head: nn.Module) -> None:
        super().__init__()
        self.norm = norm
        self.features = features
        self.head = head

    def forward(self, image: Tensor) -> tuple[Tensor]:
        """Image (batch, 3, side, side) to logits (batch, classes), in a tuple: all classifiers are used alike."""
        return (self.head(self.features(self.norm(image))),)


class LowStream(nn.Module):
    """The standard network on the low channel alone (Table 3): the first stream of TwoStream, under the same names."""

    def __init__(self, decomposer: Decomposer, low_norm: nn.Module, low_features: nn.Module, low_head: nn.Module):
        super().__init__()
        self.decomposer = decomposer
        self.low_norm = low_norm
        self.low_features = low_features
        self.low_head = low_head

    def forward(self, image: Tensor) -> tuple[Tensor]:
        """Image (batch, 3, side, side) to a tuple of one: logits (batch, classes)."""
        low, _ = decomposed(self.decomposer, image)
        return (self.low_head(self.low_features(self.low_norm(low))),)


class TwoStream(nn.Module):
    """A decomposer, the standard network on its low channel and the light network on its high channel.

    `decomposer` maps an image to (low, high); the learned encoder, the 9/7 wavelet and the unconstrained encoder
    differ in this one argument.
    """

    def __init__(
        self,
        decomposer: Decomposer,
        low_norm: nn.Module,
        high_norm: nn.Module,
        low_features: nn.Module,
        high_features: nn.Module,
        low_head: nn.Module,
        fused_head: nn.Module,
    ) -> None:
        super().__init__()
        self.decomposer = decomposer
        self.low_norm = low_norm
        self.high_norm = high_norm
        self.low_features = low_features
        self.high_features = high_features
        self.low_head = low_head
        self.fused_head = fused_head

    def classify(self, low: Tensor, high: Tensor) -> tuple[Tensor, Tensor]:
        """Logits of the low stream and of the fused streams, each (batch, classes), from I_L and I_H (batch, 3, side/2,
        side/2), or what else the decomposer makes of them (Sec. Image classification)."""
        low_features = self.low_features(self.low_norm(low))
        high_features = self.high_features(self.high_norm(high))
        return self.low_head(low_features), self.fused_head(torch.cat([low_features, high_features], dim=1))

    def decompose(self, image: Tensor) -> tuple[Tensor, Tensor]:
        """The low and the high channel of an image (batch, 3, side, side), in full precision."""
        return decomposed(self.decomposer, image)

    def forward(self, image: Tensor) -> tuple[Tensor, Tensor]:
        """Image (batch, 3, side, side) to the logits of the low stream and of the fused streams."""
        return self.classify(*self.decompose(image))


def averaged(logits: tuple[Tensor, ...]) -> Tensor:
    """What decides: the mean of each network's vectors of logits (Sec. Image classification), (batch, classes)."""
    return torch.stack(logits).mean(dim=0)
