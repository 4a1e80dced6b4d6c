"""Measured times as tables, on measurements made in the test."""

import pytest

from study.rendering import markdown, terminal
from study.rendering import timing as tables

ROWS = ("full", "wae_cnn")
KNOWN = {"eager": "fp32", "openvino_bf16": "bf16", "openvino_mixed": "bf16"}


def estimates(value: float, low: float = 0.9, high: float = 1.1) -> dict:
    """A number with an interval, by estimator: the median is a tenth above the low quantile."""
    return {
        word: {"value": factor * value, "interval": [factor * low * value, factor * high * value], "per_process": []}
        for word, factor in (("low", 1.0), ("median", 1.1))
    }


def named(method: str, implementation: str, **more) -> dict:
    return {"backbone": "vgg16", "method": method, "implementation": implementation, **more}


def how(reasons: tuple[str, ...] = ()) -> dict:
    return {
        "processes": 3,
        "rounds": [6, 7, 6],
        "ended": ["time limit", "time limit", "time limit"],
        "machine_was_busy": bool(reasons),
        "reasons": list(reasons),
    }


def run(device: str, threads: int, scale: float = 1.0, reasons: tuple[str, ...] = ()) -> dict:
    """Ours is three times as fast as written and four times in its best implementation."""
    times = {("full", "eager"): 300.0, ("wae_cnn", "eager"): 100.0}
    times |= {("full", "openvino_bf16"): 80.0, ("wae_cnn", "openvino_bf16"): 20.0, ("wae_cnn", "openvino_mixed"): 25.0}
    three, four = estimates(3, 2.5 / 3, 1.5), estimates(4, 2.5 / 4, 4.5 / 4)
    parts = {
        "full": {"low stream": estimates(280), "heads": estimates(20)},
        "wae_cnn": {"encoder": estimates(2), "heads": estimates(18)},
    }
    return {
        "device": device,
        "batch": 1,
        "threads": threads,
        **how(reasons),
        "cells": [
            named(
                *key,
                milliseconds=estimates(scale * value),
                difference=0.01,
                working_mib=512.0 if device == "cuda" else None,
            )
            for key, value in times.items()
        ],
        "not_run": [named("full", "openvino_mixed", reason="no encoder whose precision could be another")],
        "same_implementation": [
            named("wae_cnn", "eager", ratio=three),
            named("wae_cnn", "openvino_bf16", ratio=four),
        ],
        "own_best": [named("wae_cnn", "openvino_bf16", standard_implementation="openvino_bf16", ratio=four)],
        "split": {
            **how(),
            "copy_bytes_per_second": 10e9,
            "not_run": [],
            "product_multiply_adds_per_second": {"eager": 40e9, "openvino_bf16": 200e9, "openvino_mixed": 190e9},
            "networks": [
                named("full", "eager", milliseconds=estimates(300), parts=parts["full"]),
                named("wae_cnn", "openvino_bf16", milliseconds=estimates(20), parts=parts["wae_cnn"]),
            ],
        },
    }


def measurement() -> dict:
    """What one machine found."""
    implementations = {
        name: {"title": f"{name}, {precision}", "precision": precision} for name, precision in KNOWN.items()
    }
    return {
        "side": 224,
        "classes": 1000,
        "gpu_name": None,
        "estimator": "low",
        "quantiles": {"low": 0.1, "median": 0.5},
        "conditions": {"clock_policy": "performance", "allocator": "default", "load_before": 0.1, "openvino": None},
        "implementations": {"cpu": implementations, "cuda": implementations},
        "runs": [run("cpu", 1), run("cpu", 2, 0.5)],
        "work": {
            "vgg16/full": {
                "low stream": {"multiply_adds": 10e9, "parameters": 10e6},
                "heads": {"multiply_adds": 1e9, "parameters": 100e6},
            },
            "vgg16/wae_cnn": {
                "encoder": {"multiply_adds": 1e9, "parameters": 1e3},
                "heads": {"multiply_adds": 0.1e9, "parameters": 50e6},
            },
        },
        "bound_of_the_text": 3.7647,
        "wavelets": [
            {
                "device": "cpu",
                "threads": 1,
                "batch": 32,
                **how(),
                "milliseconds": {"by lifting": estimates(8), "PyWavelets": estimates(32)},
                "ratios": {"PyWavelets": estimates(4)},
                "differences": {"PyWavelets": 1e-6},
                "not_run": {"ptwt": "not installed"},
            }
        ],
        "provenance": {
            "hardware": {"processor": "a processor", "cores": 2, "architecture": "x86_64", "torch": "2", "python": "3"},
            "finished": "today",
        },
    }


@pytest.fixture
def timing() -> dict:
    """Two machines: on the second, which was busy, everything takes twice as long and ours is as much faster."""
    second = measurement()
    second["runs"] = [run("cpu", 1, 2.0, ("load average 3.00 on 2 cores before the run",))]
    return {"amd-epyc-1a2b3c": measurement(), "intel-xeon-4d5e6f": second}


def line(text: str, *starts: str) -> list[str]:
    """The cells of the first row that starts so, in the first table that has one."""
    return next([cell.strip() for cell in row.split("|")[1:-1]] for row in text.splitlines() if row.startswith(starts))


def lines(text: str, start: str) -> list[list[str]]:
    """The cells of every row that starts so."""
    return [[cell.strip() for cell in row.split("|")[1:-1]] for row in text.splitlines() if row.startswith(start)]


AMD, XEON = "amd-epyc-1a2b3c", "intel-xeon-4d5e6f"


def test_every_machine_and_number_of_threads_is_a_row(timing):
    text = markdown.page(tables.page(timing))
    assert line(text, "| network ")[1:6] == ["machine", "device", "threads", "batch", "ms"]
    assert [row[1:6] for row in lines(text, "| WAE+CNN | ")] == [
        [AMD, "CPU", "1", "1", "100.0 (90.0 to 110.0)"],
        [AMD, "CPU", "2", "1", "50.0 (45.0 to 55.0)"],
        [XEON, "CPU", "1", "1", "200.0 (180.0 to 220.0)"],
    ]
    assert "GPU: not measured." in text


def test_the_median_stands_beside_the_estimator(timing):
    row = lines(markdown.page(tables.page(timing)), "| WAE+CNN | ")[0]
    assert row[6:9] == ["3.00 (2.50 to 4.50)", "110.0 (99.0 to 121.0)", "3.30 (2.75 to 4.95)"]


def test_a_machine_that_was_busy_says_so_wherever_its_times_stand(timing):
    text = markdown.page(tables.page(timing))
    assert [row[-1] for row in lines(text, "| WAE+CNN | ")] == ["no", "no", "yes"]
    assert (
        f"{XEON}, CPU, 1 thread, batch 1: 3 processes of 6 to 7 rounds; ended: time limit; machine was busy: load"
        in text
    )
    conditions = dict(sentence.split(": ", 1) for sentence in tables.conditions(timing)[1:])
    assert conditions[AMD].endswith("The machine was not busy.")
    assert conditions[XEON].endswith("The machine was busy: load average 3.00 on 2 cores before the run.")


def test_how_times_are_estimated_is_said(timing):
    assert "Times are 10 % quantiles of 3 processes, intervals over processes." in tables.conditions(timing)[1]


def test_times_of_one_process_say_that_their_intervals_leave_others_out(timing):
    only = timing[AMD]
    only["estimator"], only["quantiles"] = "median", {"median": 0.5}
    for each in only["runs"]:
        each["processes"], each["rounds"], each["ended"] = 1, [27], ["time limit"]
        for cell in each["cells"]:
            cell["milliseconds"] = {"median": {"value": 206.7, "interval": None, "per_process": [206.7]}}
    text = markdown.page(tables.page({AMD: only}))
    assert "medians of one process; intervals of ratios are over its rounds and leave out other processes" in text
    assert line(text, "| VGG16 | ")[5] == "206.7"


def test_a_missing_engine_is_named(timing):
    assert "OpenVINO not installed" in tables.conditions(timing)[1]


def test_a_gpu_has_rows_and_peak_memory(timing):
    timing[AMD]["gpu_name"] = "a GPU"
    timing[AMD]["runs"].append(run("cuda", 1, 0.01))
    text = markdown.page(tables.page(timing))
    assert [AMD, "GPU", "–", "1", "1.00 (0.90 to 1.10)"] in [row[1:6] for row in lines(text, "| WAE+CNN | ")]
    assert "Peak memory beside weights and inputs, MiB: VGG16 eager 512, WAE+CNN eager 512" in text
    assert "GPU: not measured." not in text


def test_an_implementation_that_does_not_run_says_why_and_a_slower_one_stays(timing):
    text = markdown.page(tables.page(timing))
    assert line(text, "| openvino_mixed, bf16 ")[1] == "not run [1]"
    assert "[1] no encoder whose precision could be another." in text
    assert line(text, "| openvino_mixed, bf16 ")[2] == "25.0 (22.5 to 27.5)"


def test_both_kinds_of_ratio_stand_side_by_side(timing):
    text = markdown.page(tables.page(timing))
    sections = [part for part in text.split("## ") if part.startswith("Speed-up in the same and in the best")]
    assert len(sections) == 3  # two numbers of threads of one machine, one of the other
    assert line(sections[0], "| WAE+CNN over VGG16 ")[1:4] == [
        "3.00 (2.50 to 4.50)",
        "4.00 (2.50 to 4.50)",
        "4.00 (2.50 to 4.50)",
    ]


def test_parts_are_held_against_the_ceilings_of_their_precision(timing):
    text = markdown.page(tables.page(timing))
    # 10e9 multiply-adds at 40e9 a second; 4 bytes x 10e6 weights at 10e9 bytes a second.
    assert line(text, "| - low stream ")[4:] == ["250.0", "4.00", "1.12 times", "arithmetic"]
    assert line(text, "| - heads ")[4:] == ["25.0", "40.0", "0.50 times", "bytes of weights"]
    # bf16: two bytes a weight, and the faster of two large products. Floors of the parts: 5 and 10 ms.
    assert line(text, "| WAE+CNN, openvino_bf16")[2:] == [
        "100.00",
        "20.0 (18.0 to 22.0)",
        "5.50",
        "10.0",
        "1.33 times",
        "bytes of weights",
    ]


def test_the_bounds_of_the_speed_up_are_counted_and_measured(timing):
    timing[AMD]["runs"][0]["split"]["networks"][1]["implementation"] = "eager"
    text = markdown.page(tables.page(timing))
    assert "10.00 by multiply-adds with the encoder, 3.76 in the paper's text, 2.20 by bytes of weights." in text
    # As written, in fp32: (250 + 40) / (25 + 20).
    assert "each part at its own bound: 6.44 in eager." in text


def test_every_row_has_as_many_cells_as_its_head(timing):
    for block in markdown.page(tables.page(timing)).split("\n\n"):
        rows = [row for row in block.splitlines() if row.startswith("|")]
        assert len({row.count("|") for row in rows}) <= 1


def test_the_terminal_shows_the_same_tables_in_columns(timing):
    text = terminal.page(tables.page(timing))
    assert "|" not in text
    assert all(shown.title in text for shown in tables.tables(timing))
    assert max(len(row) for row in text.splitlines()) < 170


def test_a_wavelet_library_that_is_not_there_says_so(timing):
    assert line(markdown.page(tables.page(timing)), "| ptwt, CPU, 1 thread ")[3] == "not installed"


def test_without_a_measurement_that_is_what_is_said():
    assert markdown.page(tables.page({})) == "# Times of the full-size networks\n\nNot measured.\n"
