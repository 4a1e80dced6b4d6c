"""What may be said of a measured number beside a printed one, and no more."""

from dataclasses import dataclass

from study.judging.measured import Interval, Measured
from study.measures.words import too_few
from study.paper.tables import Cell
from study.settings.protocol import protocol

MATCH = "match"
CANNOT_TELL = "cannot tell"  # what the protocol asks of trainings is not met
INCONCLUSIVE = "inconclusive"  # neither shown to be near the printed number nor to differ from it
BETTER, WORSE = "differs (better)", "differs (worse)"
DIFFERS = "differs"  # a count: another rule of counting is neither better nor worse
NOT_COMPARABLE = "not comparable"
MISSING = "missing"
FAILED = "failed"
NO_NUMBER = "no printed number"


@dataclass(frozen=True)
class Verdict:
    """One word from above, and the reason that it needs."""

    word: str
    reason: str = ""

    def __str__(self) -> str:
        return f"{self.word}: {self.reason}" if self.reason else self.word


def verdict(cell: Cell, measured: Measured | None, better: str) -> Verdict:
    """The verdict of a cell; `better` is "lower" or "higher".

    A count is compared at the printed rounding. An error is compared only if it is of the paper's data under the
    paper's settings (study.judging.basis), of the registered number of seeds, all of which have learned. It matches if
    its whole interval lies within the margin of equivalence around the printed number; else it differs if the printed
    number, give or take its rounding, lies outside of it; else it is inconclusive. A time of other hardware is not
    comparable.
    """
    if measured is None:
        return Verdict(MISSING, "not measured")
    if measured.failed is not None or measured.value is None:
        return Verdict(FAILED, measured.failed or "no number")
    if cell.value is None:
        return Verdict(NO_NUMBER)
    if measured.kind == "time":
        return Verdict(NOT_COMPARABLE, f"other hardware ({measured.basis})")
    if measured.kind == "count":
        same = round(measured.value, cell.decimals) == cell.value
        more = "" if same else "; complexity.md has the other rules"
        return Verdict(MATCH if same else DIFFERS, f"{measured.basis}{more}")
    if measured.unlike:
        return Verdict(NOT_COMPARABLE, "; ".join(measured.unlike))
    return _of_error(measured, measured.value, cell, better)


def _of_error(measured: Measured, value: float, cell: Cell, better: str) -> Verdict:
    """The verdict of an error or accuracy of the paper's data under the paper's settings."""
    if few := too_few(len(measured.per_seed), protocol().seeds.least):
        return Verdict(CANNOT_TELL, few)
    if measured.unlearned:
        return Verdict(CANNOT_TELL, measured.unlearned)
    if measured.interval is None:
        return Verdict(CANNOT_TELL, "nothing varies between seeds and test units")
    return by_interval(value, measured.interval, cell, better)


def by_interval(value: float, interval: Interval, cell: Cell, better: str) -> Verdict:
    """The word that a value with its interval may carry beside a printed number, both of the same data and settings."""
    printed, (low, high) = cell.value, interval
    if printed is None:
        return Verdict(NO_NUMBER)
    rounding, margin = 0.5 * 10**-cell.decimals, protocol().margins.equivalent.least_points
    if printed - margin <= low and high <= printed + margin:
        return Verdict(MATCH, f"its interval lies within {margin:g} points of the printed number")
    if low - rounding <= printed <= high + rounding:
        return Verdict(INCONCLUSIVE, "its interval is wide")
    return Verdict(BETTER if (value < printed) == (better == "lower") else WORSE)
