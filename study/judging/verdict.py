"""What may be said of a measured number beside a printed one, and no more."""

from dataclasses import dataclass

from study.judging.measured import Measured
from study.paper.tables import Cell

MATCH = "match"
INDISTINGUISHABLE = "indistinguishable"
BETTER, WORSE = "differs (better)", "differs (worse)"
DIFFERS = "differs"  # a count: another rule of counting is neither better nor worse
NOT_COMPARABLE = "not comparable"
MISSING = "missing"
FAILED = "failed"
NO_NUMBER = "no printed number"

# The paper's data. Numbers from anything else are never set against its errors. CACD is not among them, since the
# paper's subset of it was not published.
PAPER_DATA = {"paper, imagenet"}


@dataclass(frozen=True)
class Verdict:
    """One word from above, and the reason that it needs."""

    word: str
    reason: str = ""

    def __str__(self) -> str:
        return f"{self.word}: {self.reason}" if self.reason else self.word


def verdict(cell: Cell, measured: Measured | None, better: str) -> Verdict:
    """The verdict of a cell; `better` is "lower" or "higher".

    A count is compared at the printed rounding. An accuracy is compared only if it was measured on the paper's data
    at the paper's scale: it matches if it rounds to the printed number; it is indistinguishable if the printed number,
    give or take its rounding, lies in the widest of its intervals; else it differs. A time of other hardware is not
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
    counted = measured.basis if measured.kind == "count" else ""
    if measured.kind == "accuracy" and measured.basis not in PAPER_DATA:
        return Verdict(NOT_COMPARABLE, f"other data and scale ({measured.basis})")
    if round(measured.value, cell.decimals) == cell.value:
        return Verdict(MATCH, counted)
    if measured.kind == "count":
        return Verdict(DIFFERS, f"{counted}; complexity.md has the other rules")
    rounding = 0.5 * 10**-cell.decimals
    low = min((low for low, _ in measured.intervals.values()), default=measured.value)
    high = max((high for _, high in measured.intervals.values()), default=measured.value)
    if low - rounding <= cell.value <= high + rounding:
        return Verdict(INDISTINGUISHABLE)
    return Verdict(BETTER if (measured.value < cell.value) == (better == "lower") else WORSE)
