"""The radially averaged power spectrum, with one axis for channels of different resolutions."""

import numpy as np
from numpy.typing import NDArray


def radial_power(channels: NDArray[np.float64], spacing: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Frequencies in cycles/pixel of the input image, and the power density at them, in squared units of the channel
    times squared pixels, mean over images and planes.

    `channels` is (images, planes, side, side), sampled every `spacing` pixels of the input image: 1 for the image, 2
    for a channel of half the side. The density of a smooth image is then the same in both, and white noise of
    variance v has v * spacing^2 everywhere. The mean of a plane is taken off and a Hann window laid over it, so that
    borders do not count. Rings are one cycle per side wide, from two cycles per side, since the window mixes the first
    with the mean, to the channel's own Nyquist frequency. Raises ValueError for planes that are not square.
    """
    side = channels.shape[-1]
    if channels.ndim != 4 or channels.shape[-2] != side:
        raise ValueError(f"channels must be (images, planes, side, side), got {channels.shape}")
    window = np.outer(np.hanning(side + 1)[:-1], np.hanning(side + 1)[:-1])  # periodic
    weights = window / window.sum()
    centred = channels - (channels * weights).sum(axis=(-2, -1), keepdims=True)
    transformed = np.fft.fft2(centred * window)
    density = np.square(np.abs(transformed)).mean(axis=(0, 1)) * spacing**2 / np.square(window).sum()
    cycles = np.fft.fftfreq(side, 1 / side)  # per side
    ring = np.rint(np.hypot(*np.meshgrid(cycles, cycles))).astype(int).ravel()
    sums, counts = (np.bincount(ring, of)[2 : side // 2 + 1] for of in (density.ravel(), np.ones(ring.size)))
    return np.arange(2, side // 2 + 1) / (side * spacing), sums / counts
