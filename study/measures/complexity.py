"""Operations and parameters of a network, under named conventions, and the bound of Eq. 8.

The paper's 15.36, 3.89 and 4.11 billion follow three different conventions; each is a key here.
"""

from dataclasses import dataclass
from itertools import groupby

import torch
from torch import Tensor, nn

ENCODER, LOW_STREAM, HIGH_STREAM, HEADS = "encoder", "low stream", "high stream", "heads"
# Parts by the first word of a layer's name; a network of one stream has the low one.
PART_OF_LAYER = {
    "decomposer": ENCODER,
    "features": LOW_STREAM,
    "low_features": LOW_STREAM,
    "high_features": HIGH_STREAM,
    "head": HEADS,
    "low_head": HEADS,
    "fused_head": HEADS,
}


@dataclass(frozen=True)
class Layer:
    """One layer's work on one image: multiply-adds, additions of the bias, its learned numbers, where it belongs."""

    name: str
    kind: str  # "convolution" or "linear"
    multiply_adds: int
    bias_additions: int
    parameters: int

    @property
    def part(self) -> str:
        """Encoder, low stream, high stream or heads."""
        return PART_OF_LAYER[self.name.partition(".")[0]]


def layers(network: nn.Module, side: int, channels: int = 3) -> list[Layer]:
    """Every convolution and linear layer that one image (1, channels, side, side) passes, in order.

    Shapes alone are computed: `network` must lie on the meta device. Raises TypeError for a transposed convolution,
    whose work these rules do not give.
    """
    found: list[Layer] = []

    def count(name: str, layer: nn.Conv2d | nn.ConvTranspose2d | nn.Linear, output: Tensor) -> None:
        if isinstance(layer, nn.ConvTranspose2d):
            raise TypeError(f"{name}: transposed convolutions are not part of any classifier")
        linear = isinstance(layer, nn.Linear)
        kind, positions = ("linear", 1) if linear else ("convolution", output.shape[-2] * output.shape[-1])
        weights = layer.weight.numel()
        biases = parameters(layer) - weights
        found.append(Layer(name, kind, weights * positions, biases * positions, weights + biases))

    hooks = [
        layer.register_forward_hook(lambda module, _, output, name=name: count(name, module, output))
        for name, layer in network.named_modules()
        if isinstance(layer, (nn.Conv2d, nn.ConvTranspose2d, nn.Linear))
    ]
    try:
        with torch.no_grad():
            network.eval()(torch.empty(1, channels, side, side, device="meta"))
    finally:
        for hook in hooks:
            hook.remove()
    return found


def multiply_adds(found: list[Layer]) -> dict[str, int]:
    """Multiply-adds of one image under each convention: which layers, whether the additions of biases, and whether
    the encoder."""

    def total(kinds: tuple[str, ...], bias: bool, with_encoder: bool) -> int:
        chosen = [layer for layer in found if layer.kind in kinds and (with_encoder or layer.part != ENCODER)]
        return sum(layer.multiply_adds + (layer.bias_additions if bias else 0) for layer in chosen)

    convolution, every = ("convolution",), ("convolution", "linear")
    return {
        f"{name}{suffix}": total(kinds, bias, with_encoder)
        for with_encoder, suffix in ((True, ""), (False, "_without_encoder"))
        for name, kinds, bias in (
            ("conv", convolution, False),
            ("conv_bias", convolution, True),
            ("conv_fc", every, False),
            ("conv_bias_fc", every, True),
        )
    }


def by_part(found: list[Layer]) -> dict[str, dict[str, int]]:
    """Part -> its multiply-adds of one image (biases not counted) and its learned numbers."""
    order = (ENCODER, LOW_STREAM, HIGH_STREAM, HEADS)
    sorted_layers = sorted(found, key=lambda layer: order.index(layer.part))
    parts = {}
    for part, group in groupby(sorted_layers, key=lambda layer: layer.part):
        chosen = list(group)
        parts[part] = {
            "multiply_adds": sum(layer.multiply_adds for layer in chosen),
            "parameters": sum(layer.parameters for layer in chosen),
        }
    return parts


def parameters(network: nn.Module) -> int:
    """Number of learned numbers."""
    return sum(parameter.numel() for parameter in network.parameters())


def bound() -> float:
    """Upper bound of the acceleration (text under Eq. 8): 1 / (1/4 + 1/64) = 3.76.

    Half the side is a quarter of the work; a quarter of the channels, on both sides, is another sixteenth of it.
    """
    return 1 / (1 / 4 + 1 / 64)
