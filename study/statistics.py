"""Intervals of measured numbers: over the test set and over seeds, kept apart."""

from collections.abc import Sequence

import numpy as np
from scipy import stats

CONFIDENCE = 0.95
RESAMPLES = 2000


def image_interval(wrong: np.ndarray) -> tuple[float, float]:
    """Interval of the mean error, in percent, had other test images been drawn: a percentile bootstrap over images.

    `wrong` is (seeds, images) of 0 and 1; an image is drawn with all its seeds. A single seed is a (1, images) array.
    """
    per_image = wrong.mean(axis=0) * 100
    if np.all(per_image == per_image[0]):
        # Nothing varies, so nothing can be resampled: the exact interval of a proportion at its end (Clopper-Pearson).
        images = len(per_image)
        interval = stats.binomtest(round(per_image[0] / 100 * images), images).proportion_ci(CONFIDENCE)
        return interval.low * 100, interval.high * 100
    result = stats.bootstrap(
        (per_image,),
        np.mean,
        n_resamples=RESAMPLES,
        batch=100,
        confidence_level=CONFIDENCE,
        method="percentile",
        rng=np.random.default_rng(0),
    )
    return float(result.confidence_interval.low), float(result.confidence_interval.high)


def seed_interval(values: Sequence[float]) -> tuple[float, float]:
    """Interval of the mean over trainings with other seeds (Student's t). Raises ValueError for fewer than two."""
    if len(values) < 2:
        raise ValueError(f"an interval over seeds needs at least two, got {len(values)}")
    mean, error = np.mean(values), stats.sem(values)
    if error == 0:
        return float(mean), float(mean)
    low, high = stats.t.interval(CONFIDENCE, len(values) - 1, loc=mean, scale=error)
    return float(low), float(high)


def ratio_interval(slow: np.ndarray, fast: np.ndarray) -> tuple[float, float]:
    """Interval of the ratio of medians of times that were taken in turns, pair by pair: a bootstrap over pairs."""
    result = stats.bootstrap(
        (slow, fast),
        lambda a, b, axis=-1: np.median(a, axis=axis) / np.median(b, axis=axis),
        paired=True,
        n_resamples=RESAMPLES,
        confidence_level=CONFIDENCE,
        method="percentile",
        rng=np.random.default_rng(0),
    )
    return float(result.confidence_interval.low), float(result.confidence_interval.high)
