"""The layers that an image passes on its way through a network, with their shapes and their work."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

KINDS: dict[type[nn.Module], str] = {
    nn.Conv2d: "convolution",
    nn.ConvTranspose2d: "deconvolution",
    nn.Linear: "linear",
    nn.BatchNorm2d: "norm",
    nn.MaxPool2d: "pooling",
    nn.AdaptiveAvgPool2d: "pooling",
    nn.ReLU: "relu",
}


@dataclass(frozen=True)
class Block:
    """One layer: its name in the network, its kind, channels and side (pixels) that come out of it, channels that go
    in, kernel and stride where it has them, its learned numbers, and its multiply-adds for one image."""

    name: str
    kind: str
    inputs: int
    channels: int
    side: int
    kernel: int | None
    stride: int | None
    parameters: int
    multiply_adds: int


def blocks(network: nn.Module, side: int) -> list[Block]:
    """The layers of the kinds above that an image (1, 3, side, side) passes, in order.

    Shapes alone are computed: `network` must lie on the meta device. Operations are counted by torch's own counter.
    """
    kinds = tuple(KINDS)
    passed: list[tuple[str, nn.Module, Tensor, Tensor]] = []
    hooks = [
        layer.register_forward_hook(
            lambda layer, given, output, name=name: passed.append((name, layer, given[0], output))
        )
        for name, layer in network.named_modules()
        if isinstance(layer, kinds)
    ]
    try:
        with torch.no_grad(), FlopCounterMode(display=False) as counter:
            network.eval()(torch.empty(1, 3, side, side, device="meta"))
    finally:
        for hook in hooks:
            hook.remove()
    counted = counter.get_flop_counts()
    return [
        Block(
            name,
            next(kind for of, kind in KINDS.items() if isinstance(layer, of)),
            given.shape[1],
            output.shape[1],
            output.shape[2] if output.ndim == 4 else 1,
            _single(layer, "kernel_size"),
            _single(layer, "stride"),
            sum(parameter.numel() for parameter in layer.parameters()),
            # Two operations are one multiply-add.
            sum(counted.get(f"{type(network).__name__}.{name}", {}).values()) // 2,
        )
        for name, layer, given, output in passed
    ]


def _single(layer: nn.Module, name: str) -> int | None:
    """A size that is the same in both directions, or None for a layer that has no such size."""
    size = getattr(layer, name, None)
    return size[0] if isinstance(size, tuple) else size
