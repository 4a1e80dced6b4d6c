"""The channels of one image as images: what a network sees before it classifies, and the image put together again."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor, nn

from study.models.wae import Decoder
from study.models.wavelet import CDF97

LEAST_SIDE = 320  # pixels of a written image; small ones are enlarged by a whole factor, nothing is invented
MAPS = 3  # of a channel
GAP = 1  # white pixels between maps
TINY = 1e-6  # what lies below is rounding, and is not amplified to be seen

Pixels = NDArray[np.float32]  # (height, width, 3), RGB in [0, 1]


@dataclass(frozen=True)
class View:
    """An image, the name of its file without its ending, and how its values came to be."""

    name: str
    values: Pixels
    how: str


@torch.inference_mode()
def views(network: nn.Module, decoder: Decoder | None, image: Tensor) -> list[View]:
    """The input and, of a network with a decomposer, I_L and I_H (Eq. 1) and what the decoder makes of them (Eq. 2).

    `image` is (1, 3, side, side) in [0, 1], `side` even.
    """
    found = [View("input", _pixels(image[0]), "as the network sees it")]
    decomposer = getattr(network, "decomposer", None)
    if decomposer is None:
        return found
    low, high = decomposer(image)
    names: tuple[str, ...] = ("high",)
    # What an encoder puts into its three maps are no colours.
    laid_out: Callable[[Tensor], Pixels] = _side_by_side
    maps = "the three maps side by side"
    if isinstance(decomposer, CDF97):
        names, laid_out, maps = ("high_cH", "high_cV", "high_cD"), _pixels, "red, green and blue"
    low = low[0]
    least, most = (extreme(low.flatten(1), dim=1).values[:, None, None] for extreme in (torch.min, torch.max))
    how = f"{maps}, each from its least value, black, to its largest, white"
    found.append(View("low", laid_out((low - least) / (most - least).clamp(min=TINY)), how))
    for name, channel in zip(names, high[0].split(MAPS), strict=True):
        gain = 0.5 / max(float(channel.abs().max()), TINY)
        found.append(View(name, laid_out(0.5 + gain * channel), f"{maps}, amplified {gain:.3g} times; grey is zero"))
    if decoder is not None:
        error = float((decoder(low, high) - image).square().mean())
        psnr = f"{-10 * np.log10(error):.1f} dB" if error else "exact"
        found.append(View("reconstruction", _pixels(decoder(low, high)[0]), f"PSNR {psnr}, values cut to 0 to 1"))
    return found


def _pixels(values: Tensor) -> Pixels:
    return values.clamp(0, 1).permute(1, 2, 0).numpy()


def _side_by_side(maps: Tensor) -> Pixels:
    gap = torch.ones(maps.shape[1], GAP)
    row = torch.cat([maps[0], *(part for one in maps[1:] for part in (gap, one))], dim=1)
    return _pixels(row.expand(MAPS, -1, -1))


def write(folder: Path, found: list[View]) -> dict[str, View]:
    """Write the images as PNG, all of one height; returns, by file name, what was written. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    height = max(view.values.shape[0] for view in found)
    height *= -(-LEAST_SIDE // height)
    files = {}
    for view in found:
        pixels = Image.fromarray(np.rint(view.values * 255).astype(np.uint8))
        size = (pixels.width * height // pixels.height, height)
        pixels.resize(size, Image.Resampling.NEAREST).save(folder / f"{view.name}.png")
        files[f"{view.name}.png"] = view
    return files
