"""What may be said of a measured number beside a printed one, and no more."""

from dataclasses import dataclass

from study.judging.measured import Measured
from study.paper.tables import Cell
from study.settings.protocol import protocol

MATCH = "match"
INCONCLUSIVE = "inconclusive"  # the printed number lies in an interval too wide to call that a match
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
    paper's settings (study.judging.basis): it matches if it rounds to the printed number, or if the printed number,
    give or take its rounding, lies in its interval and that is no wider than the margin of equivalence; it is
    inconclusive if it lies in a wider one; else it differs. A time of other hardware is not comparable.
    """
    if measured is None:
        return Verdict(MISSING, "not measured")
    if measured.failed is not None or measured.value is None:
        return Verdict(FAILED, measured.failed or "no number")
    if cell.value is None:
        return Verdict(NO_NUMBER)
    if measured.kind == "time":
        return Verdict(NOT_COMPARABLE, f"other hardware ({measured.basis})")
    counted = measured.basis if measured.kind == "count" else ""
    if measured.unlike:
        return Verdict(NOT_COMPARABLE, "; ".join(measured.unlike))
    if round(measured.value, cell.decimals) == cell.value:
        return Verdict(MATCH, counted)
    if measured.kind == "count":
        return Verdict(DIFFERS, f"{counted}; complexity.md has the other rules")
    if measured.interval is None:
        return Verdict(INCONCLUSIVE, "no interval: one seed, or nothing varies")
    low, high = measured.interval
    rounding = 0.5 * 10**-cell.decimals
    if low - rounding <= cell.value <= high + rounding:
        narrow = high - low <= 2 * protocol().margins.equivalent.least_points
        return Verdict(MATCH, "within its interval") if narrow else Verdict(INCONCLUSIVE, "its interval is wide")
    return Verdict(BETTER if (measured.value < cell.value) == (better == "lower") else WORSE)
