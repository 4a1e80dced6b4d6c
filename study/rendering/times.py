"""How times, speed-ups and runs are written in the cells of tables."""

from collections.abc import Mapping, Sequence
from typing import Any

from study.judging.machines import busy_note
from study.settings.methods import label

NOT_MEASURED = "not measured"

Json = Mapping[str, Any]


def device_of(run: Json) -> str:
    """What a run was timed on, GPU or CPU."""
    return "GPU" if run["device"] == "cuda" else "CPU"


def estimate(estimates: Json, estimator: str, unit: str = "ms") -> str:
    """An estimate with its interval, where there is one."""
    found = estimates.get(estimator)
    if found is None:
        return NOT_MEASURED
    show = digits if unit == "ms" else "{:.2f}".format
    if not found["interval"]:
        return show(found["value"])
    low, high = found["interval"]
    return f"{show(found['value'])} ({show(low)} to {show(high)})"


def ms(timing: Json, estimates: Json) -> str:
    """Milliseconds by the estimator of a measurement, with their interval."""
    return estimate(estimates, timing["estimator"])


def ratio_of(timing: Json, found: Json) -> str:
    """A speed-up by the estimator of a measurement, with its interval."""
    return estimate(found["ratio"], timing["estimator"], "ratio")


def digits(milliseconds: float) -> str:
    """Milliseconds with as many digits as a reader can use."""
    return f"{milliseconds:.1f}" if milliseconds >= 10 else f"{milliseconds:.2f}"


def ended(run: Json) -> str:
    """How long a run went on, what ended it, and whether the machine was busy."""
    rounds = sorted(set(run["rounds"]))
    number = f"{rounds[0]}" if len(rounds) == 1 else f"{rounds[0]} to {rounds[-1]}"
    processes = f"{run['processes']} process{'es' if run['processes'] > 1 else ''}"
    ended = "; ".join(dict.fromkeys(run["ended"]))
    busy = busy_note(run)
    return f"{processes} of {number} rounds; ended: {ended}{f'; {busy}' if busy else ''}."


def name_of(cell: Json) -> str:
    """How the network of a cell is called."""
    return label(cell["method"], cell["backbone"])


def find(cells: Sequence[Json], **wanted: str) -> Json | None:
    """The first cell with these words, or None."""
    return next((cell for cell in cells if all(cell[key] == value for key, value in wanted.items())), None)
