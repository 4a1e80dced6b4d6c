"""The primary endpoint: the share of the resolution loss that a row wins back."""

from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

import numpy as np
from scipy import optimize

from study.measures.intervals import Array, Crossed, Estimate
from study.settings.errors import InvalidData

Number = TypeVar("Number", float, Decimal)
NO_LOSS = "no resolution loss to win back"
ANGLES = 180  # at which the share is tried before its ends are refined


def share(row: Number, full: Number, half: Number) -> Number:
    """(half - row) / (half - full) of three errors: 1 for the full network's error, 0 for that at half resolution.

    Raises InvalidData where half and full are equal.
    """
    if half == full:
        raise InvalidData(f"{NO_LOSS}: the errors at full and at half resolution are both {half}")
    return (half - row) / (half - full)


@dataclass(frozen=True)
class Share:
    """A ratio of two contrasts of rows, numerator by loss, with Fieller's interval: the ratios that a test keeps.

    The test of a ratio is that of the contrast numerator - ratio * loss, over seeds and units at once, so it is as
    good where the loss is small as where it is large. Where the loss is not significantly above 0 any ratio may be
    kept, and there is none to report: see `no_loss`.
    """

    crossed: Crossed
    numerator: Array
    loss: Array

    @property
    def value(self) -> float:
        """The ratio of the means; nan where the loss is 0."""
        numerator, loss = self._estimate(self.numerator).value, self._estimate(self.loss).value
        return numerator / loss if loss != 0 else float("nan")

    @property
    def seeds(self) -> int:
        """How many seeds it rests on."""
        return len(self.crossed.seeds)

    @property
    def varies(self) -> bool:
        """Whether the loss varies: without that there is no interval."""
        return self._estimate(self.loss).varies

    def no_loss(self, significance: float = 0.05) -> bool:
        """Whether the loss of half resolution is not significantly above 0, by the test that bounds the interval."""
        loss = self._estimate(self.loss)
        return loss.value <= 0 or loss.p_value() >= significance

    def p_value(self, null: float = 0.0) -> float:
        """Two-sided p-value of "equal to `null`"."""
        return self._against(null).p_value()

    def interval(self, significance: float = 0.05) -> tuple[float, float]:
        """The ratios that a two-sided test at `significance` keeps; all of them, without bounds, under `no_loss`."""
        if self.no_loss(significance):
            return -np.inf, np.inf
        if not self._against(self.value).varies:  # the half-size and the full network themselves: 0 and 1
            return self.value, self.value
        middle = float(np.arctan(self.value))
        angles = np.sort(np.append(np.linspace(-np.pi / 2, np.pi / 2, ANGLES + 1), middle))
        # At both ends it is the loss alone that is tested, and it is significant there.
        kept = [position for position, angle in enumerate(angles) if self._excess(float(angle), significance) >= 0]
        low, high = (
            optimize.brentq(self._excess, angles[a], angles[b], args=(significance,), xtol=1e-9)
            for a, b in ((kept[0] - 1, kept[0]), (kept[-1], kept[-1] + 1))
        )
        return float(np.tan(low)), float(np.tan(high))

    def _excess(self, angle: float, significance: float) -> float:
        """How far the p-value of the ratio tan(angle) is above `significance`."""
        direction = np.cos(angle) * self.numerator - np.sin(angle) * self.loss
        return self._estimate(direction).p_value() - significance

    def _against(self, ratio: float) -> Estimate:
        return self._estimate(self.numerator - ratio * self.loss)

    def _estimate(self, coefficients: Array) -> Estimate:
        return self.crossed.combine(coefficients)


def share_won_back(crossed: Crossed, row: str, *, full: str, half: str) -> Share:
    """The share of the resolution loss that `row` wins back, paired by seed and unit over the three rows."""
    numerator = crossed.coefficients({half: 1.0}) - crossed.coefficients({row: 1.0})
    return Share(crossed, numerator, crossed.coefficients({half: 1.0, full: -1.0}))
