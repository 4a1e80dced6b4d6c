"""Networks and implementations in turns: what is compared with what, and what is said of what cannot run."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from study.measures.busy import Before, Shares
from study.models.build import Shape, build
from study.speed import comparison, wavelets
from study.speed.comparison import Machine, Taken
from study.speed.implementations import ON_PROCESSOR, NotHere, Subject

STANDARD, HALF, OURS = ("vgg16", "full"), ("vgg16", "half"), ("vgg16", "wae_cnn")


def unavailable(_: Subject):
    raise NotHere("no such engine")


@pytest.fixture(scope="module")
def subjects() -> dict:
    torch.manual_seed(0)
    shape = Shape(64, 7, 1 / 8)
    sides = {STANDARD: 64, HALF: 32, OURS: 64}
    return {row: Subject(build(*row, shape), (torch.rand(1, 3, side, side),)) for row, side in sides.items()}


@pytest.fixture(scope="module")
def machine() -> Machine:
    names = ("eager", "channels_last", "bf16")
    known = {name: ON_PROCESSOR[name] for name in names}
    known["openvino"] = replace(ON_PROCESSOR["openvino"], prepare=unavailable)
    return Machine(torch.device("cpu"), {"fp32"}, known)


IDLE = Before(load=0.0, cores=2, shares=Shares(0.0, 0.0), waited_seconds=0.0)


@pytest.fixture(scope="module")
def taken(machine, subjects) -> list:
    """What two processes would find."""
    return [
        comparison.take(machine, subjects.__getitem__, list(subjects), (STANDARD, OURS), seconds=0, title="")
        for _ in range(2)
    ]


@pytest.fixture(scope="module")
def compared(taken) -> dict:
    return comparison.compared(taken, (STANDARD, OURS), IDLE)


def test_every_network_is_timed_as_written_and_some_in_every_implementation(compared):
    cells = {(cell["method"], cell["implementation"]) for cell in compared["cells"]}
    assert cells == {
        ("full", "eager"),
        ("full", "channels_last"),
        ("half", "eager"),
        ("wae_cnn", "eager"),
        ("wae_cnn", "channels_last"),
    }


def test_what_does_not_run_says_why(compared):
    reasons = {(cell["method"], cell["implementation"]): cell["reason"] for cell in compared["not_run"]}
    assert reasons["wae_cnn", "openvino"] == "no such engine"
    assert reasons["wae_cnn", "bf16"] == "this hardware does not compute bf16"


def value(found: dict) -> float:
    return found["low"]["value"]


def test_ratios_are_to_the_standard_network_in_the_same_and_in_the_best_implementation(compared):
    same = {(cell["method"], cell["implementation"]): value(cell["ratio"]) for cell in compared["same_implementation"]}
    times = {(cell["method"], cell["implementation"]): value(cell["milliseconds"]) for cell in compared["cells"]}
    assert set(same) == {("half", "eager"), ("wae_cnn", "eager"), ("wae_cnn", "channels_last")}
    assert same["wae_cnn", "eager"] == pytest.approx(times["full", "eager"] / times["wae_cnn", "eager"])
    (best,) = compared["own_best"]
    fastest = {row: min(times[row, name] for name in ("eager", "channels_last")) for row in ("full", "wae_cnn")}
    assert best["method"] == "wae_cnn"
    assert value(best["ratio"]) == pytest.approx(fastest["full"] / fastest["wae_cnn"])


def test_both_estimators_stand_beside_each_other_with_intervals_over_processes(compared):
    (cell,) = [cell for cell in compared["cells"] if (cell["method"], cell["implementation"]) == ("half", "eager")]
    for estimate in cell["milliseconds"].values():
        low, high = estimate["interval"]
        assert low < estimate["value"] < high
        assert len(estimate["per_process"]) == 2
    assert value(cell["milliseconds"]) <= cell["milliseconds"]["median"]["value"]
    assert compared["processes"] == 2


def test_a_machine_that_was_busy_says_so_with_the_reason(taken):
    found = comparison.compared(taken, (), Before(load=9.0, cores=2, shares=Shares(0.0, 0.0), waited_seconds=0.0))
    assert found["machine_was_busy"]
    assert "load average 9.00 on 2 cores before the run" in found["reasons"]
    assert len(found["reference_spread_percent"]) == len(found["others_percent"]) == 2


def test_the_verdict_follows_from_the_reference_kernel_and_the_processors_time(taken):
    def quiet(one, spread: float) -> Taken:
        reference = np.linspace(1, 1 + spread, 101)
        return replace(one, times=replace(one.times, shares=Shares(0.0, 0.0), reference=reference))

    steady = comparison.compared([quiet(one, 0.02) for one in taken], (), IDLE)
    assert (steady["machine_was_busy"], steady["reasons"]) == (False, [])
    shaken = comparison.compared([quiet(taken[0], 0.02), quiet(taken[1], 1.0)], (), IDLE)
    assert shaken["reasons"] == ["times of the reference kernel spread by 73 %"]


def test_what_one_process_could_not_run_is_not_run(taken):
    lacking = ("vgg16", "half"), "eager"
    times = {key: values for key, values in taken[1].times.milliseconds.items() if key != lacking}
    second = replace(taken[1], times=replace(taken[1].times, milliseconds=times), not_run={lacking: "no memory"})
    found = comparison.compared([taken[0], second], (), IDLE)
    assert not [cell for cell in found["cells"] if cell["method"] == "half"]
    assert {"backbone": "vgg16", "method": "half", "implementation": "eager", "reason": "no memory"} in found["not_run"]


def test_the_fastest_implementation_is_one_that_all_rows_run_in():
    def cell(row, name, milliseconds):
        times = {"low": {"value": milliseconds}}
        return {"backbone": row[0], "method": row[1], "implementation": name, "milliseconds": times}

    cells = [
        cell(STANDARD, "eager", 9),
        cell(STANDARD, "bf16", 5),
        cell(OURS, "eager", 3),
        cell(OURS, "bf16", 2),
        cell(OURS, "openvino_mixed", 1),
    ]
    assert comparison.fastest({"cells": cells}, (STANDARD, OURS)) == {
        STANDARD: ["eager", "bf16"],
        OURS: ["eager", "bf16"],
    }


def test_the_split_has_every_part_and_the_machines_ceilings(machine, subjects, monkeypatch):
    monkeypatch.setattr(comparison, "CEILING_SIDE", 64)
    monkeypatch.setattr(comparison, "COPY_BYTES", 4096)
    names = {STANDARD: ["eager"], OURS: ["eager", "channels_last"]}
    taken = comparison.take_parts(machine, subjects.__getitem__, names, seconds=0, title="")
    found = comparison.split([taken, taken], IDLE)
    assert [(network["method"], network["implementation"]) for network in found["networks"]] == [
        ("full", "eager"),
        ("wae_cnn", "eager"),
        ("wae_cnn", "channels_last"),
    ]
    assert set(found["networks"][0]["parts"]) == {"low stream", "heads"}
    assert set(found["networks"][2]["parts"]) == {"encoder", "low stream", "high stream", "heads"}
    assert set(found["product_multiply_adds_per_second"]) == {"eager", "channels_last"}
    assert found["copy_bytes_per_second"] > 0


def test_our_wavelet_is_timed_against_libraries_with_the_same_output():
    found = wavelets.compared([wavelets.take(torch.device("cpu"), 32, 1, seconds=0)], IDLE)
    assert set(found["ratios"]) == {"this study, as a convolution", "PyWavelets", "ptwt"}
    assert max(found["differences"].values()) < wavelets.TOLERANCE
