"""A run here against the reference run that the repository holds: cell by cell equal, within a tolerance, or different.

The same hardware and packages give the same bits, so there a number must be equal. Elsewhere rounding differs, and a
training goes another way, as with another seed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from study.judging.differences import Read, Stored
from study.judging.number import LACKING, number

EQUAL, WITHIN, TIME, DIFFERENT = "equal", "within the tolerance", "a time", "different"
STATES = (DIFFERENT, WITHIN, TIME, EQUAL)
# Points of error or accuracy: twice the standard deviation of the difference of two seeds at scale desk (1.8 a seed).
POINTS = 5.0
SPEED_UP = 0.3  # share of a speed-up: that of the same code on other processors
ROUNDING = 1e-9  # share of a number: the last digits that a sum can lose


@dataclass(frozen=True)
class Checked:
    """What became of one cell: a word of STATES, its number in the reference and here, and the reason."""

    state: str
    name: str
    reference: str
    here: str
    why: str


def same_machine(reference: Mapping[str, Any], here: Mapping[str, Any]) -> bool:
    """Whether two results must be equal to the bit, by the records of how they were made."""
    return all(reference.get(what) == here.get(what) for what in ("hardware", "packages"))


def checked(reference: Stored, here: Stored, *, same: bool) -> list[Checked]:
    """Every cell of the reference and of this run, those first that are different; `same` as `same_machine` says."""
    found = []
    for name in dict.fromkeys([*reference.cells, *here.cells]):
        if name not in here.cells:
            found.append(Checked(DIFFERENT, name, _shown(reference.cells[name]), "", "is not there"))
        elif name not in reference.cells:
            found.append(Checked(DIFFERENT, name, "", _shown(here.cells[name]), "is not in the reference"))
        else:
            found.append(_cell(name, reference.cells[name], here.cells[name], same))
    return sorted(found, key=lambda one: STATES.index(one.state))


def _cell(name: str, reference: Read, here: Read, same: bool) -> Checked:
    old, new = reference["measured"], here["measured"]
    state, why = EQUAL, ""
    quantity = str(reference["quantity"])
    if old is None or new is None:
        alike = old is None and new is None and reference["verdict"] == here["verdict"]
        if not alike:
            state, why = (
                DIFFERENT,
                str(here["reason"] if new is None else f"the reference has none: {reference['reason']}"),
            )
    elif quantity.endswith("_ms"):
        state, why = TIME, "of the machine, and not compared"
    elif quantity.endswith("_speedup"):
        near = abs(new - old) <= SPEED_UP * abs(old)
        state, why = (TIME if near else DIFFERENT), f"{SPEED_UP:.0%} are allowed for"
    elif abs(new - old) > ROUNDING * abs(old):
        moved = f"{abs(new - old):.2f}"
        if quantity.endswith("_percent") and not same:
            state = WITHIN if abs(new - old) <= POINTS else DIFFERENT
            why = f"{moved} points on other hardware or packages, where {POINTS:g} are allowed for"
        elif same:
            state, why = DIFFERENT, f"by {moved}, on the same hardware with the same packages"
        else:
            state, why = DIFFERENT, f"by {moved}: it is counted, and the same everywhere"
    return Checked(state, name, _shown(reference), _shown(here), why)


def _shown(cell: Read) -> str:
    return number(cell["measured"]) if cell["measured"] is not None else str(cell["verdict"] or LACKING)
