"""The 9/7 wavelet of Wavelet+CNN against the libraries that people use for it: same output, time in turns."""

from collections.abc import Sequence
from functools import partial
from importlib.util import find_spec

import numpy as np
import pywt
import torch
from torch import Tensor

from study.measures.timing import alternate, on_gpu, on_processor
from study.models.wavelet import CDF97, WAVELET
from study.speed.lifting import LiftedCDF97

BATCH = 32
TOLERANCE = 1e-5  # of values in [0, 2]
OURS, CONVOLUTION = "ours, by lifting", "ours, as a convolution"
PYWAVELETS, PTWT = "PyWavelets", "ptwt"


def compare(device: torch.device, side: int, threads: int, *, seconds: float) -> dict:
    """Milliseconds of one level on a batch of colour images in fp32, and how many times as fast ours is by lifting.

    Wavelet+CNN is trained and timed with the convolution. PyWavelets runs on the processor, on one thread, whatever the
    device. ptwt is measured where it is installed.
    """
    torch.set_num_threads(threads)
    images = torch.rand(BATCH, 3, side, side, device=device)
    calls = {
        OURS: partial(LiftedCDF97(), images),
        CONVOLUTION: partial(CDF97().to(device), images),
        PYWAVELETS: partial(pywt.dwt2, images.cpu().numpy(), WAVELET, mode="periodization"),
    }
    own = calls[OURS]()
    cA, high = calls[CONVOLUTION]()
    differences = {
        CONVOLUTION: _difference(own, cA.cpu().numpy(), [high.cpu().numpy()]),
        PYWAVELETS: _difference(own, *calls[PYWAVELETS]()),
    }
    if find_spec("ptwt"):
        import ptwt

        calls[PTWT] = partial(ptwt.wavedec2, images, WAVELET, mode="periodic", level=1)
        cA, details = calls[PTWT]()
        # It extends the image by itself instead of wrapping around: larger bands with the same middle.
        margin = (cA.shape[-1] - side // 2) // 2
        inner = [band[..., margin:-margin, margin:-margin].cpu().numpy() for band in (cA, *details)]
        differences[PTWT] = _difference(own, inner[0], inner[1:])
    not_run = {} if PTWT in calls else {PTWT: "not installed"}
    for name, difference in list(differences.items()):
        if not difference <= TOLERANCE:
            not_run[name] = f"differs by {difference:.2g}, more than {TOLERANCE:g}"
            del calls[name], differences[name]
    pairs = [(name, OURS) for name in differences]
    clock = on_gpu if device.type == "cuda" else on_processor
    with torch.inference_mode():
        times = alternate(calls, seconds=seconds, pairs=pairs, clock=clock, title=f"wavelets, {device.type}")
    return {
        "device": device.type,
        "threads": threads,
        "batch": BATCH,
        "rounds": times.rounds,
        "ended": times.ended,
        "milliseconds": {name: times.spread(name) for name in calls},
        "ratios": {slow: times.ratio(slow, fast) for slow, fast in pairs},
        "differences": differences,
        "not_run": not_run,
    }


def _difference(ours: tuple[Tensor, Tensor], cA: np.ndarray, details: Sequence[np.ndarray]) -> float:
    """Largest absolute difference of our bands from a library's (batch, colours, side, side)."""
    low, high = (bands.cpu().numpy() for bands in ours)
    return float(max(np.abs(low - cA).max(), np.abs(high - np.concatenate(details, axis=1)).max()))
