"""Half the side without a filter: the pixels of each 2x2 block become channels."""

import torch
from torch import Tensor
from torch.nn import functional

from study.models.decomposer import Decomposer


class SpaceToDepth(Decomposer):
    """The four pixels of every 2x2 block as channels: half the side, nothing lost, nothing learned.

    Known from super-resolution (Shi et al. 2016, in reverse) and from TResNet's stem (Ridnik et al. 2021). The low
    channel holds all twelve, so that a network on it alone sees everything; the high one holds each pixel's
    deviation from the mean of its block, but for the last pixel's, which follows from the others.
    """

    low_channels, high_channels = 12, 9

    def forward(self, image: Tensor) -> tuple[Tensor, Tensor]:
        """(batch, 12, height/2, width/2), colour by colour, and (batch, 9, height/2, width/2) from an image
        (batch, 3, height, width) with even sides."""
        pixels = functional.pixel_unshuffle(image, 2)  # (batch, 12, height/2, width/2)
        blocks = pixels.unflatten(1, (3, 4))
        details = (blocks - blocks.mean(dim=2, keepdim=True))[:, :, :3]
        return pixels, details.flatten(1, 2)


class LowPass(Decomposer):
    """A separable low-pass filter, then every second pixel: the low channel alone, nothing is kept of the rest.

    `taps` (an even number of them, summing to 1) lie symmetrically about the middle between two pixels. Borders are
    reflected.
    """

    low_channels, high_channels = 3, 0
    taps: Tensor

    def __init__(self, taps: Tensor) -> None:
        super().__init__()
        # Not part of the state: the filter is known.
        self.register_buffer("taps", taps, persistent=False)

    def forward(self, image: Tensor) -> tuple[Tensor, Tensor]:
        """(batch, 3, height/2, width/2), and no channel, from an image (batch, 3, height, width) with even sides."""
        size = len(self.taps)
        kernel = torch.outer(self.taps, self.taps).to(image.dtype).expand(3, 1, size, size)
        reach = size // 2 - 1
        padded = functional.pad(image, (reach,) * 4, mode="reflect") if reach else image
        low = functional.conv2d(padded, kernel, stride=2, groups=3)
        return low, low[:, :0]


class Box(LowPass):
    """The mean of every 2x2 block, which is half of Haar's cA."""

    def __init__(self) -> None:
        super().__init__(torch.full((2,), 0.5, dtype=torch.float64))


class Lanczos(LowPass):
    """Lanczos' windowed sinc of three lobes at half the rate: the sharpest of the usual filters for resizing."""

    LOBES = 3

    def __init__(self) -> None:
        reach = 2 * self.LOBES
        positions = (torch.arange(-reach, reach, dtype=torch.float64) + 0.5) / 2
        taps = torch.sinc(positions) * torch.sinc(positions / self.LOBES)
        super().__init__(taps / taps.sum())
