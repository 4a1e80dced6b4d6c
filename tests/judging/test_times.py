"""Measured times of several machines: what stands beside the paper's, and on which machine a claim holds."""

from pathlib import Path

import pytest

from study.judging import claims, measured, tables
from study.judging.machines import FAILS, HOLDS, OnMachines, stored
from study.paper import tables as paper
from study.settings import paths

TABLE_1 = next(table for table in paper.tables() if table.number == 1)
OURS = ("", "vgg16", "wae_cnn")


def estimates(value: float, low: float, high: float) -> dict:
    found = {"value": value, "interval": [low, high], "per_process": [low, high]}
    return {"low": found, "median": {**found, "value": 2 * value}}


def run(batch: int, threads: int, milliseconds: float, *, device: str = "cpu", reasons: tuple[str, ...] = ()) -> dict:
    """Two networks in two implementations; ours takes so many ms and is 300 / ms times as fast as the full one."""
    named = {"backbone": "vgg16"}
    times = estimates(milliseconds, milliseconds - 1, milliseconds + 1)
    speedup = 300 / milliseconds
    return {
        "device": device,
        "batch": batch,
        "threads": threads,
        "processes": 5,
        "machine_was_busy": bool(reasons),
        "reasons": list(reasons),
        "cells": [
            {**named, "method": method, "implementation": name, "milliseconds": times}
            for method in ("full", "wae_cnn")
            for name in ("openvino", "eager")
        ],
        "same_implementation": [
            {
                **named,
                "method": "wae_cnn",
                "implementation": name,
                "ratio": estimates(factor * speedup, factor * speedup - 0.1, factor * speedup + 0.1),
            }
            for name, factor in (("openvino", 10), ("eager", 1))
        ],
    }


def write(folder: Path, machine: str, processor: str, *runs: dict) -> None:
    found = {
        "gpu_name": "a GPU",
        "estimator": "low",
        "runs": runs,
        "provenance": {"hardware": {"processor": processor}},
    }
    paths.write_json(folder / "timing" / f"{machine}.json", found)


@pytest.fixture
def folder(tmp_path) -> Path:
    """A machine with two numbers of threads, and a second one, first by name, that was busy."""
    write(tmp_path, "b-2", "a processor", run(8, 1, 800.0), run(1, 2, 60.0), run(1, 1, 100.0))
    write(tmp_path, "a-1", "another", run(1, 1, 75.0, reasons=("load average 9 on 2 cores before the run",)))
    return tmp_path


def test_every_machine_thread_count_and_batch_is_a_condition(folder):
    found = measured.times(folder)
    times = {key[4]: value.value for key, value in found.items() if key[:4] == (*OURS, "cpu_ms") and key[4]}
    assert times == {
        "a-1, 1 thread, batch 1": 75.0,
        "b-2, 1 thread, batch 8": 800.0,
        "b-2, 2 threads, batch 1": 60.0,
        "b-2, 1 thread, batch 1": 100.0,
    }


def test_beside_the_papers_stands_one_image_on_one_thread_of_a_machine_that_was_not_busy(folder):
    found = measured.times(folder)
    line = {line.cell: line for line in tables.compared(TABLE_1, found).cells}
    assert line["table_1/Ours/cpu_ms"].measured == 100.0
    assert line["table_1/Ours/cpu_speedup"].measured == 3.0
    assert found["", "vgg16", "full", "cpu_speedup", ""].value == 1
    assert line["table_1/Ours/gpu_ms"].verdict == "missing"
    assert found[*OURS, "cpu_ms", ""].basis == "a processor, 1 thread, batch 1"


def test_a_time_has_the_interval_of_ratios_and_no_quartiles(folder):
    found = measured.times(folder)
    assert found[*OURS, "cpu_ms", ""].intervals == {"repeats": (99.0, 101.0)}
    assert found[*OURS, "cpu_speedup", ""].intervals == {"repeats": (pytest.approx(2.9), pytest.approx(3.1))}


def test_a_busy_machine_says_so_in_the_basis(folder):
    busy = measured.times(folder)[*OURS, "cpu_ms", "a-1, 1 thread, batch 1"]
    assert busy.basis == "another, 1 thread, batch 1, machine was busy: load average 9 on 2 cores before the run"
    assert busy.at.busy


def test_a_busy_machine_stands_beside_the_paper_where_there_is_no_other(tmp_path):
    write(tmp_path, "a-1", "another", run(1, 1, 75.0, reasons=("load average 9 on 2 cores before the run",)))
    assert "machine was busy" in measured.times(tmp_path)[*OURS, "cpu_ms", ""].basis


def test_two_threads_alone_do_not_stand_beside_the_paper(tmp_path):
    write(tmp_path, "a-1", "a processor", run(1, 2, 75.0))
    assert (*OURS, "cpu_ms", "") not in measured.times(tmp_path)


def test_times_of_a_gpu_are_quantities_of_their_own(folder):
    write(folder, "c-3", "a third", run(1, 1, 5.0, device="cuda"))
    found = measured.times(folder)
    assert found[*OURS, "gpu_ms", ""].basis == "a GPU, batch 1"
    assert found[*OURS, "cpu_ms", ""].value == 100.0


def test_one_process_is_named(folder):
    one = {**run(1, 1, 50.0), "processes": 1}
    write(folder, "c-3", "a third", one)
    assert measured.times(folder)[*OURS, "cpu_ms", "c-3, 1 thread, batch 1"].basis == (
        "a third, 1 thread, batch 1, one process"
    )


def test_under_a_condition_the_times_are_those_of_its_machine(folder):
    found = measured.times(folder)
    places = {at.condition: at for at in measured.places(found)}
    assert list(places) == [
        "a-1, 1 thread, batch 1",
        "b-2, 1 thread, batch 1",
        "b-2, 2 threads, batch 1",
        "b-2, 1 thread, batch 8",
    ]
    for condition, speedup in (("a-1, 1 thread, batch 1", 4.0), ("b-2, 2 threads, batch 1", 5.0)):
        assert measured.under(found, places[condition])[*OURS, "cpu_speedup", ""].value == speedup


def test_under_a_condition_of_the_processor_times_of_the_gpu_stay(folder):
    write(folder, "c-3", "a third", run(1, 1, 5.0, device="cuda"))
    found = measured.times(folder)
    busy = next(at for at in measured.places(found) if at.machine == "a-1")
    here = measured.under(found, busy)
    assert (here[*OURS, "cpu_ms", ""].value, here[*OURS, "gpu_ms", ""].value) == (75.0, 5.0)


def test_under_a_condition_other_numbers_stay(folder):
    error = measured.Measured(10.0, "accuracy", "desk")
    found = {**measured.times(folder), ("objects", "vgg16", "wae_cnn", "top1_error_percent", ""): error}
    here = measured.under(found, measured.places(found)[0])
    assert here["objects", "vgg16", "wae_cnn", "top1_error_percent", ""] is error


def test_a_claim_can_hold_on_one_machine_and_not_on_another():
    judged = OnMachines({"A": HOLDS, "B": FAILS, "C": "interval includes the claim's bound"})
    assert judged.depends
    assert judged.where(HOLDS) == ("A",)
    assert judged.undecided == ("C",)
    assert judged.said == "holds on A; does not hold on B; interval includes the claim's bound on C"


def test_a_claim_that_holds_everywhere_does_not_depend_on_the_machine():
    assert not OnMachines({"A": HOLDS, "B": HOLDS}).depends
    assert OnMachines({}).said == "not measured on any machine"


def test_the_stored_times_are_read():
    found = measured.times(Path("results/desk"))
    (machine,) = stored(Path("results/desk/timing"))
    assert found["", "resnet50", "wae_cnn", "cpu_speedup", f"{machine}, 1 thread, batch 1"].value == pytest.approx(
        1.8305, abs=1e-4
    )
    assert found["", "resnet50", "wae_cnn", "cpu_speedup", f"{machine}, 2 threads, batch 1"].value == pytest.approx(
        1.2304, abs=1e-4
    )


def test_quartiles_and_values_of_single_processes_decide_nothing(tmp_path):
    def outcomes(quantiles: list[float], per_process: list[float]) -> list[str]:
        once = run(1, 1, 100.0)
        for cell in once["same_implementation"]:
            for one in cell["ratio"].values():
                one["per_process"] = per_process
        write(tmp_path, "a-1", "a processor", once | {"quantiles": quantiles})
        found = claims.claims(claims.read(), paper.tables(), measured.times(tmp_path), {}, "desk")
        return [one.in_this_experiment for one in found.claims]

    apart, together = outcomes([0.25, 0.5, 0.75], [0.1, 90.0]), outcomes([3.0, 3.0, 3.0], [3.0, 3.0])
    assert apart == together
    assert "holds" in together


def test_a_time_of_a_busy_machine_decides_no_claim(tmp_path):
    write(tmp_path, "a-1", "a processor", run(1, 1, 50.0, reasons=("load average 9 on 2 cores before the run",)))
    found = claims.claims(claims.read(), paper.tables(), measured.times(tmp_path), {}, "desk").claims
    assert {one.in_this_experiment for one in found} == {"cannot tell"}
    (one,) = [one for one in found if one.id == "cpu-speedup-close-to-bound"]
    assert one.here[""].numbers[0].endswith("; machine was busy")
