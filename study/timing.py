"""A timer for networks that take turns, so that a drifting machine drifts for all of them alike."""

import time
from collections.abc import Callable

import numpy as np
from torch.utils.benchmark import Timer
from tqdm import tqdm

from study.statistics import ratio_interval

WARM_UP_ROUNDS = 3
LEAST_ROUNDS = 10
CHECK_EVERY = 10  # rounds between two looks at the intervals
NARROW = 0.02  # half width of a ratio's interval, relative to the ratio, at which enough rounds were taken


def alternate(calls: dict[str, Callable[[], object]], *, threads: int, seconds: float, reference: str) -> dict:
    """Time every call once a round, in rotating order, until all ratios to `reference` are known well or time is up.

    A call is a forward pass; torch's benchmark timer sets the threads and waits for a GPU. Returns for each call the
    median and quartiles in milliseconds, and for each other call its speed-up over the reference with a 95 % interval;
    and why the timing ended.
    """
    timers = {name: Timer("call()", globals={"call": call}, num_threads=threads) for name, call in calls.items()}
    names = list(timers)
    for _ in range(WARM_UP_ROUNDS):
        for timer in timers.values():
            timer.timeit(1)
    taken: dict[str, list[float]] = {name: [] for name in names}
    deadline = time.monotonic() + seconds
    ended = "time limit"
    with tqdm(
        total=round(seconds),
        desc=f"timing, {threads} threads",
        unit="s",
        bar_format="{l_bar}{bar}| {n:.0f}/{total} s at most",
    ) as bar:
        while time.monotonic() < deadline or len(taken[reference]) < LEAST_ROUNDS:
            done = len(taken[reference])
            for name in names[done % len(names) :] + names[: done % len(names)]:
                taken[name].append(timers[name].timeit(1).mean * 1000)
            bar.update(max(0, min(bar.total, seconds - (deadline - time.monotonic())) - bar.n))
            if done + 1 >= LEAST_ROUNDS and (done + 1) % CHECK_EVERY == 0 and _narrow(taken, reference):
                ended = f"every interval within {NARROW:.0%} of its ratio"
                break
    return {
        "threads": threads,
        "rounds": len(taken[reference]),
        "ended": ended,
        "milliseconds": {name: _spread(np.array(values)) for name, values in taken.items()},
        "speedups": _speedups(taken, reference),
    }


def _spread(values: np.ndarray) -> dict:
    low, median, high = np.percentile(values, [25, 50, 75])
    return {"median": float(median), "lower_quartile": float(low), "upper_quartile": float(high)}


def _speedups(taken: dict[str, list[float]], reference: str) -> dict:
    slow = np.array(taken[reference])
    speedups = {}
    for name, values in taken.items():
        if name != reference:
            fast = np.array(values)
            speedups[name] = {
                "speedup": float(np.median(slow) / np.median(fast)),
                "interval": list(ratio_interval(slow, fast)),
            }
    return speedups


def _narrow(taken: dict[str, list[float]], reference: str) -> bool:
    return all(
        (value["interval"][1] - value["interval"][0]) / 2 <= NARROW * value["speedup"]
        for value in _speedups(taken, reference).values()
    )
