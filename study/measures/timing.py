"""A timer for networks that take turns, so that a drifting machine drifts for all of them alike."""

import gc
import os
import time
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

import numpy as np
import torch
from tqdm import tqdm

from study.measures.statistics import ratio_interval

WARM_UP_ROUNDS = 1
LEAST_ROUNDS = 6  # with fewer, the range of all values covers a median by less than 95 %
CHECK_EVERY = 5  # rounds between two looks at the intervals
NARROW = 0.02  # half width of a ratio's interval, relative to the ratio, at which enough rounds were taken

GOVERNOR = Path("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor")
ALLOCATOR_VARIABLES = ("LD_PRELOAD", "MALLOC_ARENA_MAX", "MALLOC_MMAP_THRESHOLD_", "MALLOC_TRIM_THRESHOLD_")

Name = TypeVar("Name", bound=Hashable)
Call = Callable[[], object]


def on_processor(call: Call) -> float:
    """Milliseconds of one call that has returned when its work is done."""
    start = time.perf_counter()
    call()
    return (time.perf_counter() - start) * 1000


def on_gpu(call: Call) -> float:
    """Milliseconds of one call between two events on the current CUDA stream, which is empty before the first.

    Includes the time that the processor takes to launch the work, where the GPU has to wait for it.
    """
    start, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
    torch.cuda.synchronize()
    start.record()
    call()
    end.record()
    end.synchronize()
    return start.elapsed_time(end)


@dataclass(frozen=True)
class Times(Generic[Name]):
    """What a run took: for each call its times in ms, round by round, and why the run ended."""

    milliseconds: dict[Name, np.ndarray]
    ended: str

    @property
    def rounds(self) -> int:
        """How often every call was timed."""
        return len(next(iter(self.milliseconds.values())))

    def median(self, name: Name) -> float:
        """Median of a call's times, in ms."""
        return float(np.median(self.milliseconds[name]))

    def spread(self, name: Name) -> dict[str, float]:
        """Median and quartiles of a call's times, in ms."""
        low, median, high = np.percentile(self.milliseconds[name], [25, 50, 75])
        return {"median": float(median), "lower_quartile": float(low), "upper_quartile": float(high)}

    def ratio(self, slow: Name, fast: Name) -> dict[str, object]:
        """How many times as fast `fast` is: the ratio of the medians with its 95 % interval."""
        interval = ratio_interval(self.milliseconds[slow], self.milliseconds[fast])
        return {"ratio": self.median(slow) / self.median(fast), "interval": list(interval)}

    def narrow(self, pairs: Sequence[tuple[Name, Name]]) -> bool:
        """Whether every ratio (slow, fast) is known well enough."""
        for slow, fast in pairs:
            ratio = self.ratio(slow, fast)
            low, high = ratio["interval"]
            if (high - low) / 2 > NARROW * ratio["ratio"]:
                return False
        return True


def alternate(
    calls: dict[Name, Call],
    *,
    seconds: float,
    pairs: Sequence[tuple[Name, Name]],
    clock: Callable[[Call], float],
    title: str,
) -> Times[Name]:
    """Time every call once a round, in rotating order, until the ratios of all `pairs` are known well or time is up.

    A turn is an untimed call and a timed one: the first brings back what the others pushed out of the caches, and
    outlasts threads of another library that still spin.
    """
    names = list(calls)
    taken: dict[Name, list[float]] = {name: [] for name in names}
    for _ in range(WARM_UP_ROUNDS):
        for call in calls.values():
            clock(call)
    start, ended = time.monotonic(), "time limit"
    layout = "{l_bar}{bar}| {n:.0f}/{total} s at most"
    gc.collect()
    gc.disable()
    try:
        with tqdm(total=max(1, round(seconds)), desc=title, unit="s", bar_format=layout, mininterval=1.0) as bar:
            while time.monotonic() - start < seconds or len(taken[names[0]]) < LEAST_ROUNDS:
                done = len(taken[names[0]])
                first = done % len(names)
                for name in names[first:] + names[:first]:
                    clock(calls[name])
                    taken[name].append(clock(calls[name]))
                bar.update(max(0, min(bar.total, time.monotonic() - start) - bar.n))
                if done + 1 > LEAST_ROUNDS and (done + 1) % CHECK_EVERY == 0 and _times(taken, "").narrow(pairs):
                    ended = f"every interval within {NARROW:.0%} of its ratio"
                    break
    finally:
        gc.enable()
    return _times(taken, ended)


def _times(taken: dict[Name, list[float]], ended: str) -> Times[Name]:
    return Times({name: np.array(values) for name, values in taken.items()}, ended)


def conditions() -> dict[str, object]:
    """What a time depends on beside hardware and versions: the clock's policy, the allocator, other work."""
    try:
        clock_policy = GOVERNOR.read_text().strip()
    except OSError:
        clock_policy = "not readable"
    # A preloaded library by its name, without the place where it lies.
    variables = {name: Path(os.environ[name]).name for name in ALLOCATOR_VARIABLES if name in os.environ}
    return {
        "clock_policy": clock_policy,
        "allocator": variables or "of the C library; freed memory is kept (mallopt), no variables set",
        "load_before": round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None,
    }
