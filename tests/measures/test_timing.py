"""The instrument: who is timed when, what a time and a ratio are estimated to be, and why a run ends."""

import itertools
import time
from pathlib import Path

import numpy as np
import pytest

from study.measures import timing
from study.measures.timing import Repeats, Times, alternate


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
    assert times.ratio("slow", "fast") == (3.0, 3.0, 3.0)


def test_a_machine_that_drifts_leaves_the_ratio_as_it_is():
    drift = np.linspace(1, 2, 41)
    times = Times({"slow": 3 * drift, "fast": drift}, "")
    assert times.ratio("slow", "fast") == pytest.approx((3, 3, 3))


def test_a_ratio_that_jumps_about_is_not_narrow():
    times = Times({"slow": np.array([1.0, 5.0] * 10), "fast": np.ones(20)}, "")
    assert not times.narrow([("slow", "fast")])


def test_the_processors_clock_counts_milliseconds():
    assert 20 <= timing.on_processor(lambda: time.sleep(0.02)) < 500


def test_a_reference_kernel_is_timed_before_every_turn():
    clock = FakeClock()
    times = alternate(
        {name: call(name, [1.0]) for name in "ab"},
        seconds=0,
        pairs=[],
        clock=clock,
        title="",
        reference=call("r", [2.0]),
    )
    assert "".join(clock.order).startswith("abr" + "raarbb" + "rbbraa")
    assert times.reference.tolist() == [2.0] * 2 * timing.LEAST_ROUNDS


def test_rounds_end_where_more_would_tell_nothing(monkeypatch):
    monkeypatch.setattr(timing, "MOST_ROUNDS", 8)
    calls = {"slow": call("slow", [1.0, 5.0]), "fast": call("fast", [1.0])}
    times = alternate(calls, seconds=60, pairs=[("slow", "fast")], clock=FakeClock(), title="")
    assert (times.rounds, times.ended) == (8, "8 rounds")


def process(slow, fast) -> Times:
    return Times({"slow": np.array(slow, dtype=float), "fast": np.array(fast, dtype=float)}, "")


def test_a_ratio_is_the_geometric_mean_over_processes_with_students_interval():
    # Ratios 2, 4 and 8 have logarithms 1, 2 and 3 in base 2: mean 2, standard error 1 / sqrt(3), t(2) = 4.3027.
    repeats = Repeats([process([2, 2], [1, 1]), process([4, 4], [1, 1]), process([8, 8], [1, 1])])
    half = 4.302653 / 3**0.5
    found = repeats.ratio("slow", "fast")["median"]
    assert found["value"] == pytest.approx(4)
    assert found["interval"] == pytest.approx([2 ** (2 - half), 2 ** (2 + half)], rel=1e-5)
    assert found["per_process"] == [2, 4, 8]


def test_one_process_has_no_interval():
    assert Repeats([process([2, 3], [1, 1])]).ratio("slow", "fast")["median"]["interval"] is None


def test_the_ratio_of_two_times_is_that_of_their_estimates():
    repeats = Repeats([process([2, 3, 9], [1, 1, 2]), process([4, 4, 5], [2, 1, 7])])
    for word in timing.QUANTILES:
        slow, fast = (repeats.milliseconds(name)[word]["value"] for name in ("slow", "fast"))
        assert repeats.ratio("slow", "fast")[word]["value"] == pytest.approx(slow / fast)


def test_a_call_that_one_process_could_not_make_is_left_out():
    assert Repeats([process([1], [1]), Times({"slow": np.ones(1)}, "")]).names == ["slow"]


def simulated(processes: int, rounds: int, between: float, share: float) -> dict[str, np.ndarray]:
    """Ratios (studies, processes), by estimator, of a network three times as fast as another: a round's noise of 2 %, a
    ratio that differs from process to process, and other work that adds half of a call's time, on average, to a share
    of the calls of the slow one, and to fewer of the fast one's."""
    random = np.random.default_rng(0)
    size = (2000, processes, rounds)

    def taken(true: float | np.ndarray, hit: float) -> np.ndarray:
        noise = np.exp(np.abs(random.normal(0, 0.02, size)))
        return true * noise * (1 + (random.random(size) < hit) * random.exponential(0.5, size))

    slow = taken(3 * np.exp(random.normal(0, between, (*size[:2], 1))), share)
    fast = taken(1.0, 0.6 * share)
    return {word: np.quantile(slow, q, axis=2) / np.quantile(fast, q, axis=2) for word, q in timing.QUANTILES.items()}


@pytest.mark.parametrize(("share", "most"), [(0.0, 0.002), (0.3, 0.005), (0.5, 0.01)])
def test_other_work_leaves_the_low_quantile_where_it_is(share, most):
    found = simulated(processes=5, rounds=10, between=0.01, share=share)
    assert abs(np.log(found["low"] / 3).mean()) < most


def test_other_work_moves_the_median():
    assert np.log(simulated(processes=5, rounds=10, between=0.01, share=0.5)["median"] / 3).mean() > 0.04


@pytest.mark.parametrize("between", [0.0, 0.01, 0.03])
@pytest.mark.parametrize("processes", [3, 5])
def test_intervals_over_processes_cover_at_their_level(processes, between):
    ratios = simulated(processes, rounds=6, between=between, share=0.0)["low"]
    intervals = np.array([timing.estimate(list(study))["interval"] for study in ratios])
    assert 0.93 <= np.mean((intervals[:, 0] <= 3) & (intervals[:, 1] >= 3)) <= 0.97


def test_the_conditions_name_clock_and_allocator(monkeypatch):
    monkeypatch.setenv("MALLOC_ARENA_MAX", "2")
    monkeypatch.setattr(timing, "GOVERNOR", Path("no/such/file"))
    found = timing.conditions()
    assert found["clock_policy"] == "not readable"
    assert found["allocator"]["MALLOC_ARENA_MAX"] == "2"
