"""Whether other work disturbed a measurement, and by what that shows."""

import time

import numpy as np
import pytest

from study.measures import busy
from study.measures.busy import Before, Shares, Watch

IDLE = Before(load=0.1, cores=2, shares=Shares(0.5, 0.0), waited_seconds=1.0)
QUIET = Shares(0.5, 0.0)


def test_an_idle_machine_has_no_reasons():
    assert busy.reasons(IDLE, [QUIET, QUIET], [2.0, 4.0]) == []


def test_the_load_before_is_held_against_the_cores():
    for cores, reasons in ((2, ["load average 1.85 on 2 cores before the run"]), (16, [])):
        assert busy.reasons(Before(1.85, cores, QUIET, 0.0), [QUIET], [2.0]) == reasons


def test_the_worst_process_decides():
    assert busy.reasons(IDLE, [QUIET, Shares(30.0, 0.2)], [2.0, 2.0]) == [
        "other processes took 30 % of the processors during the run"
    ]
    assert busy.reasons(IDLE, [QUIET, Shares(0.0, 2.5)], [2.0, 2.0]) == [
        "2.5 % of the processors' time was stolen during the run"
    ]
    assert busy.reasons(IDLE, [QUIET, QUIET], [2.0, 211.0]) == ["times of the reference kernel spread by 211 %"]


def test_a_system_that_does_not_tell_load_and_stolen_time_is_judged_by_the_rest():
    assert busy.reasons(Before(None, 2, Shares(0.0, None), 0.0), [Shares(0.0, None)], [2.0]) == []


def test_the_spread_is_that_of_the_middle_eighty_percent():
    assert busy.spread_percent(np.linspace(1, 2, 101)) == pytest.approx((1.9 / 1.1 - 1) * 100)


def test_shares_are_of_the_time_of_all_processors_without_our_own_work(monkeypatch):
    # In ten seconds of two processors all processes computed for 12 s, 9 of them here, and 1 s was stolen.
    moments = iter([(0.0, 100.0, 50.0, 7.0), (10.0, 112.0, 59.0, 8.0)])
    monkeypatch.setattr(Watch, "_now", staticmethod(lambda: next(moments)))
    monkeypatch.setattr(busy, "_processors", lambda: {0, 1})
    monkeypatch.setattr(busy.psutil, "LINUX", True)
    assert Watch().shares() == Shares(pytest.approx(15.0), pytest.approx(5.0))


def test_a_process_that_computes_is_seen_as_its_own_work():
    before = Watch._now()
    while time.process_time() - before[2] < 0.2 and time.monotonic() - before[0] < 20:
        pass
    seconds, every, own, _ = (after - start for after, start in zip(Watch._now(), before, strict=True))
    assert own > 0.1
    assert every >= 0.8 * own
    assert seconds > 0.1


def test_the_gate_waits_no_longer_than_it_may(monkeypatch):
    monkeypatch.setattr(busy, "SAMPLE_SECONDS", 0.01)
    monkeypatch.setattr(busy, "OTHERS_PERCENT", -1.0)  # nothing is quiet enough
    found = busy.wait_until_idle(0.05)
    assert found.reasons
    assert 0.05 <= found.waited_seconds + 0.05 < 5


def test_the_gate_opens_at_once_on_an_idle_machine(monkeypatch):
    monkeypatch.setattr(busy, "SAMPLE_SECONDS", 0.01)
    for name in ("LOAD_PER_CORE", "OTHERS_PERCENT", "STOLEN_PERCENT"):
        monkeypatch.setattr(busy, name, 1e9)
    assert busy.wait_until_idle(60).waited_seconds < 1
