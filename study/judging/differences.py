"""Two stored results side by side: which cells and claims got better or worse, and which came or went.

A result is what `results/<scale>/` holds: tables/table_*.json and claims.json.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from study.judging.number import number
from study.judging.predicates import CANNOT_TELL, FAILS, HOLDS
from study.judging.verdict import BETTER, DIFFERS, FAILED, INCONCLUSIVE, MATCH, WORSE

GOT_BETTER, GOT_WORSE, CHANGED, APPEARED, VANISHED = "better", "worse", "changed", "appeared", "vanished"
KINDS = (GOT_WORSE, VANISHED, GOT_BETTER, APPEARED, CHANGED)  # in the order of what has to be looked at first

# From the best to the worst; words of equal rank, and words that are not here, are neither better nor worse.
VERDICTS = {MATCH: 0, BETTER: 0, INCONCLUSIVE: 1, DIFFERS: 2, WORSE: 2}
OUTCOMES = {HOLDS: 0, CANNOT_TELL: 1, FAILS: 2}
HIGHER_IS_BETTER = ("accuracy_percent", "cpu_speedup", "gpu_speedup")

# A cell or a claim as JSON holds it. Results of other versions are compared too, so it is read by its keys alone.
Read = Mapping[str, Any]


@dataclass(frozen=True)
class Difference:
    """What became of one cell or claim: a word of KINDS, what it was and is, and why it is called so."""

    kind: str
    name: str
    before: str
    after: str
    why: str


@dataclass(frozen=True)
class Stored:
    """A stored result: the cells of every table and the claims, by their keys."""

    cells: dict[str, Read]
    claims: dict[str, Read]


def stored(tables: Sequence[Read], claims: Read) -> Stored:
    """A result from the JSON of its tables and its claims. Raises KeyError for what is none."""
    return Stored(
        {cell["cell"]: cell for table in tables for cell in table["cells"]},
        {claim["id"]: claim for claim in claims["claims"]},
    )


def differences(before: Stored, after: Stored) -> list[Difference]:
    """Every cell and claim that is not as it was, those first that got worse.

    A measured number got worse (or better) if it lies outside of the widest interval that was stored with it, in the
    bad (or good) direction; without an interval, if it differs at the printed precision. A number from other data or
    other hardware is neither. A number that was measured and is not any more has vanished. A verdict got worse down
    from match through inconclusive to differs, a claim down from holds through cannot tell to fails.
    """
    found = [
        *_each(before.cells, after.cells, _cell_shown, _cell),
        *_each(before.claims, after.claims, _outcome, _claim),
    ]
    return sorted(found, key=lambda one: KINDS.index(one.kind))


def got_worse(found: list[Difference]) -> bool:
    """Whether anything got worse, or is lacking that was there."""
    return any(one.kind in (GOT_WORSE, VANISHED) for one in found)


def _each(
    before: Mapping[str, Read],
    after: Mapping[str, Read],
    shown: Callable[[Read], str],
    compare: Callable[[Read, Read], tuple[str, str] | None],
) -> list[Difference]:
    found = []
    for name in dict.fromkeys([*before, *after]):
        if name not in after:
            found.append(Difference(VANISHED, name, shown(before[name]), "", "is not there any more"))
        elif name not in before:
            found.append(Difference(APPEARED, name, "", shown(after[name]), "was not there"))
        else:
            judged = compare(before[name], after[name])
            if judged is not None:
                found.append(Difference(judged[0], name, shown(before[name]), shown(after[name]), judged[1]))
    return found


def _cell_shown(cell: Read) -> str:
    return number(cell["measured"]) if cell["measured"] is not None else str(cell["verdict"])


def _cell(before: Read, after: Read) -> tuple[str, str] | None:
    old, new = before["measured"], after["measured"]
    if old is None or new is None:
        if new is not None:
            return APPEARED, f"was {before['verdict']}"
        if old is not None:
            return VANISHED, _with_reason(after)
        # Missing and failed are two things, and neither is better.
        same = (before["verdict"], before["reason"]) == (after["verdict"], after["reason"])
        return None if same else (CHANGED, f"was {_with_reason(before)}, is {_with_reason(after)}")
    if before["basis"] != after["basis"]:
        return CHANGED, f"on {after['basis']}, was on {before['basis']}: not compared"
    old_rank, new_rank = (VERDICTS.get(cell["verdict"]) for cell in (before, after))
    why = f"verdict was {before['verdict']}, is {after['verdict']}"
    if old_rank is not None and new_rank is not None and old_rank != new_rank:
        return (GOT_WORSE if new_rank > old_rank else GOT_BETTER), why
    return _value(before, after) or ((CHANGED, why) if before["verdict"] != after["verdict"] else None)


def _with_reason(cell: Read) -> str:
    failed = cell["verdict"] == FAILED and cell["reason"]
    return f"{cell['verdict']}: {cell['reason']}" if failed else str(cell["verdict"])


def _value(before: Read, after: Read) -> tuple[str, str] | None:
    old, new = before["measured"], after["measured"]
    ends = [end for interval in before["intervals"].values() for end in interval]
    low, high = min(ends, default=old), max(ends, default=old)
    if number(new) == number(old):
        return None
    if ends and low <= new <= high:
        return CHANGED, f"within {number(low)} to {number(high)}"
    improved = (new > old) == (before["quantity"] in HIGHER_IS_BETTER)
    why = f"outside {number(low)} to {number(high)}" if ends else "no interval"
    return (GOT_BETTER if improved else GOT_WORSE), why


def _outcome(claim: Read) -> str:
    return str(claim["in_this_experiment"])


def _claim(before: Read, after: Read) -> tuple[str, str] | None:
    old, new = _outcome(before), _outcome(after)
    if old == new:
        own = [claim["on_the_papers_numbers"]["outcome"] for claim in (before, after)]
        return None if own[0] == own[1] else (CHANGED, f"on the paper's numbers it was {own[0]}, is {own[1]}")
    why = "; ".join(text for finding in after["here"].values() for text in finding["numbers"])
    old_rank, new_rank = OUTCOMES.get(old), OUTCOMES.get(new)
    if old_rank is None or new_rank is None:
        return CHANGED, why
    return (GOT_WORSE if new_rank > old_rank else GOT_BETTER), why
