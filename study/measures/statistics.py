"""Intervals of measured numbers: over the test set and over seeds, kept apart, and together for paired differences."""

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
    """Interval of the mean over trainings with other seeds (Student's t).

    Raises ValueError for fewer than two values, and for equal ones, which say nothing of how others would differ.
    """
    if len(set(values)) < 2:
        raise ValueError(f"an interval over seeds needs two different values at least, got {list(values)}")
    mean, error = np.mean(values), stats.sem(values)
    low, high = stats.t.interval(CONFIDENCE, len(values) - 1, loc=mean, scale=error)
    return float(low), float(high)


def paired_interval(wrong_a: np.ndarray, wrong_b: np.ndarray) -> tuple[float, float]:
    """Interval of the mean error of `a` minus that of `b`, in percentage points, had other seeds and images been drawn.

    Both arrays are (seeds, images): one column is the same image in both, one row the same seed. A percentile bootstrap
    of two crossed levels: each resample draws seeds and images with replacement, and what is drawn is drawn for both
    arrays. With one seed only the images vary. No draw leaves the range of the seeds, which is too narrow for a few
    that differ, so the result also covers Student's t interval of the differences by seed. Raises ValueError for arrays
    of different shapes.
    """
    if wrong_a.shape != wrong_b.shape:
        raise ValueError(f"paired arrays must have one shape, got {wrong_a.shape} and {wrong_b.shape}")
    difference = wrong_a.astype(float) - wrong_b
    seeds, images = difference.shape
    # Images with equal columns are interchangeable, so drawing images is drawing how often each column comes up.
    columns, first, counts = np.unique(difference, axis=1, return_index=True, return_counts=True)
    # In the order of the images: swapped arrays then meet the same draws, and their interval is the mirrored one.
    order = np.argsort(first)
    random = np.random.default_rng(0)
    drawn_images = random.multinomial(images, counts[order] / images, RESAMPLES) / images  # (resamples, columns)
    drawn_seeds = random.multinomial(seeds, np.full(seeds, 1 / seeds), RESAMPLES) / seeds  # (resamples, seeds)
    means = (drawn_images @ columns[:, order].T * drawn_seeds).sum(axis=1) * 100
    ends = [tuple(np.quantile(means, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2]).tolist())]
    by_seed = difference.mean(axis=1) * 100
    if len(set(by_seed)) > 1:
        ends.append(seed_interval(by_seed))
    return max(-100.0, min(low for low, _ in ends)), min(100.0, max(high for _, high in ends))


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
