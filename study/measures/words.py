"""Which word a comparison may carry: equivalent, better, worse, inconclusive, or none at all."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

from study.measures.intervals import Estimate
from study.measures.multiplicity import holm
from study.settings.errors import InvalidParameter

Word = Literal["equivalent", "better", "worse", "inconclusive", "cannot tell"]


@dataclass(frozen=True)
class Comparison:
    """One member of a family: a difference of two rows' errors, in percentage points.

    `margin` is how far from 0 still counts as equivalent. `rows` are the mean errors of the rows that it compares, by
    name: a row that has learned nothing says nothing. `ceiling_percent` is the error that learning must lie below: that
    of guessing or of naming the commonest class, whichever is lower.
    """

    value: Estimate
    margin: float
    rows: Mapping[str, Estimate]
    ceiling_percent: float


@dataclass(frozen=True)
class Verdict:
    """A word with the p-values that it comes from, raw and adjusted by Holm within the family; None where not tested.

    `p_equivalence` is the larger one of two one-sided tests. `reason` says why one cannot tell.
    """

    word: Word
    reason: str = ""
    p_difference: float | None = None
    p_difference_adjusted: float | None = None
    p_equivalence: float | None = None
    p_equivalence_adjusted: float | None = None


def at_chance(row: Estimate, ceiling_percent: float, significance: float) -> bool:
    """Whether a row's mean error is not significantly below the ceiling of chance, by a one-sided test."""
    return row.value >= ceiling_percent or (row.varies and row.p_below(ceiling_percent) >= significance)


def too_few(seeds: int, minimum_seeds: int) -> str:
    """Why no word may be had of so few seeds; empty if they are enough."""
    if seeds >= minimum_seeds:
        return ""
    return f"{seeds} seed{'' if seeds == 1 else 's'}, the protocol asks for {minimum_seeds}"


def verdicts(
    family: Mapping[str, Comparison],
    *,
    minimum_seeds: int,
    significance: float = 0.05,
    untested: Collection[str] = (),
) -> dict[str, Verdict]:
    """The word of each comparison of a registered family.

    Equivalent: both one-sided tests against the margin are significant, though the difference may be significant too.
    Otherwise better or worse if the difference is significant, else inconclusive. Holm adjusts differences and
    equivalences each within the family; a comparison that cannot be told counts in it with a p-value of 1, and so do
    `untested` ones, of which there is no value: a family is not smaller for what was not measured. Raises
    InvalidParameter for a minimum below two seeds and for a margin that is not above 0.
    """
    if minimum_seeds < 2:
        raise InvalidParameter(f"the minimum of seeds must be 2 or more, got {minimum_seeds}")
    for name, comparison in family.items():
        if not comparison.margin > 0:
            raise InvalidParameter(f"the margin of {name} must be above 0, got {comparison.margin}")
    obstacles = {name: _obstacle(comparison, minimum_seeds, significance) for name, comparison in family.items()}
    difference = {name: 1.0 if obstacles[name] else comparison.value.p_value() for name, comparison in family.items()}
    equivalence = {name: 1.0 if obstacles[name] else _p_equivalence(comparison) for name, comparison in family.items()}
    lacking = dict.fromkeys(untested, 1.0)
    difference_adjusted, equivalence_adjusted = holm(difference | lacking), holm(equivalence | lacking)
    found: dict[str, Verdict] = {}
    for name, comparison in family.items():
        if obstacles[name]:
            found[name] = Verdict("cannot tell", obstacles[name])
            continue
        word: Word = "inconclusive"
        if equivalence_adjusted[name] < significance:
            word = "equivalent"
        elif difference_adjusted[name] < significance:
            word = "better" if comparison.value.value < 0 else "worse"
        found[name] = Verdict(
            word,
            p_difference=difference[name],
            p_difference_adjusted=difference_adjusted[name],
            p_equivalence=equivalence[name],
            p_equivalence_adjusted=equivalence_adjusted[name],
        )
    return found


def _p_equivalence(comparison: Comparison) -> float:
    value, margin = comparison.value, comparison.margin
    return max(value.p_above(-margin), value.p_below(margin))


def _obstacle(comparison: Comparison, minimum_seeds: int, significance: float) -> str:
    """Why no word may be had, or nothing."""
    value = comparison.value
    if few := too_few(value.seeds, minimum_seeds):
        return few
    if not value.varies:
        return "nothing varies between seeds and test units"
    guessing = [
        name for name, row in comparison.rows.items() if at_chance(row, comparison.ceiling_percent, significance)
    ]
    return f"not above chance: {', '.join(guessing)}" if guessing else ""
