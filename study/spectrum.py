"""Power of pictures by spatial frequency."""

import numpy as np


def radial_power(pictures: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean power spectral density of square pictures (n, side, side), averaged over directions and pictures.

    Returns frequencies in cycles a pixel of these pictures, 1/side to 1/2 in steps of 1/side, and the power at each:
    squared magnitude of the transform divided by the number of pixels, so that white noise of variance v has the power
    v at every frequency, whatever the side. The mean is subtracted, and a Hann window keeps the borders from leaking.
    Raises ValueError for pictures that are not square.
    """
    _, height, side = pictures.shape
    if height != side:
        raise ValueError(f"pictures must be square, got {height}x{side}")
    window = np.outer(np.hanning(side), np.hanning(side))
    window /= np.sqrt((window**2).mean())
    centred = pictures - pictures.mean(axis=(1, 2), keepdims=True)
    power = (np.abs(np.fft.fft2(centred * window)) ** 2).mean(axis=0) / side**2
    along = np.fft.fftfreq(side) * side
    ring = np.rint(np.hypot(along[:, None], along[None, :])).astype(int)
    rings = np.arange(1, side // 2 + 1)
    return rings / side, np.array([power[ring == radius].mean() for radius in rings])
