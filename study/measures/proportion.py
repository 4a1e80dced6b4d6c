"""The interval of one network's error, which varies with the test images alone."""

import numpy as np
from numpy.typing import NDArray
from scipy import special

from study.settings.errors import InvalidData


def error_interval(wrong: NDArray[np.bool_], units: NDArray[np.int64], level: float) -> tuple[float, float]:
    """Wilson's interval of the share of wrong images, in percent, at confidence 1 - level.

    `wrong` and `units` are (images,); what has one number in `units` was drawn together. Units count by their images,
    and the number of images that enters is the one that would vary as much if all were drawn alone (Korn and Graubard
    1998). Raises InvalidData for fewer than two units.
    """
    _, of_image = np.unique(units, return_inverse=True)
    sizes = np.bincount(of_image)
    if len(sizes) < 2:
        raise InvalidData(f"an interval over images needs two independent ones at least, got {len(sizes)}")
    share = float(wrong.mean())
    residuals = np.bincount(of_image, weights=wrong) - share * sizes
    variance = float(np.square(residuals).sum()) * len(sizes) / (len(sizes) - 1) / len(wrong) ** 2
    count = share * (1 - share) / variance if variance > 0 else len(sizes)
    z = float(special.ndtri(1 - level / 2))
    centre = (share + z**2 / (2 * count)) / (1 + z**2 / count)
    half = z / (1 + z**2 / count) * np.sqrt(share * (1 - share) / count + z**2 / (4 * count**2))
    # Rounding must not leave a share of 0 or 1 outside.
    return float(100 * min(share, max(0.0, centre - half))), float(100 * max(share, min(1.0, centre + half)))
