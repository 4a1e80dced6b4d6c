"""Studies with known errors, and how often intervals cover them: what the intervals of this study are tested by.

`python -m tests.measures.simulation` prints the table of docs/decisions/0013-intervals.md.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy import special, stats

from study.measures.endpoint import Share, share, share_won_back
from study.measures.intervals import Array, Crossed, Estimate, of_unit_sums

# True errors in percent. Nine rows, as many as are pooled; `full` and `half` stand for the two resolutions.
ERRORS = {"full": 30.0, "half": 40.0, "wae_cnn": 33.0, "d": 39.0, "e": 35.0, "f": 36.0, "g": 34.0, "h": 38.0, "i": 37.0}
ALIKE = (1.5,) * 9  # standard deviation of a row's error between seeds, in points
UNLIKE = (0.7, 3.0, 1.5, 2.0, 1.0, 1.0, 1.5, 2.5, 1.2)
# A difference of rows of small, of mixed and of large variance between seeds.
DIFFERENCES = (("wae_cnn", "full"), ("half", "full"), ("half", "h"))
SIGNIFICANCE = 0.05
RESAMPLES = 500


@dataclass(frozen=True)
class Pooled:
    """Variance between seeds of a row's error, pooled over comparable rows of the same seeds, in squared percent.

    `own` is what seeds do to a row alone: rows by seeds without the rows' and the seeds' means. `common` is the mean
    square of the seeds' means over all the rows. A difference has only the first.
    """

    rows: int
    own: float
    own_degrees: float
    common: float
    common_degrees: float

    def variance(self, coefficients: Array) -> tuple[float, float]:
        """Variance between seeds of a contrast, and its degrees of freedom (Satterthwaite where there are two parts).

        `coefficients` is (rows,).
        """
        overlap = coefficients.sum() ** 2 / self.rows
        own = (np.square(coefficients).sum() - overlap) * self.own
        common = overlap * self.common
        parts = own**2 / self.own_degrees + common**2 / self.common_degrees
        return float(own + common), float((own + common) ** 2 / parts) if parts > 0 else self.own_degrees


def pool(study: Crossed, rows: Sequence[str]) -> Pooled:
    """Variance between seeds, pooled over `rows`. It holds only where their errors vary alike: see `alike`."""
    errors = _by_seed(study, rows)
    number, seeds = errors.shape
    by_seed = errors.mean(axis=0)
    own = errors - errors.mean(axis=1, keepdims=True) - by_seed + by_seed.mean()
    own_degrees = (number - 1) * (seeds - 1)
    return Pooled(
        rows=number,
        own=float(np.square(own).sum() / own_degrees),
        own_degrees=own_degrees,
        common=float(number * by_seed.var(ddof=1)),
        common_degrees=seeds - 1,
    )


def alike(study: Crossed, rows: Sequence[str]) -> float:
    """P-value of "the errors of `rows` vary alike between seeds" (Bartlett); 0 where one of them does not vary.

    With three seeds it misses much.
    """
    errors = _by_seed(study, rows)
    return float(stats.bartlett(*errors).pvalue) if np.all(np.ptp(errors, axis=1) > 0) else 0.0


def _by_seed(study: Crossed, rows: Sequence[str]) -> Array:
    return study.error_percent[[study.rows.index(row) for row in rows]]


def with_pooled(study: Crossed, coefficients: Array, pooled: Pooled) -> Estimate:
    """A contrast whose variance between seeds is that of the pooled rows instead of its own."""
    variance, degrees = pooled.variance(coefficients)
    return replace(study.combine(coefficients), seed_square=study.units * variance, seed_degrees=degrees)


@dataclass(frozen=True)
class PooledShare(Share):
    """A share whose contrasts have the pooled variance between seeds."""

    pooled: Pooled

    def _estimate(self, coefficients: Array) -> Estimate:
        return with_pooled(self.crossed, coefficients, self.pooled)


@dataclass(frozen=True)
class Design:
    """A study: images of each unit, seeds, and by how much what varies, as standard deviations.

    An image is wrong where a normal variable falls below a threshold. `unit` to `image_row` are deviations of that
    variable (whose whole variance is 1) that units and images share among the rows, or that are a row's own; `spread`
    is the deviation between seeds of each row's error, in points.
    """

    name: str
    sizes: tuple[int, ...]
    seeds: int = 5
    spread: tuple[float, ...] = ALIKE
    errors: tuple[float, ...] = tuple(ERRORS.values())
    unit: float = 0.3
    unit_row: float = 0.15
    seed_unit: float = 0.15
    image: float = 0.6
    image_row: float = 0.3

    def draw(self, random: np.random.Generator) -> Array:
        """(rows, seeds, units): wrong images of each unit, times 100."""
        sizes = np.array(self.sizes)
        rows, units, images = len(self.errors), len(sizes), int(sizes.sum())
        threshold = special.ndtri(np.array(self.errors) / 100)
        seed = np.array(self.spread) / 100 / stats.norm.pdf(threshold)
        fixed = self.unit**2 + self.unit_row**2 + self.seed_unit**2 + self.image**2 + self.image_row**2
        rest = np.sqrt(1 - fixed - seed**2)

        def normal(*shape: int) -> npt.NDArray[np.float32]:
            return random.standard_normal(shape, dtype=np.float32)

        by_unit = self.unit * normal(1, 1, units) + self.unit_row * normal(rows, 1, units)
        if self.seed_unit:
            by_unit = by_unit + self.seed_unit * normal(rows, self.seeds, units)
        by_row = threshold[:, None, None] - seed[:, None, None] * normal(rows, self.seeds, 1)
        by_image = self.image * normal(1, 1, images) + self.image_row * normal(rows, 1, images)
        drawn = normal(rows, self.seeds, images)
        drawn *= rest.astype(np.float32)[:, None, None]
        drawn += by_image.astype(np.float32)
        wrong = drawn < np.repeat((by_row - by_unit).astype(np.float32), sizes, axis=2)
        return np.add.reduceat(wrong, np.cumsum(sizes) - sizes, axis=2, dtype=np.float64) * 100

    def crossed(self, sums: Array) -> Crossed:
        """Drawn sums, as the results of a study."""
        return of_unit_sums(tuple(ERRORS), tuple(range(self.seeds)), sums, np.array(self.sizes))

    def study(self, random: np.random.Generator) -> Crossed:
        """A study drawn at random."""
        return self.crossed(self.draw(random))


PATCHES = Design("19 photographs of 150 patches", (150,) * 19)
FACES = Design("20 identities of 60 images", (60,) * 20)
UNEVEN = Design("20 identities of 20 to 115 images", tuple(range(20, 120, 5)))
IMAGES = Design("3,925 single images", (1,) * 3925, unit=0, unit_row=0, seed_unit=0)


def satterthwaite(estimate: Estimate, truth: float) -> bool:
    """Whether the mean squares with Satterthwaite's degrees of freedom cover."""
    squares = np.array([estimate.seed_square, estimate.unit_square, estimate.rest_square])
    seeds, units = estimate.seeds - 1, estimate.units - 1
    total = max(squares[0] + squares[1] - squares[2], squares[0], squares[1])
    degrees = total**2 / float((squares**2 / [seeds, units, seeds * units]).sum())
    half = stats.t.ppf(1 - SIGNIFICANCE / 2, degrees) * np.sqrt(total / (estimate.seeds * estimate.units))
    return bool(abs(estimate.value - truth) <= half)


def pivot(estimate: Estimate, truth: float) -> bool:
    """Whether the interval of the study covers."""
    return estimate.p_value(truth) >= SIGNIFICANCE


@dataclass(frozen=True)
class Bootstrap:
    """Percentile bootstraps of two crossed levels, the same draws for each study of a design."""

    seeds: Array  # (resamples, seeds), how often each is drawn
    units: Array  # (resamples, units)
    sizes: Array

    @classmethod
    def of(cls, design: Design, random: np.random.Generator) -> "Bootstrap":
        units = len(design.sizes)
        return cls(
            random.multinomial(design.seeds, np.full(design.seeds, 1 / design.seeds), RESAMPLES) / design.seeds,
            random.multinomial(units, np.full(units, 1 / units), RESAMPLES).astype(float),
            np.array(design.sizes, dtype=float),
        )

    def errors(self, sums: Array) -> dict[str, Array]:
        """By row, (resamples,): resampled mean errors of (rows, seeds, units) sums."""
        rows = sorted({row for difference in DIFFERENCES for row in difference})
        chosen = sums[[list(ERRORS).index(row) for row in rows]]
        drawn = np.einsum("bs,rsb->rb", self.seeds, chosen @ self.units.T) / (self.units @ self.sizes)
        return dict(zip(rows, drawn, strict=True))


def _within(resampled: Array, truth: float, also: tuple[float, float] = (np.inf, -np.inf)) -> bool:
    low, high = np.quantile(resampled, [SIGNIFICANCE / 2, 1 - SIGNIFICANCE / 2])
    return bool(min(low, also[0]) <= truth <= max(high, also[1]))


def coverage(design: Design, studies: int, seed: int, compared: bool = False) -> dict[str, float]:
    """Percent of studies whose nominal 95 % interval covers the truth, by what is estimated and, if `compared`, how.

    "no loss": how often the loss of half resolution is not significant. The share is then unbounded, which counts as
    covered; "share, bounded" is the coverage of the other studies. "half-width" is that of wae_cnn - full, in points.
    """
    random = np.random.default_rng(seed)
    truth = dict(zip(ERRORS, design.errors, strict=True))
    # From a generator of its own, so that the studies are the same with and without the compared methods.
    bootstrap = Bootstrap.of(design, np.random.default_rng(seed)) if compared else None
    counts: dict[str, list[float]] = defaultdict(list)
    for number in range(studies):
        sums = design.draw(random)
        study = design.crossed(sums)
        counts["row"].append(pivot(study.estimate({"wae_cnn": 1}), truth["wae_cnn"]))
        for a, b in DIFFERENCES:
            counts[f"{a} - {b}: pivot"].append(pivot(study.estimate({a: 1.0, b: -1.0}), truth[a] - truth[b]))
        won_back = share_won_back(study, "wae_cnn", full="full", half="half")
        covered, unbounded = won_back.p_value(_share(truth)) >= SIGNIFICANCE, won_back.no_loss(SIGNIFICANCE)
        counts["share"].append(covered or unbounded)
        counts["no loss"].append(unbounded)
        if not unbounded:
            counts["share, bounded"].append(covered)
        if bootstrap is not None:
            others = _by_other_methods(study, truth)
            if number % 4 == 0:  # they take the longest
                others |= _by_bootstraps(study, bootstrap.errors(sums), truth)
            for name, value in others.items():
                counts[name].append(value)
    return {name: float(np.mean(values)) * (1 if "width" in name else 100) for name, values in counts.items()}


def _by_other_methods(study: Crossed, truth: dict[str, float]) -> dict[str, float]:
    """Whether intervals by Satterthwaite and with a pooled variance cover, and half-widths."""
    found: dict[str, float] = {}
    pooled = pool(study, study.rows)
    similar = alike(study, study.rows) >= 0.1
    for a, b in DIFFERENCES:
        difference, true = {a: 1.0, b: -1.0}, truth[a] - truth[b]
        found[f"{a} - {b}: Satterthwaite"] = satterthwaite(study.estimate(difference), true)
        both = with_pooled(study, study.coefficients(difference), pooled)
        found[f"{a} - {b}: pooled"] = pivot(both, true)
        found[f"{a} - {b}: pooled if alike"] = pivot(both if similar else study.estimate(difference), true)
    alone = share_won_back(study, "wae_cnn", full="full", half="half")
    won_back = PooledShare(study, alone.numerator, alone.loss, pooled)
    found["share pooled"] = won_back.p_value(_share(truth)) >= SIGNIFICANCE or won_back.no_loss(SIGNIFICANCE)
    coefficients = study.coefficients({"wae_cnn": 1, "full": -1})
    widths = {"half-width": study.combine(coefficients), "half-width pooled": with_pooled(study, coefficients, pooled)}
    for name, estimate in widths.items():
        low, high = estimate.interval(SIGNIFICANCE)
        found[name] = (high - low) / 2
    return found


def _by_bootstraps(study: Crossed, resampled: dict[str, Array], truth: dict[str, float]) -> dict[str, float]:
    """Whether percentile bootstraps cover, and their union with Student's t of the seeds."""
    found: dict[str, float] = {}
    for a, b in DIFFERENCES:
        true = truth[a] - truth[b]
        by_seed = study.error_percent[study.rows.index(a)] - study.error_percent[study.rows.index(b)]
        student = stats.t.interval(1 - SIGNIFICANCE, len(by_seed) - 1, by_seed.mean(), stats.sem(by_seed))
        found[f"{a} - {b}: bootstrap"] = _within(resampled[a] - resampled[b], true)
        found[f"{a} - {b}: bootstrap or t"] = _within(resampled[a] - resampled[b], true, student)
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = (resampled["half"] - resampled["wae_cnn"]) / (resampled["half"] - resampled["full"])
    found["share, bootstrap"] = _within(shares[~np.isnan(shares)], _share(truth))
    return found


def _share(truth: dict[str, float]) -> float:
    return share(truth["wae_cnn"], full=truth["full"], half=truth["half"])


def cells() -> Iterator[Design]:
    """Every design of the table."""
    for design in (PATCHES, FACES, UNEVEN, IMAGES):
        for seeds in (3, 5, 10):
            for spread in (ALIKE, UNLIKE):
                yield replace(design, seeds=seeds, spread=spread)
    for design in (replace(FACES, unit=0, unit_row=0, seed_unit=0), IMAGES):
        alone = replace(design, spread=(0.0,) * 9, image=0, image_row=0)
        yield replace(alone, name=f"{design.name}, no level varies", seeds=3)
        yield replace(alone, name=f"{design.name}, no level varies", seeds=5)
    for loss in (4.0, 2.0, 1.0):
        for design in (PATCHES, IMAGES):
            errors = (30.0, 30.0 + loss, 30.0 + 0.3 * loss, *design.errors[3:])
            yield replace(design, name=f"{design.name}, half loses {loss:g}", errors=errors)


# Of the differences, the lowest and the highest of three coverages.
METHODS = ("pivot", "Satterthwaite", "pooled", "pooled if alike", "bootstrap", "bootstrap or t")
SINGLE = (
    "share",
    "share pooled",
    "share, bootstrap",
    "no loss",
    "share, bounded",
    "half-width",
    "half-width pooled",
)


def main(studies: int = 1000, seed: int = 1) -> None:
    """Print the table, a line as soon as it is there."""
    columns = ("seeds", "spread", "row", *METHODS, *SINGLE)
    print(f"| {studies} studies each, seed {seed} | {' | '.join(columns)} |")
    print(f"|---|{'---:|' * len(columns)}")
    for design in cells():
        found = coverage(design, studies, seed, compared=True)
        spread = "none" if not any(design.spread) else "alike" if design.spread == ALIKE else "unlike"
        cover = [[found[f"{a} - {b}: {method}"] for a, b in DIFFERENCES] for method in METHODS]
        ranges = [f"{min(values):.1f} to {max(values):.1f}" for values in cover]
        shown = [f"{found['row']:.1f}", *ranges, *(f"{found[name]:.1f}" for name in SINGLE)]
        print(f"| {design.name} | {design.seeds} | {spread} | {' | '.join(shown)} |", flush=True)


if __name__ == "__main__":
    main()
