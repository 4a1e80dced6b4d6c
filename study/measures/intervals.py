"""Intervals of errors and of their differences over two crossed levels: seeds (trainings) and independent test units.

One trained network is judged on every image, and one image by every trained network. So the error of a row varies with
both, and images of one photograph or of one identity vary together: the unit is what is drawn independently.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy import optimize, special, stats

from study.settings.errors import InvalidData

Array = npt.NDArray[np.float64]
# Draws of the chi-squares that a p-value is averaged over. With 256 times as many it moves by less than 0.0005.
PIVOT_POINTS = 1024
ROUNDING = 1e-9  # squared percentage points: far below what one image in a million brings, far above rounding


@dataclass(frozen=True)
class Estimate:
    """A row's mean error, a difference or a contrast, with the mean squares of seeds, units and rest that it varies by.

    `value` is in percent or percentage points, the mean squares in their squares. The p-values and intervals take both
    levels as random. They are those of the generalised pivot of a mean in a crossed layout (Weerahandi, 1993): the
    variance (seeds + units - rest) / (n_seeds n_units), each mean square divided by a draw of chi-square over its
    degrees of freedom. All of them raise InvalidData for one seed, for one unit, and where nothing varies.
    """

    value: float
    seeds: int
    units: int
    seed_square: float
    seed_degrees: float
    unit_square: float
    rest_square: float

    @property
    def varies(self) -> bool:
        """Whether there is any variance to make an interval from."""
        return (
            self.seeds > 1 and self.units > 1 and max(self.seed_square, self.unit_square, self.rest_square) > ROUNDING
        )

    def p_above(self, bound: float) -> float:
        """One-sided p-value of "at most `bound`": small where the value is above it."""
        return float(special.ndtr((bound - self.value) / self._pivot_errors()).mean())

    def p_below(self, bound: float) -> float:
        """One-sided p-value of "at least `bound`": small where the value is below it."""
        return float(special.ndtr((self.value - bound) / self._pivot_errors()).mean())

    def p_value(self, null: float = 0.0) -> float:
        """Two-sided p-value of "equal to `null`"."""
        return float(2 * special.ndtr(-abs(self.value - null) / self._pivot_errors()).mean())

    def interval(self, significance: float = 0.05) -> tuple[float, float]:
        """What a two-sided test at `significance` does not reject, in the unit of `value`."""
        errors = self._pivot_errors()
        furthest = float(errors.max()) * special.ndtri(1 - significance / 2)
        half = optimize.brentq(lambda width: 2 * special.ndtr(-width / errors).mean() - significance, 0, furthest)
        return self.value - half, self.value + half

    def _pivot_errors(self) -> Array:
        """(PIVOT_POINTS,): standard errors that are compatible with the mean squares."""
        if self.seeds < 2 or self.units < 2:
            level, number = ("seeds", self.seeds) if self.seeds < 2 else ("independent units", self.units)
            raise InvalidData(f"an interval over {level} needs two of them at least, got {number}; add {level}")
        if not self.varies:
            raise InvalidData(
                f"nothing varies between {self.seeds} seeds and {self.units} units (value {self.value:g}): "
                "there is no interval; add test images"
            )
        rest_degrees = (self.seeds - 1) * (self.units - 1)
        seed, unit, rest = _chi_squares(self.seed_degrees, self.units - 1, rest_degrees)
        total = self.seed_square / seed + self.unit_square / unit - self.rest_square / rest
        if total.max() <= 0:  # seeds and units vary by less than the rest explains: it alone is left, and not nothing
            total = self.rest_square / rest
        # Draws below zero count as none: raised to one of the parts, intervals cover 99 % where only the rest varies.
        errors: Array = np.sqrt(np.maximum(total, np.finfo(float).tiny) / (self.seeds * self.units))
        return errors


@lru_cache(maxsize=64)
def _chi_squares(*degrees: float) -> Array:
    """(len(degrees), PIVOT_POINTS): independent chi-squares over their degrees of freedom, spread evenly, no random."""
    points = stats.qmc.Sobol(len(degrees), scramble=False).random(PIVOT_POINTS) + 0.5 / PIVOT_POINTS
    ratios: Array = np.stack([stats.chi2.ppf(column, its) / its for column, its in zip(points.T, degrees, strict=True)])
    return ratios


@dataclass(frozen=True)
class Crossed:
    """Rows judged by the same seeds on the same units: all that estimates and contrasts of the rows are made of.

    `error_percent` is (rows, seeds). The mean products are (rows, rows): for a contrast c, the mean square is c'Mc.
    """

    rows: tuple[str, ...]
    seeds: tuple[int, ...]
    units: int
    error_percent: Array
    seed_products: Array
    unit_products: Array
    rest_products: Array

    def coefficients(self, contrast: Mapping[str, float]) -> Array:
        """(rows,): a contrast, by row, in the order of the rows."""
        unknown = [row for row in contrast if row not in self.rows]
        if unknown:
            raise InvalidData(f"no results of row {unknown[0]}; there are: {', '.join(self.rows)}")
        return np.array([contrast.get(row, 0.0) for row in self.rows])

    def estimate(self, contrast: Mapping[str, float]) -> Estimate:
        """The sum of the rows' mean errors, each times its coefficient: {"wae_cnn": 1, "full": -1} is a difference."""
        return self.combine(self.coefficients(contrast))

    def combine(self, coefficients: Array) -> Estimate:
        """As `estimate`, of (rows,) coefficients."""
        return Estimate(
            value=float(coefficients @ self.error_percent.mean(axis=1)),
            seeds=len(self.seeds),
            units=self.units,
            seed_square=float(coefficients @ self.seed_products @ coefficients),
            seed_degrees=float(len(self.seeds) - 1),
            unit_square=float(coefficients @ self.unit_products @ coefficients),
            rest_square=float(coefficients @ self.rest_products @ coefficients),
        )


def crossed(
    rows: Mapping[str, Mapping[int, npt.ArrayLike]],
    units: Sequence[Hashable],
    seeds: Sequence[int],
    failed: Mapping[str, Mapping[int, str]] | None = None,
) -> Crossed:
    """The rows' errors on the same test images, brought together by seed number and by independent unit.

    `rows` holds, by row and by seed number, (images,) of 0 and 1, 1 for a wrong image; `units` names the unit of each
    image (photograph, identity, cluster of near-duplicates, or the image itself); `seeds` are the numbers that every
    row must have, others are left out; `failed` holds reasons of trainings without a result, by row and seed. Units
    count by their images, so the value is the error over images. Raises InvalidData for a row that lacks a seed, which
    it names, for numbers outside 0 to 1, and for rows of different images.
    """
    failed = failed or {}
    missing = [
        f"{row}, seed {seed}: {failed.get(row, {}).get(seed, 'missing')}"
        for row, by_seed in rows.items()
        for seed in seeds
        if seed not in by_seed
    ]
    if missing:
        raise InvalidData(f"rows are compared by seeds that all of them have; train again: {'; '.join(missing)}")
    if not rows or not seeds or len(set(seeds)) < len(seeds):
        raise InvalidData(f"a comparison needs rows and different seeds, got rows {list(rows)} and seeds {list(seeds)}")
    images = len(units)
    for row, by_seed in rows.items():
        for seed in seeds:
            wrong = np.asarray(by_seed[seed], dtype=np.float64)
            if wrong.shape != (images,):
                raise InvalidData(f"{row}, seed {seed}: results of shape {wrong.shape}, but {images} images have units")
            if not np.all((wrong >= 0) & (wrong <= 1)):
                raise InvalidData(f"{row}, seed {seed}: a result that is not between 0 and 1; evaluate it again")
    wrong = np.array([[np.asarray(by_seed[seed], dtype=np.float64) for seed in seeds] for by_seed in rows.values()])
    index = {unit: position for position, unit in enumerate(dict.fromkeys(units))}
    of_image = np.array([index[unit] for unit in units])
    order = np.argsort(of_image, kind="stable")
    sizes = np.bincount(of_image)
    sums = np.add.reduceat(wrong[:, :, order], np.cumsum(sizes) - sizes, axis=2) * 100  # (rows, seeds, units)
    return of_unit_sums(tuple(rows), tuple(seeds), sums, sizes)


def of_unit_sums(rows: tuple[str, ...], seeds: tuple[int, ...], sums: Array, sizes: npt.NDArray[np.int64]) -> Crossed:
    """Mean products of (rows, seeds, units) sums over the images of units with `sizes` images, (units,)."""
    number, units = len(seeds), len(sizes)
    error = sums.sum(axis=2) / sizes.sum()  # (rows, seeds)
    mean = error.mean(axis=1)[:, None, None]
    # The error over images is a ratio, wrong images by images: a unit varies it by its deviation times its weight.
    deviation = (sums - mean * sizes) * (units / sizes.sum())
    by_seed = deviation.mean(axis=2, keepdims=True)
    by_unit = deviation.mean(axis=1, keepdims=True)
    rest = (deviation - by_seed - by_unit).reshape(len(rows), -1)
    by_seed, by_unit = by_seed[:, :, 0], by_unit[:, 0, :]
    return Crossed(
        rows=rows,
        seeds=seeds,
        units=units,
        error_percent=error,
        seed_products=units * by_seed @ by_seed.T / max(number - 1, 1),
        unit_products=number * by_unit @ by_unit.T / max(units - 1, 1),
        rest_products=rest @ rest.T / max((number - 1) * (units - 1), 1),
    )
