"""A timer for networks that take turns, in several processes, and what a time and a ratio are estimated to be."""

import gc
import os
import time
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, TypedDict, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from scipy import stats
from torch import nn

from study.measures.busy import Shares, Watch
from study.measures.statistics import CONFIDENCE, ratio_interval
from study.settings.bars import progress_bar

WARM_UP_ROUNDS = 1
LEAST_ROUNDS = 6  # with fewer, the range of all values covers a median by less than 95 %
MOST_ROUNDS = 200  # in one process: more would not narrow what varies between processes
CHECK_EVERY = 5  # rounds between two looks at the intervals
NARROW = 0.02  # half width of a ratio's interval, relative to the ratio, at which enough rounds were taken

# What a time is estimated by, as quantiles of its rounds. Other work only adds time, so the low one stays where it is
# until nine of ten calls are hit; the median moves when one of two is (decision 0009).
QUANTILES = {"low": 0.1, "median": 0.5}
ESTIMATOR = "low"  # by which claims are judged

GOVERNOR = Path("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor")
ALLOCATOR_VARIABLES = ("LD_PRELOAD", "MALLOC_ARENA_MAX", "MALLOC_MMAP_THRESHOLD_", "MALLOC_TRIM_THRESHOLD_")

Name = TypeVar("Name", bound=Hashable)
Call = Callable[[], object]
Milliseconds = NDArray[np.float64]


class Estimate(TypedDict):
    """A number, its 95 % interval over processes (None for one process), and the estimate of each process."""

    value: float
    interval: list[float] | None
    per_process: list[float]


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
    return float(start.elapsed_time(end))


def reference_kernel(device: torch.device) -> Call:
    """A fixed convolution, about 2 ms on one core, whose times tell how steady the machine is: 64 to 64 channels, 56 x
    56, fp32."""
    convolution = nn.Conv2d(64, 64, 3, padding=1, device=device)
    image = torch.rand(1, 64, 56, 56, device=device)

    def call() -> object:
        with torch.inference_mode():
            return convolution(image)

    return call


@dataclass(frozen=True)
class Times(Generic[Name]):
    """What a run of one process took: for each call its times in ms, round by round, and why the run ended.

    `reference` are the times of the fixed kernel before every turn, and `shares` what other processes took meanwhile.
    """

    milliseconds: dict[Name, Milliseconds]
    ended: str
    reference: Milliseconds = field(default_factory=lambda: np.zeros(0))
    shares: Shares | None = None

    @property
    def rounds(self) -> int:
        """How often every call was timed."""
        return len(next(iter(self.milliseconds.values())))

    def quantile(self, name: Name, share: float) -> float:
        """A quantile of a call's times, in ms."""
        return float(np.quantile(self.milliseconds[name], share))

    def median(self, name: Name) -> float:
        """Median of a call's times, in ms."""
        return self.quantile(name, 0.5)

    def ratio(self, slow: Name, fast: Name) -> tuple[float, float, float]:
        """How many times as fast `fast` is in this process: the ratio of the medians, and its 95 % interval over
        rounds, which says nothing of other processes."""
        low, high = ratio_interval(self.milliseconds[slow], self.milliseconds[fast])
        return self.median(slow) / self.median(fast), low, high

    def narrow(self, pairs: Sequence[tuple[Name, Name]]) -> bool:
        """Whether every ratio (slow, fast) of this process is known well enough."""
        for slow, fast in pairs:
            ratio, low, high = self.ratio(slow, fast)
            if (high - low) / 2 > NARROW * ratio:
                return False
        return True


@dataclass(frozen=True)
class Repeats(Generic[Name]):
    """The same calls timed in several processes, which differ in where memory lies and threads run."""

    processes: Sequence[Times[Name]]

    @property
    def names(self) -> list[Name]:
        """The calls that every process could make."""
        first, *others = (times.milliseconds for times in self.processes)
        return [name for name in first if all(name in other for other in others)]

    def milliseconds(self, name: Name) -> dict[str, Estimate]:
        """A call's time, by estimator."""
        return {
            word: estimate([times.quantile(name, share) for times in self.processes])
            for word, share in QUANTILES.items()
        }

    def ratio(self, slow: Name, fast: Name) -> dict[str, Estimate]:
        """How many times as fast `fast` is, by estimator."""
        return {
            word: estimate([times.quantile(slow, share) / times.quantile(fast, share) for times in self.processes])
            for word, share in QUANTILES.items()
        }


def estimate(per_process: Sequence[float]) -> Estimate:
    """Geometric mean over processes, and Student's t interval of the logarithms' mean.

    What varies within a process moves its estimate, so both kinds of variation are in the spread over processes. With
    three to eight processes such intervals cover 94 to 96 %, a bootstrap of both levels 73 to 99 % and one of the
    pooled rounds 9 to 96 % (decision 0009).
    """
    logarithms = np.log(per_process)
    middle, interval = float(np.mean(logarithms)), None
    if len(per_process) > 1:
        half = stats.sem(logarithms) * stats.t.ppf((1 + CONFIDENCE) / 2, len(per_process) - 1)
        interval = [float(np.exp(middle - half)), float(np.exp(middle + half))]
    return {"value": float(np.exp(middle)), "interval": interval, "per_process": list(per_process)}


def alternate(
    calls: dict[Name, Call],
    *,
    seconds: float,
    pairs: Sequence[tuple[Name, Name]],
    clock: Callable[[Call], float],
    title: str,
    reference: Call | None = None,
) -> Times[Name]:
    """Time every call once a round, in rotating order, until the ratios of all `pairs` are known well or time is up.

    A turn is the reference kernel, where there is one, an untimed call and a timed one: the untimed one brings back
    what the others pushed out of the caches, and outlasts threads of another library that still spin.
    """
    names = list(calls)
    taken: dict[Name, list[float]] = {name: [] for name in names}
    steady: list[float] = []
    for _ in range(WARM_UP_ROUNDS):
        for call in (*calls.values(), *([reference] if reference else [])):
            clock(call)
    layout = "{l_bar}{bar}| {n:.0f}/{total} s at most"
    gc.collect()
    gc.disable()
    watch, start, ended = Watch(), time.monotonic(), "time limit"
    try:
        with progress_bar(total=max(1, round(seconds)), desc=title, unit="s", bar_format=layout) as bar:
            while time.monotonic() - start < seconds or len(taken[names[0]]) < LEAST_ROUNDS:
                done = len(taken[names[0]])
                first = done % len(names)
                for name in names[first:] + names[:first]:
                    if reference:
                        steady.append(clock(reference))
                    clock(calls[name])
                    taken[name].append(clock(calls[name]))
                bar.update(max(0, min(max(1, round(seconds)), time.monotonic() - start) - bar.n))
                if done + 1 >= MOST_ROUNDS:
                    ended = f"{MOST_ROUNDS} rounds"
                    break
                if done + 1 > LEAST_ROUNDS and (done + 1) % CHECK_EVERY == 0 and _times(taken).narrow(pairs):
                    ended = f"every interval within {NARROW:.0%} of its ratio"
                    break
    finally:
        gc.enable()
    return Times(_times(taken).milliseconds, ended, np.array(steady), watch.shares())


def _times(taken: dict[Name, list[float]]) -> Times[Name]:
    return Times({name: np.array(values) for name, values in taken.items()}, "")


def conditions() -> dict[str, object]:
    """What a time depends on beside hardware, versions and other work: the clock's policy and the allocator."""
    try:
        clock_policy = GOVERNOR.read_text().strip()
    except OSError:
        clock_policy = "not readable"
    # A preloaded library by its name, without the place where it lies.
    variables = {name: Path(os.environ[name]).name for name in ALLOCATOR_VARIABLES if name in os.environ}
    return {
        "clock_policy": clock_policy,
        "allocator": variables or "of the C library; freed memory is kept (mallopt), no variables set",
    }
