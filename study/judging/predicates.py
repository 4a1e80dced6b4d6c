"""Predicates over cells (paper_tables/README.md): what becomes of one on printed and on measured numbers."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from operator import ge, gt, le, lt
from typing import Any

from study.judging.basis import in_short
from study.judging.evidence import Here, Printed, Spread, Terms
from study.measures.multiplicity import holm
from study.settings.protocol import protocol

HOLDS = "holds"
FAILS = "fails"
CANNOT_TELL = "cannot tell"

ORDERS: dict[str, tuple[str, Callable[[float, float], bool]]] = {
    "less_than": ("<", lt),
    "greater_than": (">", gt),
    "at_least": (">=", ge),
    "at_most": ("<=", le),
}
EQUALS = "equals"
SIGNS = {**{name: sign for name, (sign, _) in ORDERS.items()}, EQUALS: "≈"}

# paper_tables/README.md: a number, a cell's key, or {of: key, minus: key}; and what is said of such operands.
Operand = float | str | dict[str, str]
Predicate = dict[str, Any]


@dataclass(frozen=True)
class Finding:
    """An outcome from above and the numbers behind it: a text for each comparison, or for each cell that is lacking.

    `p_values` are those of the comparisons that were tested, `adjusted` by Holm within the family.
    """

    outcome: str
    numbers: tuple[str, ...]
    p_values: tuple[float, ...] = ()
    adjusted: tuple[float, ...] = ()


def cells_of(predicate: Predicate) -> list[str]:
    """Every cell that a predicate names, in order."""
    if predicate["kind"] == "all":
        return [key for part in predicate["claims"] for key in cells_of(part)]
    if predicate["kind"] == "increasing":
        operands = predicate["values"]
    else:
        operands = [predicate["value"], predicate[next(name for name in SIGNS if name in predicate)]]
    return [key for operand in operands for _, key in _split(operand)[0]]


@dataclass(frozen=True)
class Comparison:
    """One comparison of a predicate: `a < b` as `a - b < 0`, what it comes to before it is corrected, and its text.

    `decided` is the outcome where there is nothing to test; `p_value` is two-sided, of "equal to the threshold";
    `of_errors` says that it counts in its family, tested or not; `lacking` says which cells have no number.
    """

    text: str
    relation: str
    threshold: float
    satisfied: bool = False
    p_value: float | None = None
    decided: str = ""
    of_errors: bool = False
    lacking: tuple[str, ...] = ()

    def finding(self, adjusted: float | None) -> Finding:
        """What it comes to: a word needs a p-value below the level."""
        outcome = self.decided
        if not outcome:
            clear = adjusted is not None and adjusted < protocol().level
            outcome = CANNOT_TELL if not clear else HOLDS if self.satisfied else FAILS
        if not self.relation:
            return Finding(outcome, self.lacking or (self.text,))
        sign = SIGNS[self.relation]
        words = {HOLDS: f" {sign}", FAILS: f", not {sign}", CANNOT_TELL: ", not clear of"}
        p_values = () if self.p_value is None else (self.p_value,)
        return Finding(
            outcome,
            (f"{self.text}{words[outcome]} {self.threshold:g}",),
            p_values,
            (adjusted,) if p_values and adjusted is not None else (),
        )


def printed(predicate: Predicate, numbers: Printed) -> Finding:
    """What becomes of a predicate on the paper's own numbers, which are exact."""
    return _together([_exact(comparison, numbers) for comparison in _comparisons(predicate)])


def judged(predicates: Sequence[Predicate], numbers: Here) -> dict[str, Finding]:
    """What becomes of the predicates of one family on measured numbers. A comparison of errors that cannot be told
    counts in the family with a p-value of 1: a family is not smaller for what was not measured."""
    found = {claim["id"]: [_measured(one, numbers) for one in _comparisons(claim)] for claim in predicates}
    raw = {
        f"{identity} {position}": 1.0 if comparison.p_value is None else comparison.p_value
        for identity, comparisons in found.items()
        for position, comparison in enumerate(comparisons)
        if comparison.of_errors
    }
    adjusted = holm(raw)
    return {
        identity: _together(
            [
                comparison.finding(adjusted.get(f"{identity} {position}"))
                for position, comparison in enumerate(comparisons)
            ]
        )
        for identity, comparisons in found.items()
    }


def _comparisons(predicate: Predicate) -> list[tuple[Operand, str, Operand]]:
    """A predicate (paper_tables/README.md) as comparisons that must all hold: value, relation, bound."""
    if predicate["kind"] == "all":
        return [one for part in predicate["claims"] for one in _comparisons(part)]
    if predicate["kind"] == "increasing":
        return [(later, "greater_than", earlier) for earlier, later in pairwise(predicate["values"])]
    relation = next(name for name in SIGNS if name in predicate)
    return [(predicate["value"], relation, predicate[relation])]


def _sides(value: Operand, bound: Operand) -> tuple[list[tuple[int, Terms]], Terms, float]:
    """Cells are brought to the left and numbers to the right: the two sides, all terms, and the threshold."""
    (left, constant), (right, threshold) = _split(value), _split(bound)
    terms = [*left, *((-sign, key) for sign, key in right)]
    return [(1, left), (-1, right)], terms, float(Decimal(str(threshold)) - Decimal(str(constant)))


def _split(operand: Operand) -> tuple[list[tuple[int, str]], float]:
    """An operand as its cells and its number."""
    if isinstance(operand, dict):
        return [(1, operand["of"]), (-1, operand["minus"])], 0
    return ([(1, operand)], 0) if isinstance(operand, str) else ([], operand)


def _exact(comparison: tuple[Operand, str, Operand], numbers: Printed) -> Finding:
    value, relation, bound = comparison
    sides, terms, threshold = _sides(value, bound)
    lacking = [reason for key in dict.fromkeys(key for _, key in terms) if (reason := numbers.lacks(key))]
    if lacking:
        return Finding(CANNOT_TELL, tuple(lacking))
    total = float(numbers.value(terms))
    if relation == EQUALS:
        satisfied = round(total, _decimals(threshold)) == threshold
    else:
        satisfied = ORDERS[relation][1](total, threshold)
    text = _sum_text(sides, numbers, numbers.value(terms))
    return Comparison(text, relation, threshold, decided=HOLDS if satisfied else FAILS).finding(None)


def _decimals(threshold: float) -> int:
    """Rounded as the number that the claim states: 0.80 is 0.8."""
    return len(str(threshold).partition(".")[2])


def _measured(comparison: tuple[Operand, str, Operand], numbers: Here) -> Comparison:
    value, relation, bound = comparison
    sides, terms, threshold = _sides(value, bound)
    keys = list(dict.fromkeys(key for _, key in terms))
    of_errors = any(numbers.is_error(key) for key in keys)
    lacking = [reason for key in keys if (reason := numbers.lacks(key))]
    if lacking:
        return Comparison("", "", threshold, decided=CANNOT_TELL, of_errors=of_errors, lacking=tuple(lacking))
    spread = numbers.spread(terms)
    text = _sum_text(sides, numbers, spread.value, spread)
    obstacle = numbers.obstacle(terms)
    if relation == EQUALS:  # an exact number is that of the paper's data, settings and hardware
        obstacle = obstacle or in_short(numbers.unlike(keys))
    if obstacle:
        return Comparison(f"{text}; {obstacle}", "", threshold, decided=CANNOT_TELL, of_errors=of_errors)
    if relation == EQUALS:
        return _exactly(text, spread, threshold, of_errors)
    satisfied = ORDERS[relation][1](spread.value, threshold)
    p_value = spread.p_value(threshold)
    decided = _by_interval(spread, relation, threshold) if p_value is None else ""
    return Comparison(text, relation, threshold, satisfied, p_value, decided, of_errors)


def _exactly(text: str, spread: Spread, threshold: float, of_errors: bool) -> Comparison:
    """An exact number: a count has it or not; an error can differ from it significantly, and else cannot be told."""
    rounding = 0.5 * 10.0 ** -_decimals(threshold)
    away = spread.value - threshold
    if not of_errors:
        return Comparison(text, EQUALS, threshold, decided=HOLDS if abs(away) <= rounding else FAILS)
    p_value = 1.0 if abs(away) <= rounding else spread.p_value(threshold + math.copysign(rounding, away))
    return Comparison(text, EQUALS, threshold, False, p_value, CANNOT_TELL if p_value is None else "", of_errors)


def _by_interval(spread: Spread, relation: str, threshold: float) -> str:
    """The outcome of times and counts: the relation holds at both ends of the interval, at neither, or in between."""
    if spread.low is None or spread.high is None:
        return CANNOT_TELL
    at_the_ends = {ORDERS[relation][1](end, threshold) for end in (spread.low, spread.high)}
    return CANNOT_TELL if len(at_the_ends) == 2 else HOLDS if at_the_ends == {True} else FAILS


def _together(findings: Sequence[Finding]) -> Finding:
    """One that fails decides; without one, all must hold."""
    outcomes = {finding.outcome for finding in findings}
    outcome = FAILS if FAILS in outcomes else CANNOT_TELL if CANNOT_TELL in outcomes else HOLDS
    return Finding(
        outcome,
        tuple(dict.fromkeys(text for finding in findings for text in finding.numbers)),
        tuple(p for finding in findings for p in finding.p_values),
        tuple(p for finding in findings for p in finding.adjusted),
    )


def _sum_text(
    sides: Sequence[tuple[int, Terms]],
    numbers: Printed | Here,
    total: Decimal | float,
    spread: Spread | None = None,
) -> str:
    """`12.98 - 11.87 = 1.11`, with the interval where there is one; differences of differences in brackets."""
    parts = [(sign, terms) for sign, terms in sides if terms]
    text = ""
    for sign, terms in parts:
        cells = " - ".join(numbers.show(numbers.value([(1, key)])) for _, key in terms)
        joint = " - " if text else "" if sign > 0 else "-"
        text += joint + (f"({cells})" if len(parts) > 1 < len(terms) else cells)
    if sum(len(terms) for _, terms in parts) > 1:
        text += f" = {numbers.show(total)}"
    if spread is not None and spread.low is not None and spread.high is not None and spread.low < spread.high:
        text += f" (95 % interval {numbers.show(spread.low)} to {numbers.show(spread.high)})"
    return text
