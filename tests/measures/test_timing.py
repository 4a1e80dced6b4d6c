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


def hit(times: np.ndarray, share: float, random: np.random.Generator) -> np.ndarray:
    """Other work adds half of its time, on average, to a share of the calls."""
    return times * (1 + (random.random(times.shape) < share) * random.exponential(0.5, times.shape))


def simulated(random: np.random.Generator, *, processes: int, rounds: int, between: float, share: float) -> Repeats:
    """A network three times as fast as another: noise of 2 % in a round, other work that hits the slow one more often,
    and a ratio that differs from process to process."""
    found = []
    for shift in np.exp(random.normal(0, between, processes)):
        slow, fast = np.exp(np.abs(random.normal(0, 0.02, (2, rounds))))
        found.append(process(hit(3 * shift * slow, share, random), hit(fast, 0.6 * share, random)))
    return Repeats(found)


def test_other_work_moves_the_median_and_leaves_the_low_quantile_where_it_is():
    random = np.random.default_rng(0)
    for share, most in ((0.0, 0.005), (0.3, 0.005), (0.5, 0.01)):
        studies = [
            simulated(random, processes=5, rounds=10, between=0.01, share=share).ratio("slow", "fast")
            for _ in range(200)
        ]
        bias = {word: np.mean([np.log(found[word]["value"] / 3) for found in studies]) for word in timing.QUANTILES}
        assert abs(bias["low"]) < most
    assert bias["median"] > 0.04  # half of the calls hit


@pytest.mark.parametrize("between", [0.0, 0.03])
@pytest.mark.parametrize("processes", [3, 5])
def test_intervals_over_processes_cover_at_their_level(processes, between):
    random = np.random.default_rng(1)
    covered = []
    for _ in range(500):
        found = simulated(random, processes=processes, rounds=6, between=between, share=0.0).ratio("slow", "fast")
        low, high = found["low"]["interval"]
        covered.append(low <= 3 <= high)
    assert 0.93 <= np.mean(covered) <= 0.97


def test_the_conditions_name_clock_and_allocator(monkeypatch):
    monkeypatch.setenv("MALLOC_ARENA_MAX", "2")
    monkeypatch.setattr(timing, "GOVERNOR", Path("no/such/file"))
    found = timing.conditions()
    assert found["clock_policy"] == "not readable"
    assert found["allocator"]["MALLOC_ARENA_MAX"] == "2"
