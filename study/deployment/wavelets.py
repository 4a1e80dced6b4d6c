"""The 9/7 wavelet of Wavelet+CNN against the libraries that people use for it: same output, time in turns."""

from functools import partial
from importlib.util import find_spec

import numpy as np
import pywt
import torch
from torch import Tensor

from study.models.wavelet import CDF97, WAVELET
from study.timing import alternate, on_gpu, on_processor

BATCH = 32
TOLERANCE = 1e-5  # of values in [0, 2]
OURS, PYWAVELETS, PTWT = "ours", "PyWavelets", "ptwt"


def compare(device: torch.device, side: int, threads: int, *, seconds: float) -> dict:
    """Milliseconds of one level on a batch of colour images in fp32, and how many times as fast ours is.

    PyWavelets runs on the processor, on one thread, whatever the device. ptwt has no periodization: it extends the
    picture instead and gives larger bands, of which the middle is the same.
    """
    torch.set_num_threads(threads)
    images = torch.rand(BATCH, 3, side, side, device=device)
    pixels = images.cpu().numpy()
    ours = CDF97().to(device)
    calls = {
        OURS: partial(ours, images),
        PYWAVELETS: partial(pywt.dwt2, pixels, WAVELET, mode="periodization"),
    }
    difference = _largest_difference(ours(images), calls[PYWAVELETS]())
    if difference > TOLERANCE:
        raise AssertionError(f"CDF97 differs from PyWavelets by {difference:.2g}, more than {TOLERANCE:g}")
    if find_spec("ptwt"):
        import ptwt

        calls[PTWT] = partial(ptwt.wavedec2, images, WAVELET, mode="periodic", level=1)
    pairs = [(name, OURS) for name in calls if name != OURS]
    clock = on_gpu if device.type == "cuda" else on_processor
    with torch.inference_mode():
        times = alternate(calls, seconds=seconds, pairs=pairs, clock=clock, title=f"wavelets, {device.type}")
    return {
        "device": device.type,
        "threads": threads,
        "batch": BATCH,
        "rounds": times.rounds,
        "ended": times.ended,
        "difference": difference,
        "milliseconds": {name: times.spread(name) for name in calls},
        "ratios": {slow: times.ratio(slow, fast) for slow, fast in pairs},
        "not_run": {} if PTWT in calls else {PTWT: "not installed"},
    }


def _largest_difference(ours: tuple[Tensor, Tensor], theirs: tuple) -> float:
    low, high = (bands.cpu().numpy() for bands in ours)
    approximation, details = theirs
    batch, colours, *sides = approximation.shape
    stacked = np.stack(details, axis=1).reshape(batch, 3 * colours, *sides)
    return float(max(np.abs(low - approximation).max(), np.abs(high - stacked).max()))
