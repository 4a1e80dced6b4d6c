"""The 9/7 wavelet of Wavelet+CNN against the libraries that people use for it: same output, time in turns."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from typing import Any

import numpy as np
import pywt
import torch
from numpy.typing import NDArray
from torch import Tensor

from study.measures.busy import Before
from study.measures.timing import Repeats, Times, alternate, on_gpu, on_processor, reference_kernel
from study.models.wavelet import CDF97, WAVELET
from study.speed.comparison import how
from study.speed.lifting import LiftedCDF97

BATCH = 32
TOLERANCE = 1e-5  # of values in [0, 2]
LIFTING, CONVOLUTION = "this study, by lifting", "this study, as a convolution"
PYWAVELETS, PTWT = "PyWavelets", "ptwt"


@dataclass(frozen=True)
class Taken:
    """What one process found: times, largest differences from this study's bands, and why a library is missing."""

    times: Times[str]
    differences: dict[str, float]
    not_run: dict[str, str]


def take(device: torch.device, side: int, threads: int, *, seconds: float) -> Taken:
    """Times of one level on a batch of colour images in fp32, all in turns.

    Wavelet+CNN is trained and timed with the convolution. PyWavelets runs on the processor, on one thread, whatever the
    device. ptwt is measured where it is installed.
    """
    torch.set_num_threads(threads)
    images = torch.rand(BATCH, 3, side, side, device=device)
    lifted, convolution = LiftedCDF97(), CDF97().to(device)
    own = lifted(images)
    cA, high = convolution(images)
    of_library = partial(pywt.dwt2, images.cpu().numpy(), WAVELET, mode="periodization")
    calls: dict[str, Callable[[], object]] = {
        LIFTING: partial(lifted, images),
        CONVOLUTION: partial(convolution, images),
        PYWAVELETS: of_library,
    }
    differences = {
        CONVOLUTION: _difference(own, cA.cpu().numpy(), [high.cpu().numpy()]),
        PYWAVELETS: _difference(own, *of_library()),
    }
    if find_spec("ptwt"):
        from ptwt.conv_transform_2 import wavedec2

        calls[PTWT] = partial(wavedec2, images, WAVELET, mode="periodic", level=1)
        cA, *levels = wavedec2(images, WAVELET, mode="periodic", level=1)
        details = tuple(levels[0])
        # It extends the image by itself instead of wrapping around: larger bands with the same middle.
        margin = (cA.shape[-1] - side // 2) // 2
        inner = [band[..., margin:-margin, margin:-margin].cpu().numpy() for band in (cA, *details)]
        differences[PTWT] = _difference(own, inner[0], inner[1:])
    not_run = {} if PTWT in calls else {PTWT: "not installed"}
    for name, difference in list(differences.items()):
        if not difference <= TOLERANCE:
            not_run[name] = f"differs by {difference:.2g}, more than {TOLERANCE:g}"
            del calls[name], differences[name]
    with torch.inference_mode():
        times = alternate(
            calls,
            seconds=seconds,
            pairs=[(name, LIFTING) for name in differences],
            clock=on_gpu if device.type == "cuda" else on_processor,
            title=f"wavelets, {device.type}",
            reference=reference_kernel(device),
        )
    return Taken(times, differences, not_run)


def compared(processes: Sequence[Taken], before: Before) -> dict[str, Any]:
    """Milliseconds of every library, and how many times as fast this study's lifting is."""
    repeats = Repeats([taken.times for taken in processes])
    names = repeats.names
    return {
        "batch": BATCH,
        **how(repeats.processes, before),
        "milliseconds": {name: repeats.milliseconds(name) for name in names},
        "ratios": {name: repeats.ratio(name, LIFTING) for name in names if name != LIFTING},
        "differences": {name: max(taken.differences[name] for taken in processes) for name in names if name != LIFTING},
        "not_run": {name: reason for taken in processes for name, reason in taken.not_run.items()},
    }


def _difference(bands: tuple[Tensor, Tensor], cA: NDArray[np.float32], details: Sequence[NDArray[np.float32]]) -> float:
    """Largest absolute difference of this study's bands from a library's (batch, colours, side, side)."""
    low, high = (one.cpu().numpy() for one in bands)
    return float(max(np.abs(low - cA).max(), np.abs(high - np.concatenate(details, axis=1)).max()))
