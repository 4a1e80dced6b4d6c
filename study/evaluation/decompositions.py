"""What an encoder or the wavelet makes of photographs: its channels by name, how well they bring the image back, how
much they must be amplified to be seen, and their power spectra."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from skimage.metrics import peak_signal_noise_ratio, structural_similarity
from torch import Tensor, nn

from study.data.batches import Pictures, central_plan
from study.measures.spectrum import radial_power
from study.models.wavelet import CDF97
from study.settings import arrays as stored
from study.settings.bars import progress_bar
from study.sources.photographs import photograph, regions

# Embedded photographs with edges, texture and flat parts where the test patches come from.
SHOWN = ("ascent", "gravel", "stereo_motorcycle")
SIDE = 80  # pixels of what is shown of each
LARGEST = 99  # percentile of the deviations that amplification makes fill the range
BATCH = 64

DETAILS = ("cH", "cV", "cD")

Channels = dict[str, Tensor]
Arrays = dict[str, NDArray[Any]]  # of numbers of 8, 32 or 64 bits
Spectrum = tuple[NDArray[np.float64], NDArray[np.float64]]  # frequencies and power densities, each (rings,)


def shown(names: Sequence[str] = SHOWN) -> NDArray[np.uint8]:
    """The middle of the part of each photograph that no training patch comes from: uint8 (photographs, SIDE, SIDE)."""
    squares = []
    for name in names:
        grey = photograph(name, reduce=1)
        columns = regions(grey.shape[1])[1]
        top, left = (grey.shape[0] - SIDE) // 2, columns.start + (len(columns) - SIDE) // 2
        squares.append(np.rint(grey[top : top + SIDE, left : left + SIDE]).astype(np.uint8))
    return np.stack(squares)


def as_images(grey: NDArray[np.uint8]) -> Tensor:
    """Grey photographs, uint8 (n, side, side), as networks see them: (n, 3, side, side) in [0, 1]."""
    return torch.from_numpy(grey).float().div(255.0)[:, None].expand(-1, 3, -1, -1).contiguous()


def learned(encoder: nn.Module) -> Callable[[Tensor], Channels]:
    """I_L and I_H of images, as "low" and "high", each (batch, 3, height/2, width/2)."""
    return lambda image: dict(zip(("low", "high"), encoder(image), strict=True))


def wavelet(image: Tensor) -> Channels:
    """Half of cA, cH, cV and cD of images, (batch, 3, height/2, width/2): a constant image keeps its value in cA."""
    low, high = CDF97().to(image.device)(image)
    return {name: band / 2 for name, band in zip(("cA", *DETAILS), (low, *high.split(3, dim=1)), strict=True)}


@torch.inference_mode()
def of_photographs(
    encoder: nn.Module, decoder: nn.Module | None, grey: NDArray[np.uint8]
) -> tuple[Arrays, list[dict[str, float]]]:
    """What an encoder makes of grey photographs, uint8 (n, side, side), and its numbers, photograph by photograph.

    The arrays are "low" and "high", and with a decoder "reconstructed" in uint8 (n, side, side, 3) and "error", the
    mean over colours of I' - I. The numbers are the mean squares of I_L and I_H, and with a decoder PSNR in decibels
    and SSIM (Wang et al. 2004) of pixels in [0, 1].
    """
    images = as_images(grey)
    low, high = encoder.eval()(images)
    arrays = {"low": low.numpy(), "high": high.numpy()}
    numbers = [
        {"low_mean_square": float(one.square().mean()), "high_mean_square": float(other.square().mean())}
        for one, other in zip(low, high, strict=True)
    ]
    if decoder is not None:
        reconstructed = decoder.eval()(low, high)
        arrays["reconstructed"] = reconstructed.clamp(0, 1).mul(255).round().byte().permute(0, 2, 3, 1).numpy()
        arrays["error"] = (reconstructed - images).mean(dim=1).numpy()
        for row, *pair in zip(numbers, images.numpy(), reconstructed.numpy(), strict=True):
            row["psnr_db"] = float(peak_signal_noise_ratio(*pair, data_range=1.0))
            row["ssim"] = float(structural_similarity(*pair, data_range=1.0, channel_axis=0))
    return arrays, numbers


def amplification(deviations: NDArray[np.floating]) -> float:
    """The factor 1, 2 or 5 times a power of ten by which signed deviations still fit into a range of 1, all but the
    largest percent; 1 for deviations that are all 0."""
    largest = np.percentile(np.abs(deviations), LARGEST)
    if largest == 0:
        return 1.0
    digit, power = f"{0.5 / largest:e}".split("e")
    return float(f"{max(step for step in (1, 2, 5) if step <= float(digit))}e{power}")


def amplifications(arrays: Arrays) -> dict[str, float]:
    """By the name of an array of channels or errors, its amplification; planes vary about their means, errors about
    0, and the bands of the wavelet that hold details have one factor."""
    found = {
        name: amplification(
            values if name.endswith("error") else values - values.mean(axis=(-2, -1), keepdims=True, dtype=np.float64)
        )
        for name, values in arrays.items()
        if values.dtype != np.uint8
    }
    details = [name for name in DETAILS if name in found]
    return found | dict.fromkeys(details, min((found[name] for name in details), default=1.0))


def archive(arrays: Arrays) -> bytes:
    """The arrays as a compressed .npz, numbers in 16 bits, which is enough to be looked at."""
    return stored.archive({name: of if of.dtype == np.uint8 else of.astype(np.float16) for name, of in arrays.items()})


@torch.inference_mode()
def spectra(
    decompose: Callable[[Tensor], Channels], pictures: Pictures, device: torch.device, title: str
) -> dict[str, Spectrum]:
    """By channel, frequencies in cycles/pixel of the image and power density (`radial_power`), mean over images."""
    totals: dict[str, Spectrum] = {}
    plan = central_plan(len(pictures), BATCH, pictures.margin)
    for images, _ in progress_bar(pictures.batches(plan), total=len(plan), desc=title, unit="batch"):
        images = images.to(device).float() / 255.0
        for name, planes in decompose(images).items():
            frequencies, power = radial_power(planes.double().cpu().numpy(), images.shape[-1] // planes.shape[-1])
            _, before = totals.get(name, (frequencies, 0.0))
            totals[name] = frequencies, before + power * len(images) / len(pictures)
    return totals
