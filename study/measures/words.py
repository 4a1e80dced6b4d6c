"""Which word a comparison may carry: equivalent, better, worse, inconclusive, or none at all."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

from study.measures.endpoint import NO_LOSS, Share
from study.measures.intervals import Estimate
from study.measures.multiplicity import holm
from study.settings.errors import InvalidParameter

Word = Literal["equivalent", "better", "worse", "inconclusive", "cannot tell"]


@dataclass(frozen=True)
class Comparison:
    """One member of a family: a difference of errors, or a share, against the value that means "no difference".

    `margin` is how far from `null` still counts as equivalent, in the unit of the value. `rows` are the mean errors of
    the rows that it compares, by name: a row that has learned nothing says nothing.
    """

    value: Estimate | Share
    margin: float
    rows: Mapping[str, Estimate]
    null: float = 0.0
    lower_is_better: bool = True


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


def p_above_chance(row: Estimate, chance_error_percent: float, majority_error_percent: float) -> float:
    """One-sided p-value of "its mean error is no lower than that of guessing, or of naming the commonest class"."""
    return row.p_below(min(chance_error_percent, majority_error_percent))


def verdicts(
    family: Mapping[str, Comparison],
    *,
    minimum_seeds: int,
    chance_error_percent: float,
    majority_error_percent: float,
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
    obstacles = {
        name: _obstacle(comparison, minimum_seeds, chance_error_percent, majority_error_percent, significance)
        for name, comparison in family.items()
    }
    difference = {
        name: 1.0 if obstacles[name] else comparison.value.p_value(comparison.null)
        for name, comparison in family.items()
    }
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
            lower = comparison.value.value < comparison.null
            word = "better" if lower == comparison.lower_is_better else "worse"
        found[name] = Verdict(
            word,
            p_difference=difference[name],
            p_difference_adjusted=difference_adjusted[name],
            p_equivalence=equivalence[name],
            p_equivalence_adjusted=equivalence_adjusted[name],
        )
    return found


def _p_equivalence(comparison: Comparison) -> float:
    value, null, margin = comparison.value, comparison.null, comparison.margin
    return max(value.p_above(null - margin), value.p_below(null + margin))


def _obstacle(comparison: Comparison, minimum_seeds: int, chance: float, majority: float, significance: float) -> str:
    """Why no word may be had, or nothing."""
    value = comparison.value
    if value.seeds < minimum_seeds:
        return f"{_count(value.seeds, 'seed')}, the protocol asks for {minimum_seeds}"
    if not value.varies:
        return "nothing varies between seeds and test units"
    at_chance = [
        name
        for name, row in comparison.rows.items()
        if row.value >= min(chance, majority) or (row.varies and p_above_chance(row, chance, majority) >= significance)
    ]
    if at_chance:
        return f"not above chance: {', '.join(at_chance)}"
    if isinstance(value, Share) and value.no_loss(significance):
        return NO_LOSS
    return ""


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
