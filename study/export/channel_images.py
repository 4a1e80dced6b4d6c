"""What a network makes of one picture before it classifies it: the channels, and the picture put together again."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn

from study.models.wae import Decoder
from study.models.wavelet import CDF97

LEAST_SIDE = 320  # pixels of a written picture; small ones are enlarged by a whole factor, nothing is invented
MAPS = 3  # of a channel
GAP = 1  # white pixels between maps
TINY = 1e-6  # what lies below is rounding, and is not amplified to be seen


@dataclass(frozen=True)
class View:
    """A picture (height, width, 3) of values in [0, 1], its file's name, and how its values came to be."""

    name: str
    values: np.ndarray
    how: str


@torch.inference_mode()
def views(network: nn.Module, decoder: Decoder | None, image: Tensor) -> list[View]:
    """The input and, of a network with a decomposer, its channels and what the decoder makes of them.

    `image` is (1, 3, side, side) in [0, 1].
    """
    found = [View("input", _pixels(image[0]), "as the network sees it")]
    decomposer = getattr(network, "decomposer", None)
    if decomposer is None:
        return found
    low, high = decomposer(image)
    if isinstance(decomposer, CDF97):
        names, laid_out, maps = ("high_cH", "high_cV", "high_cD"), _pixels, "red, green and blue"
    else:
        # What the encoder puts into its three maps are no colours.
        names, laid_out, maps = ("high",), _side_by_side, "the three maps side by side"
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


def _pixels(values: Tensor) -> np.ndarray:
    return values.clamp(0, 1).permute(1, 2, 0).numpy()


def _side_by_side(maps: Tensor) -> np.ndarray:
    gap = torch.ones(maps.shape[1], GAP)
    row = torch.cat([maps[0], *(part for one in maps[1:] for part in (gap, one))], dim=1)
    return _pixels(row.expand(MAPS, -1, -1))


def write(folder: Path, found: list[View]) -> dict[str, View]:
    """Write the pictures as PNG, all of one height; by file, what was written."""
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
