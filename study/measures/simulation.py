"""Studies with known errors, and how often intervals cover them: what the intervals of this study are tested by.

`python -m study.measures.simulation` prints the table of docs/decisions/0013-intervals.md.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy import special, stats

from study.measures.endpoint import share_won_back
from study.measures.intervals import Array, Crossed, Estimate, of_unit_sums

# True errors in percent. Nine rows, as many as are pooled; `full` and `half` stand for the two resolutions.
ERRORS = {"full": 30.0, "half": 40.0, "ours": 33.0, "d": 39.0, "e": 35.0, "f": 36.0, "g": 34.0, "h": 38.0, "i": 37.0}
ALIKE = (1.5,) * 9  # standard deviation of a row's error between seeds, in points
UNLIKE = (0.7, 3.0, 1.5, 2.0, 1.0, 1.0, 1.5, 2.5, 1.2)
# A difference of rows of small, of mixed and of large variance between seeds.
DIFFERENCES = (("ours", "full"), ("half", "full"), ("half", "h"))
SIGNIFICANCE = 0.05
RESAMPLES = 500
RESAMPLED = ("full", "half", "ours", "h")
OF_RESAMPLED = [list(ERRORS).index(row) for row in RESAMPLED]


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

    def study(self, random: np.random.Generator) -> Crossed:
        """The drawn errors, as those of a study."""
        sums = self.draw(random)
        return of_unit_sums(tuple(ERRORS), tuple(range(self.seeds)), sums, np.array(self.sizes))


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

    def errors(self, sums: Array) -> Array:
        """(rows, resamples): resampled mean errors of (rows, seeds, units) sums."""
        drawn = np.einsum("bs,rsb->rb", self.seeds, sums @ self.units.T)
        return np.asarray(drawn / (self.units @ self.sizes))


def _within(resampled: Array, truth: float, also: tuple[float, float] = (np.inf, -np.inf)) -> bool:
    low, high = np.quantile(resampled, [SIGNIFICANCE / 2, 1 - SIGNIFICANCE / 2])
    return bool(min(low, also[0]) <= truth <= max(high, also[1]))


def coverage(design: Design, studies: int, seed: int, bootstraps: bool = True) -> dict[str, float]:
    """Percent of studies whose nominal 95 % interval covers the truth, by what is estimated and how.

    Also the mean half-width of the difference ours - full in points ("width ..."), and how often the loss of half
    resolution is not significant, in percent ("no loss"): the share is then unbounded, which counts as covered.
    "bounded" is the coverage of the other studies.
    """
    random = np.random.default_rng(seed)
    truth = dict(zip(ERRORS, design.errors, strict=True))
    true_share = (truth["half"] - truth["ours"]) / (truth["half"] - truth["full"])
    bootstrap = Bootstrap.of(design, random) if bootstraps else None
    counts: dict[str, list[float]] = {}

    def count(name: str, value: float) -> None:
        counts.setdefault(name, []).append(value)

    for _ in range(studies):
        sums = design.draw(random)
        study = of_unit_sums(tuple(ERRORS), tuple(range(design.seeds)), sums, np.array(design.sizes))
        pooled = study.pool(study.rows)
        if_alike = pooled if study.alike(study.rows) >= 0.1 else None
        resampled = dict(zip(RESAMPLED, bootstrap.errors(sums[OF_RESAMPLED]), strict=True)) if bootstrap else {}
        count("row", pivot(study.estimate({"ours": 1}), truth["ours"]))
        for a, b in DIFFERENCES:
            difference, true = {a: 1.0, b: -1.0}, truth[a] - truth[b]
            name = f"{a} - {b}"
            estimate = study.estimate(difference)
            count(f"{name}: pivot", pivot(estimate, true))
            count(f"{name}: Satterthwaite", satterthwaite(estimate, true))
            count(f"{name}: pooled", pivot(study.estimate(difference, pooled), true))
            count(f"{name}: pooled if alike", pivot(study.estimate(difference, if_alike), true))
            if resampled:
                drawn = resampled[a] - resampled[b]
                by_seed = study.error_percent[study.rows.index(a)] - study.error_percent[study.rows.index(b)]
                student = stats.t.interval(0.95, design.seeds - 1, by_seed.mean(), stats.sem(by_seed))
                count(f"{name}: bootstrap", _within(drawn, true))
                count(f"{name}: bootstrap or t of seeds", _within(drawn, true, student))
        for name, variance in (("", None), (" pooled", pooled)):
            won = share_won_back(study, "ours", full="full", half="half", pooled=variance)
            covered = won.p_value(true_share) >= SIGNIFICANCE
            unbounded = won.no_loss(SIGNIFICANCE)
            count(f"share{name}", covered or unbounded)
            if not name:
                count("no loss", unbounded)
                if not unbounded:
                    count("share, bounded", covered)
            low, high = study.estimate({"ours": 1, "full": -1}, variance).interval(SIGNIFICANCE)
            count(f"width{name}", (high - low) / 2 / 100)
        if resampled:
            with np.errstate(divide="ignore"):
                drawn = (resampled["half"] - resampled["ours"]) / (resampled["half"] - resampled["full"])
            count("share: bootstrap", _within(drawn, true_share))
    return {name: float(np.mean(values)) * 100 for name, values in counts.items()}


def cells() -> Iterator[Design]:
    """Every design of the table."""
    for design in (PATCHES, FACES, UNEVEN, IMAGES):
        for seeds in (3, 5, 10):
            for spread in (ALIKE, UNLIKE):
                yield replace(design, seeds=seeds, spread=spread)
    for loss in (4.0, 2.0, 1.0):
        for design in (PATCHES, IMAGES):
            errors = (30.0, 30.0 + loss, 30.0 + 0.3 * loss, *design.errors[3:])
            yield replace(design, name=f"{design.name}, half loses {loss:g} points", errors=errors)


def _range(found: dict[str, float], method: str) -> str:
    values = [found[f"{a} - {b}: {method}"] for a, b in DIFFERENCES]
    return f"{min(values):.1f}-{max(values):.1f}"


COLUMNS: dict[str, Callable[[dict[str, float]], str]] = {
    "row": lambda found: f"{found['row']:.1f}",
    "differences": lambda found: _range(found, "pivot"),
    "Satterthwaite": lambda found: _range(found, "Satterthwaite"),
    "pooled": lambda found: _range(found, "pooled"),
    "pooled if alike": lambda found: _range(found, "pooled if alike"),
    "bootstrap": lambda found: _range(found, "bootstrap"),
    "bootstrap or t": lambda found: _range(found, "bootstrap or t of seeds"),
    "share": lambda found: f"{found['share']:.1f}",
    "share pooled": lambda found: f"{found['share pooled']:.1f}",
    "share, bootstrap": lambda found: f"{found['share: bootstrap']:.1f}",
    "no loss": lambda found: f"{found['no loss']:.1f}",
    "share, bounded": lambda found: f"{found['share, bounded']:.1f}",
    "half-width": lambda found: f"{found['width']:.1f}",
    "half-width pooled": lambda found: f"{found['width pooled']:.1f}",
}


def main(studies: int = 2000, seed: int = 1) -> None:
    """Print the table, a line as soon as it is there."""
    print(f"| study ({studies} of each, seed {seed}) | seeds | spread | {' | '.join(COLUMNS)} |")
    print(f"|---|---:|---|{'---:|' * len(COLUMNS)}")
    for design in cells():
        found = coverage(design, studies, seed)
        spread = "alike" if design.spread == ALIKE else "unlike"
        shown = " | ".join(show(found) for show in COLUMNS.values())
        print(f"| {design.name} | {design.seeds} | {spread} | {shown} |", flush=True)


if __name__ == "__main__":
    main()
