"""What can be had without looking at an image: the baseline that a training must leave behind before it counts."""

import math

import numpy as np
from numpy.typing import NDArray

# paper_tables/protocol.yaml, training.learned; a test compares.
LEAST_POINTS = 1.0
STANDARD_ERRORS = 5.0


def majority_error_percent(labels: NDArray[np.int64]) -> float:
    """Top-1 error, in percent, of always naming the most frequent class; `labels` is (images,)."""
    return float(100 * (1 - np.bincount(labels).max() / len(labels)))


def learned_below_percent(labels: NDArray[np.int64]) -> float:
    """The training error, in percent, below which a training on these labels, (images,), has learned something: that of
    the majority baseline less a point, and less five of its standard errors over the images."""
    error = majority_error_percent(labels)
    share = error / 100
    standard_error = 100 * math.sqrt(share * (1 - share) / len(labels))
    return error - max(LEAST_POINTS, STANDARD_ERRORS * standard_error)
