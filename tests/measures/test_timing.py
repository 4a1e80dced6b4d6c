"""The instrument: who is timed when, what a ratio is, and why a run ends."""

import itertools
import time
from pathlib import Path

import numpy as np
import pytest

from study.measures import timing
from study.measures.timing import Times, alternate


class FakeClock:
    """Takes what each call returns for its time, and notes the order of the calls."""

    def __init__(self) -> None:
        self.order: list[str] = []

    def __call__(self, call) -> float:
        name, milliseconds = call()
        self.order.append(name)
        return milliseconds


def call(name: str, times):
    values = itertools.cycle(times)
    return lambda: (name, next(values))


def test_every_timed_call_follows_an_untimed_one_and_the_first_place_rotates():
    clock = FakeClock()
    calls = {name: call(name, [1.0]) for name in "abc"}
    times = alternate(calls, seconds=0, pairs=[], clock=clock, title="")
    assert times.rounds == timing.LEAST_ROUNDS
    turns = "".join(clock.order[len(calls) * timing.WARM_UP_ROUNDS :])
    assert turns == ("aabbcc" + "bbccaa" + "ccaabb") * (timing.LEAST_ROUNDS // len(calls))


def test_a_run_without_time_left_says_so_and_has_the_least_number_of_rounds():
    times = alternate({"a": call("a", [1.0])}, seconds=0, pairs=[], clock=FakeClock(), title="")
    assert (times.rounds, times.ended) == (timing.LEAST_ROUNDS, "time limit")


def test_a_run_ends_when_its_ratios_are_known_well():
    calls = {"slow": call("slow", [3.0]), "fast": call("fast", [1.0])}
    times = alternate(calls, seconds=60, pairs=[("slow", "fast")], clock=FakeClock(), title="")
    assert times.rounds == 2 * timing.CHECK_EVERY  # the first look behind the least number of rounds
    assert times.ended == "every interval within 2% of its ratio"
    assert times.ratio("slow", "fast") == {"ratio": 3.0, "interval": [3.0, 3.0]}


def test_a_machine_that_drifts_leaves_the_ratio_as_it_is():
    drift = np.linspace(1, 2, 41)
    times = Times({"slow": 3 * drift, "fast": drift}, "")
    assert times.ratio("slow", "fast")["interval"] == pytest.approx([3, 3])
    assert times.spread("fast") == pytest.approx({"median": 1.5, "lower_quartile": 1.25, "upper_quartile": 1.75})


def test_a_ratio_that_jumps_about_is_not_narrow():
    times = Times({"slow": np.array([1.0, 5.0] * 10), "fast": np.ones(20)}, "")
    assert not times.narrow([("slow", "fast")])


def test_the_processors_clock_counts_milliseconds():
    assert 20 <= timing.on_processor(lambda: time.sleep(0.02)) < 500


def test_the_conditions_name_clock_allocator_and_load(monkeypatch):
    monkeypatch.setenv("MALLOC_ARENA_MAX", "2")
    monkeypatch.setattr(timing, "GOVERNOR", Path("no/such/file"))
    found = timing.conditions()
    assert found["clock_policy"] == "not readable"
    assert found["allocator"]["MALLOC_ARENA_MAX"] == "2"
    assert found["load_before"] >= 0
