"""What the paper says in prose, evaluated on its own numbers and on measured ones."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from operator import ge, gt, le, lt
from pathlib import Path
from typing import Any

from study.judging.evidence import Estimate, Here, Printed, Terms
from study.judging.measured import Key, Measured
from study.paper.files import read_yaml
from study.paper.tables import Table
from study.settings import paths

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
    """An outcome from above and the numbers behind it, a text for each comparison or each cell that is lacking."""

    outcome: str
    numbers: tuple[str, ...]


@dataclass(frozen=True)
class Claim:
    """A claim of the paper's prose and what became of it.

    `about` says what could decide it elsewhere (paper_tables/README.md): "direction", "number" or "hardware"; `reading`
    how a word became a threshold.
    """

    id: str
    claim: str
    where: str
    about: str
    reading: str
    on_the_papers_numbers: Finding
    here: Finding


@dataclass(frozen=True)
class Claims:
    """All claims at a scale, and how many hold, in a sentence."""

    scale: str
    summary: str
    claims: tuple[Claim, ...]


def read(folder: Path = paths.PAPER_TABLES) -> list[Predicate]:
    """The claims as paper_tables/claims.yaml holds them."""
    found: list[Predicate] = read_yaml(folder / "claims.yaml")
    return found


def claims(
    predicates: Sequence[Predicate], tables: Sequence[Table], measured: Mapping[Key, Measured], scale: str
) -> Claims:
    """Every claim on the paper's numbers and on measured ones. Raises KeyError for a cell that no table has."""
    cells = {cell.key: (table, cell) for table in tables for cell in table.cells}
    printed, here = Printed(cells), Here(cells, measured)
    found = tuple(
        Claim(
            claim["id"],
            claim["claim"],
            claim["where"],
            claim["about"],
            claim.get("reading", ""),
            evaluate(claim, printed),
            evaluate(claim, here),
        )
        for claim in predicates
    )
    return Claims(scale, summary(found), found)


def evaluate(predicate: Predicate, numbers: Printed | Here) -> Finding:
    """What becomes of one predicate (paper_tables/README.md) on a set of numbers."""
    if predicate["kind"] == "all":
        return _together([evaluate(part, numbers) for part in predicate["claims"]])
    if predicate["kind"] == "increasing":
        steps = pairwise(predicate["values"])
        return _together([_compare(later, "greater_than", earlier, numbers) for earlier, later in steps])
    relation = next(name for name in SIGNS if name in predicate)
    return _compare(predicate["value"], relation, predicate[relation], numbers)


def _together(findings: list[Finding]) -> Finding:
    """One that fails decides; without one, all must hold."""
    outcomes = {finding.outcome for finding in findings}
    outcome = FAILS if FAILS in outcomes else CANNOT_TELL if CANNOT_TELL in outcomes else HOLDS
    return Finding(outcome, tuple(dict.fromkeys(text for finding in findings for text in finding.numbers)))


def _compare(value: Operand, relation: str, bound: Operand, numbers: Printed | Here) -> Finding:
    """Cells are brought to the left and numbers to the right: `a < b` becomes `a - b < 0`."""
    (left, constant), (right, threshold) = _split(value), _split(bound)
    terms = [*left, *((-sign, key) for sign, key in right)]
    threshold = float(Decimal(str(threshold)) - Decimal(str(constant)))
    keys = dict.fromkeys(key for _, key in terms)
    lacking = [reason for key in keys if (reason := numbers.lacks(key))]
    if lacking:
        return Finding(CANNOT_TELL, tuple(lacking))
    estimate = numbers.estimate(terms)
    text = numbers.about(terms) + _sum_text([(1, left), (-1, right)], numbers, estimate)
    reasons = dict.fromkeys(reason for key in keys if relation == EQUALS and (reason := numbers.incomparable(key)))
    if reasons:
        return Finding(CANNOT_TELL, (f"{text}, {' and '.join(reasons)}",))
    outcome = _outcome(estimate, relation, threshold)
    words = {HOLDS: f" {SIGNS[relation]}", FAILS: f", not {SIGNS[relation]}", CANNOT_TELL: ", not clear of"}
    return Finding(outcome, (f"{text}{words[outcome]} {threshold:g}",))


def _split(operand: Operand) -> tuple[list[tuple[int, str]], float]:
    """An operand as its cells and its number."""
    if isinstance(operand, dict):
        return [(1, operand["of"]), (-1, operand["minus"])], 0
    return ([(1, operand)], 0) if isinstance(operand, str) else ([], operand)


def _outcome(estimate: Estimate, relation: str, threshold: float) -> str:
    """Whether the relation holds at both ends of the interval, at neither, or in between."""
    low, high = float(estimate.low), float(estimate.high)
    if relation == EQUALS:
        # Rounded as the number that the claim states: 0.80 is 0.8.
        decimals = len(str(threshold).partition(".")[2])
        low, high = round(low, decimals), round(high, decimals)
        if low == high == threshold:
            return HOLDS
        return CANNOT_TELL if low <= threshold <= high else FAILS
    holds = ORDERS[relation][1]
    at_the_ends = {holds(end, threshold) for end in (low, high)}
    if len(at_the_ends) == 2:
        return CANNOT_TELL
    return HOLDS if at_the_ends == {True} else FAILS


def _sum_text(operands: list[tuple[int, Terms]], numbers: Printed | Here, estimate: Estimate) -> str:
    """`12.98 - 11.87 = 1.11`, with the interval where there is one; differences of differences in brackets."""
    parts = [(sign, terms) for sign, terms in operands if terms]
    text = ""
    for sign, terms in parts:
        cells = " - ".join(numbers.show(numbers.value([(1, key)])) for _, key in terms)
        joint = " - " if text else "" if sign > 0 else "-"
        text += joint + (f"({cells})" if len(parts) > 1 < len(terms) else cells)
    if sum(len(terms) for _, terms in parts) > 1:
        text += f" = {numbers.show(estimate.value)}"
    if estimate.spread:
        text += f" ({estimate.spread} {numbers.show(estimate.low)} to {numbers.show(estimate.high)})"
    return text


def summary(found: Sequence[Claim]) -> str:
    """How many hold, fail and cannot be told, on the paper's numbers and here."""
    paper = Counter(claim.on_the_papers_numbers.outcome for claim in found)
    here = Counter(claim.here.outcome for claim in found)
    return (
        f"On the paper's own numbers {paper[HOLDS]} of {len(found)} hold, {paper[FAILS]} fail and "
        f"{paper[CANNOT_TELL]} cannot be told; "
        f"here: {here[HOLDS]} hold, {here[FAILS]} fail and {here[CANNOT_TELL]} cannot be told."
    )
