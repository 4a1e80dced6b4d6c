"""Whether other work disturbed a measurement: what else the processors did, and how steady a fixed kernel was."""

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import psutil
from numpy.typing import NDArray

# The load average counts what has just ended too, and halves within 42 s: half a core is one busy process on two cores.
LOAD_PER_CORE = 0.5
# An idle system's own services stay under 1 to 2 % of its processors; one busy process among sixteen is 6 %.
OTHERS_PERCENT = 5.0
# What a hypervisor takes away lengthens calls directly, so it must stay well under the 2 % to which ratios are known.
STOLEN_PERCENT = 1.0
# 90 % quantile of the kernel's times over the 10 % quantile, less 1: 13 to 29 % on one core of a two-core machine whose
# other core was busy, 61 to 470 % where both were (decision 0009).
SPREAD_PERCENT = 10.0

SAMPLE_SECONDS = 1.0


@dataclass(frozen=True)
class Shares:
    """Of the time of the processors that this process may use: what other processes took, and what a hypervisor gave to
    other machines (None where the system does not say)."""

    others_percent: float
    stolen_percent: float | None


@dataclass(frozen=True)
class Before:
    """The machine before the measurement: load average of the last minute, shares within a second, time waited."""

    load: float | None
    cores: int
    shares: Shares
    waited_seconds: float

    @property
    def reasons(self) -> list[str]:
        """Why the machine was busy, if it was."""
        found = []
        if self.load is not None and self.load > LOAD_PER_CORE * self.cores:
            found.append(f"load average {self.load:.2f} on {self.cores} cores before the run")
        return found + [f"{reason} before the run" for reason in _reasons(self.shares)]


class Watch:
    """Counts the time of the processors from its making on."""

    def __init__(self) -> None:
        self._start = self._now()

    def shares(self) -> Shares:
        """What others took since then."""
        seconds, busy, own, stolen = (after - before for after, before in zip(self._now(), self._start, strict=True))
        available = max(seconds, 1e-9) * len(_processors())
        known = psutil.LINUX
        return Shares(
            others_percent=float(np.clip((busy - own) / available * 100, 0, 100)),
            stolen_percent=float(np.clip(stolen / available * 100, 0, 100)) if known else None,
        )

    @staticmethod
    def _now() -> tuple[float, float, float, float]:
        """Seconds: of the clock, of all processes, of this process, stolen."""
        every = psutil.cpu_times(percpu=True)
        mine = psutil.Process().cpu_times()
        used = [each for number, each in enumerate(every) if number in _processors()]
        busy = sum(
            each.user + each.system + sum(getattr(each, name, 0.0) for name in ("nice", "irq", "softirq"))
            for each in used
        )
        stolen = sum(getattr(each, "steal", 0.0) for each in used)
        return time.monotonic(), busy, mine.user + mine.system, stolen


def _processors() -> set[int]:
    """Numbers of the processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return set(os.sched_getaffinity(0))
    return set(range(os.cpu_count() or 1))


def wait_until_idle(patience_seconds: float) -> Before:
    """Wait until nothing else runs, at most so long, and tell what was found last."""
    start = time.monotonic()
    while True:
        watch = Watch()
        time.sleep(SAMPLE_SECONDS)
        load = psutil.getloadavg()[0] if hasattr(psutil, "getloadavg") else None
        waited = time.monotonic() - start
        found = Before(load, len(_processors()), watch.shares(), round(waited, 1))
        if not found.reasons or waited >= patience_seconds:
            return found


def spread_percent(reference: NDArray[np.float64]) -> float:
    """By how much the 90 % quantile of a fixed kernel's times exceeds the 10 % quantile."""
    low, high = np.quantile(reference, [0.1, 0.9])
    return float((high / low - 1) * 100)


def reasons(before: Before, during: Sequence[Shares], spreads_percent: Sequence[float]) -> list[str]:
    """Why the machine was busy: before, while any of the processes took times, or by the fixed kernel's spread.

    An empty list says that it was not.
    """
    found = before.reasons
    if during:
        stolen = [share.stolen_percent for share in during if share.stolen_percent is not None]
        worst = Shares(max(share.others_percent for share in during), max(stolen, default=None))
        found += [f"{reason} during the run" for reason in _reasons(worst)]
    if spreads_percent and max(spreads_percent) > SPREAD_PERCENT:
        found.append(f"times of the reference kernel spread by {max(spreads_percent):.0f} %")
    return found


def _reasons(shares: Shares) -> list[str]:
    found = []
    if shares.others_percent > OTHERS_PERCENT:
        found.append(f"other processes took {shares.others_percent:.0f} % of the processors")
    if shares.stolen_percent is not None and shares.stolen_percent > STOLEN_PERCENT:
        found.append(f"{shares.stolen_percent:.1f} % of the processors' time was stolen")
    return found
