"""A network that others trained, as this study runs it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import torch
from torch import Tensor, nn

from study.models.build import architecture
from study.models.shape import Shape
from study.settings.errors import InvalidData

Colours = Literal["rgb", "bgr"]
Resize = Literal["caffe", "warp", "keep"]  # study.published.pictures
SIDE = 224  # pixels of a published network's input
MOST_CLASSES = 100_000
NAMED = 3  # faults named in a message; the rest is counted


@dataclass(frozen=True)
class Published:
    """A row of the tables with the weights of a file: `network` takes images (batch, 3, 224, 224), RGB in [0, 1], and
    gives a tuple of logits, each (batch, classes).

    `origin` says who trained it; `colours` in which order the file's first layer takes them, and `pixels` what it takes
    them for; `resize` is how its publisher makes images 256 pixels large, as far as that is known; `passed_over` are
    layers of the file that the network has not.
    """

    backbone: str
    method: str
    origin: str
    width: float
    classes: int
    colours: Colours
    pixels: str
    network: nn.Module
    resize: Resize
    passed_over: tuple[str, ...] = ()

    def described(self) -> dict[str, Any]:
        """All but the weights and the way to resize, which is chosen anew for every evaluation."""
        return {name: value for name, value in vars(self).items() if name not in ("network", "resize")}


class Standardised(nn.Module):
    """Images less a mean, over a deviation, colour by colour: both (3,), RGB, of pixels in [0, 1]."""

    mean: Tensor
    deviation: Tensor

    def __init__(self, mean: Iterable[float], deviation: Iterable[float]) -> None:
        super().__init__()
        for name, values in (("mean", mean), ("deviation", deviation)):
            self.register_buffer(name, torch.tensor(list(values))[:, None, None], persistent=False)

    def forward(self, image: Tensor) -> Tensor:
        """(batch, 3, height, width) as it came in."""
        return (image - self.mean) / self.deviation


def empty(backbone: str, method: str, width: float, classes: int, file: Path, *, channel_norm: bool) -> nn.Module:
    """The network of a row on the meta device, with shapes and without weights.

    Raises InvalidData for a width that no network here has, or more than MOST_CLASSES classes.
    """
    if not 1 / 64 <= width <= 1:
        raise InvalidData(f"{file}: {width:g} times as many filters in the first layer as the network has")
    if not 2 <= classes <= MOST_CLASSES:
        raise InvalidData(f"{file}: {classes} classes; 2 to {MOST_CLASSES} can be evaluated")
    with torch.device("meta"):
        return architecture(backbone, method, Shape(SIDE, classes, width, channel_norm=channel_norm))


def filled(network: nn.Module, weights: Mapping[str, Tensor]) -> nn.Module:
    """A network of the meta device with all its weights, in eval mode on the processor; counters of updates are 0."""
    counters = {name: torch.zeros((), dtype=torch.int64) for name in network.state_dict() if name.endswith("_tracked")}
    network.load_state_dict({**counters, **weights}, assign=True)
    return network.eval().requires_grad_(False)


def flipped(weight: Tensor, colours: Colours) -> Tensor:
    """The weights of a first layer, (filters, 3, height, width), for images in RGB."""
    return weight.flip(1) if colours == "bgr" else weight


def need_names(file: Path, what: str, wanted: Iterable[str], there: Iterable[str]) -> None:
    """Raises InvalidData, naming the first, if any that is wanted is not there."""
    wanted, found = list(wanted), set(there)
    lacking = [name for name in wanted if name not in found]
    if lacking:
        raise InvalidData(f"{file}: lacks {len(lacking)} of the {len(wanted)} {what}: {first_of(lacking)}")


def first_of(names: list[str]) -> str:
    """The first few names, as a message shows them."""
    shown = ", ".join(ascii(name)[1:-1] for name in names[:NAMED])
    return f"{shown}, ..." if len(names) > NAMED else shown
