"""Intervals of ratios of times."""

import numpy as np
from scipy import stats

CONFIDENCE = 0.95
RESAMPLES = 2000


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
