"""The same function in fewer operations, exact but for rounding: what a user would run once training is over."""

import copy
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from study.models.classifiers import TwoStream
from study.models.wae import Encoder


class FoldedTwoStream(nn.Module):
    """WAE+CNN with one convolution in place of both strided branches and of the norms behind them.

    I_L and I_H stay side by side in one tensor: the first convolution of each stream reads all six channels, those of
    the other stream with weights of zero, which costs less than taking the tensor apart.
    """

    def __init__(self, network: TwoStream) -> None:
        super().__init__()
        encoder = network.decomposer
        assert isinstance(encoder, Encoder)
        branches = _side_by_side(
            _with_norm(encoder.to_low, network.low_norm), _with_norm(encoder.to_high, network.high_norm)
        )
        self.encoder = nn.Sequential(*encoder.shared, branches)
        self.streams = Streams(
            _folded_features(_reading(network.low_features, branches.out_channels, 0)),
            _folded_features(_reading(network.high_features, branches.out_channels, encoder.to_low.out_channels)),
            Heads(network.low_head, network.fused_head),
        )

    def forward(self, image: Tensor) -> tuple[Tensor, Tensor]:
        """Image (batch, 3, side, side) to the logits that the unfolded network gives, two of (batch, classes)."""
        low, fused = self.streams(self.encoder(image))
        return low, fused


class Streams(nn.Module):
    """Everything behind the encoder of WAE+CNN: both streams and their heads."""

    def __init__(self, low_features: nn.Module, high_features: nn.Module, heads: nn.Module) -> None:
        super().__init__()
        self.low_features = low_features
        self.high_features = high_features
        self.heads = heads

    def forward(self, channels: Tensor) -> tuple[Tensor, Tensor]:
        """Logits of the low stream and of the fused streams from I_L and I_H, normalised, (batch, 6, side, side)."""
        low, fused = self.heads(self.low_features(channels), self.high_features(channels))
        return low, fused


class Heads(nn.Module):
    """Both heads of the two streams."""

    def __init__(self, low_head: nn.Module, fused_head: nn.Module) -> None:
        super().__init__()
        self.low_head = low_head
        self.fused_head = fused_head

    def forward(self, low: Tensor, high: Tensor) -> tuple[Tensor, Tensor]:
        """Features (batch, channels, height, width) to logits (batch, classes) of the low and of the fused streams."""
        return self.low_head(low), self.fused_head(torch.cat([low, high], dim=1))


def copy_of(network: nn.Module) -> nn.Module:
    """A copy that shares the weights of linear layers, most of VGG16's: to be changed in its convolutions alone."""
    return copy.deepcopy(network, {id(weight): weight for weight in network.parameters() if weight.dim() == 2})


def folded(network: nn.Module) -> nn.Module:
    """A copy for inference that gives the same logits: BatchNorm folded into the convolution before it, and the
    encoder's two branches in one convolution.

    VGG16's own input norm stays: the convolution behind it pads its output with zeros, which no other weights do.
    """
    network = copy_of(network).eval()
    if isinstance(network, TwoStream) and isinstance(network.decomposer, Encoder):
        return FoldedTwoStream(network)
    for name in ("features", "low_features", "high_features"):
        if hasattr(network, name):
            setattr(network, name, _folded_features(getattr(network, name)))
    return network


def _folded_features(features: nn.Module) -> nn.Module:
    """Features whose convolutions hold the BatchNorm that is registered, and applied, right behind each."""
    for part in list(features.eval().modules()):
        for (name, layer), (norm_name, norm) in pairwise(list(part.named_children())):
            if isinstance(layer, nn.Conv2d) and isinstance(norm, nn.BatchNorm2d):
                setattr(part, name, fuse_conv_bn_eval(layer, norm))
                setattr(part, norm_name, nn.Identity())
    return features


@torch.no_grad()
def _with_norm(convolution: nn.Conv2d, norm: nn.Module) -> nn.Conv2d:
    """A convolution and the BatchNorm without scale and shift behind it, or nothing behind it, as one convolution."""
    if isinstance(norm, nn.Identity):
        return convolution
    assert isinstance(norm, nn.BatchNorm2d) and norm.running_mean is not None and norm.running_var is not None
    assert convolution.bias is not None
    scale = (norm.running_var + norm.eps).rsqrt()
    convolution.weight.mul_(scale[:, None, None, None])
    convolution.bias.sub_(norm.running_mean).mul_(scale)
    return convolution


@torch.no_grad()
def _side_by_side(first: nn.Conv2d, second: nn.Conv2d) -> nn.Conv2d:
    """Two convolutions of one input as one, whose output channels are those of both."""
    both = _like(first, first.in_channels, first.out_channels + second.out_channels)
    assert first.bias is not None and second.bias is not None and both.bias is not None
    both.weight.copy_(torch.cat([first.weight, second.weight]))
    both.bias.copy_(torch.cat([first.bias, second.bias]))
    return both


@torch.no_grad()
def _reading(features: nn.Module, channels: int, start: int) -> nn.Module:
    """Features of an input of so many channels, whose own channels begin at `start` and whose others do not matter."""
    name, first = next((name, layer) for name, layer in features.named_modules() if isinstance(layer, nn.Conv2d))
    wide = _like(first, channels, first.out_channels)
    wide.weight.zero_()
    wide.weight[:, start : start + first.in_channels] = first.weight
    if first.bias is not None and wide.bias is not None:
        wide.bias.copy_(first.bias)
    features.set_submodule(name, wide)
    return features


def _like(convolution: nn.Conv2d, inputs: int, outputs: int) -> nn.Conv2d:
    """A convolution of the same kind from and to other numbers of channels."""
    (height, width), (down, right), padding = convolution.kernel_size, convolution.stride, convolution.padding
    return nn.Conv2d(
        inputs,
        outputs,
        (height, width),
        stride=(down, right),
        padding=padding if isinstance(padding, str) else (padding[0], padding[1]),
        bias=convolution.bias is not None,
        device=convolution.weight.device,
    )
