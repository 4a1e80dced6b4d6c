"""What the paper says in prose, evaluated on its own numbers and on measured ones."""

import json
from collections import Counter
from dataclasses import asdict, dataclass
from decimal import Decimal
from itertools import pairwise
from operator import ge, gt, le, lt
from pathlib import Path

from ruamel.yaml import YAML

from study.judging.evidence import Estimate, Here, Printed, Terms
from study.judging.measured import HEADLINE_NEEDS_CLASSES, Key, Measured
from study.paper.tables import Table
from study.settings import paths

HOLDS = "holds"
FAILS = "fails"
CANNOT_TELL = "cannot tell"

ORDERS = {"less_than": ("<", lt), "greater_than": (">", gt), "at_least": (">=", ge), "at_most": ("<=", le)}
EQUALS = "equals"
SIGNS = {**{name: sign for name, (sign, _) in ORDERS.items()}, EQUALS: "≈"}

# paper_tables/README.md: a number, a cell's key, or {of: key, minus: key}.
Operand = float | str | dict[str, str]


@dataclass(frozen=True)
class Finding:
    """An outcome from above and the numbers behind it, a text for each comparison or each cell that is lacking."""

    outcome: str
    numbers: tuple[str, ...]


@dataclass(frozen=True)
class Claim:
    """A claim of the paper's prose and what became of it; `reading` says how a word became a threshold."""

    id: str
    claim: str
    where: str
    reading: str
    on_the_papers_numbers: Finding
    here: Finding


def read(folder: Path = paths.PAPER_TABLES) -> list[dict]:
    """The claims as paper_tables/ holds them."""
    return YAML(typ="safe", pure=True).load((folder / "claims.yaml").read_text(encoding="utf-8"))


def evaluated(claims: list[dict], tables: list[Table], measured: dict[Key, Measured]) -> list[Claim]:
    """Every claim on the paper's numbers and on measured ones. Raises KeyError for a cell that no table has."""
    cells = {cell.key: (table, cell) for table in tables for cell in table.cells}
    printed, here = Printed(cells), Here(cells, measured)
    return [
        Claim(
            claim["id"],
            claim["claim"],
            claim["where"],
            claim.get("reading", ""),
            evaluate(claim, printed),
            evaluate(claim, here),
        )
        for claim in claims
    ]


def evaluate(predicate: dict, numbers: Printed | Here) -> Finding:
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


def summary(claims: list[Claim]) -> str:
    """How many hold, fail and cannot be told, on the paper's numbers and here."""
    paper = Counter(claim.on_the_papers_numbers.outcome for claim in claims)
    here = Counter(claim.here.outcome for claim in claims)
    return (
        f"On the paper's own numbers {paper[HOLDS]} of {len(claims)} hold, {paper[FAILS]} fail and "
        f"{paper[CANNOT_TELL]} cannot be told; "
        f"here: {here[HOLDS]} hold, {here[FAILS]} fail and {here[CANNOT_TELL]} cannot be told."
    )


def as_json(claims: list[Claim], scale: str) -> str:
    """The claims with everything known about each."""
    described = {"scale": scale, "summary": summary(claims), "claims": [asdict(claim) for claim in claims]}
    return json.dumps(described, indent=1, allow_nan=False) + "\n"


def as_markdown(claims: list[Claim], scale: str) -> str:
    """A line a claim: outcome and numbers on the paper's own cells, then on measured ones."""
    text = [f"# The paper's claims at scale {scale}", "", summary(claims), ""]
    text += [
        "`≈`: equal at the rounding of the claim. `not clear of`: the interval lies on both sides. Accuracies are "
        "compared on the same test images, with the seeds as a level; speed-ups by their intervals, times by the "
        f"quartiles of their repeats. With fewer than {HEADLINE_NEEDS_CLASSES} classes the top-1 error stands for "
        "the top-5 error.",
        "",
        "| claim | where | on the paper's numbers | numbers | here | numbers |",
        "|---|---|---|---|---|---|",
    ]
    for claim in claims:
        sentence = f"{claim.claim} ({claim.reading})" if claim.reading else claim.claim
        paper, here = claim.on_the_papers_numbers, claim.here
        text.append(
            f"| {sentence} | {claim.where} | {paper.outcome} | {'; '.join(paper.numbers)} "
            f"| {here.outcome} | {'; '.join(here.numbers)} |"
        )
    return "\n".join(text) + "\n"
