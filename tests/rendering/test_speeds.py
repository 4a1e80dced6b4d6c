"""Measured times as tables, on measurements made in the test."""

import pytest

from study.rendering import speeds

ROWS = ("full", "wae_cnn")
KNOWN = {"eager": "fp32", "openvino_bf16": "bf16", "openvino_mixed": "bf16"}


def spread(median: float) -> dict:
    return {"median": median, "lower_quartile": 0.9 * median, "upper_quartile": 1.1 * median}


def named(method: str, implementation: str, **more) -> dict:
    return {"backbone": "vgg16", "method": method, "implementation": implementation, **more}


def run(device: str, threads: int, scale: float = 1.0) -> dict:
    """Ours is three times as fast as written and four times in its best implementation."""
    times = {("full", "eager"): 300.0, ("wae_cnn", "eager"): 100.0}
    times |= {("full", "openvino_bf16"): 80.0, ("wae_cnn", "openvino_bf16"): 20.0, ("wae_cnn", "openvino_mixed"): 25.0}
    ratio = {"interval": [2.5, 4.5]}
    return {
        "device": device,
        "batch": 1,
        "threads": threads,
        "rounds": 7,
        "ended": "time limit",
        "cells": [
            named(*key, **spread(scale * value), difference=0.01, working_mib=512.0 if device == "cuda" else None)
            for key, value in times.items()
        ],
        "not_run": [named("full", "openvino_mixed", reason="no encoder whose precision could be another")],
        "same_implementation": [
            named("wae_cnn", "eager", ratio=3.0, **ratio),
            named("wae_cnn", "openvino_bf16", ratio=4.0, **ratio),
        ],
        "own_best": [named("wae_cnn", "openvino_bf16", standard_implementation="openvino_bf16", ratio=4.0, **ratio)],
        "split": {
            "rounds": 5,
            "ended": "time limit",
            "copy_bytes_per_second": 10e9,
            "not_run": [],
            "product_multiply_adds_per_second": {"eager": 40e9, "openvino_bf16": 200e9, "openvino_mixed": 190e9},
            "networks": [
                named("full", "eager", **spread(300), parts={"low stream": spread(280), "heads": spread(20)}),
                named("wae_cnn", "openvino_bf16", **spread(20), parts={"encoder": spread(2), "heads": spread(18)}),
            ],
        },
    }  # fmt: skip


@pytest.fixture
def timing() -> dict:
    implementations = {
        name: {"title": f"{name}, {precision}", "precision": precision} for name, precision in KNOWN.items()
    }
    return {
        "side": 224,
        "classes": 1000,
        "gpu_name": None,
        "conditions": {"clock_policy": "performance", "allocator": "default", "load_before": 0.1, "openvino": "1.0"},
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
                "rounds": 9,
                "ended": "time limit",
                "milliseconds": {"wae_cnn": spread(8), "PyWavelets": spread(32)},
                "ratios": {"PyWavelets": {"ratio": 4.0, "interval": [3.9, 4.1]}},
                "differences": {"PyWavelets": 1e-6},
                "not_run": {"ptwt": "not installed"},
            }
        ],
        "provenance": {
            "hardware": {"processor": "a processor", "cores": 2, "architecture": "x86_64", "torch": "2", "python": "3"},
            "finished": "today",
        },
    }


def line(text: str, *starts: str) -> list[str]:
    """The cells of the first row that starts so, in the first table that has one."""
    return next([cell.strip() for cell in row.split("|")[1:-1]] for row in text.splitlines() if row.startswith(starts))


def test_a_network_has_its_times_on_every_device_and_not_measured_where_there_is_none(timing):
    text = speeds.as_markdown(timing)
    assert line(text, "| batch 1 ")[1::2] == ["CPU 1 thread, ms", "CPU 2 threads, ms", "GPU, ms"]
    assert line(text, "| vgg16 standard ")[1:4] == ["300.0 (270.0 to 330.0)", "1", "150.0 (135.0 to 165.0)"]
    assert line(text, "| vgg16 ours ")[2] == "3.00 (2.50 to 4.50)"
    assert line(text, "| vgg16 ours ")[-2:] == ["not measured", "not measured"]


def test_a_gpu_has_columns_and_peak_memory(timing):
    timing["gpu_name"] = "a GPU"
    timing["runs"].append(run("cuda", 1, 0.01))
    text = speeds.as_markdown(timing)
    assert line(text, "| batch 1 ")[-2:] == ["GPU, ms", "GPU, speed-up"]
    assert line(text, "| vgg16 ours ")[-2:] == ["1.00 (0.90 to 1.10)", "3.00 (2.50 to 4.50)"]
    assert "Peak memory beside weights and inputs, MiB: standard eager 512, ours eager 512" in text


def test_an_implementation_that_does_not_run_says_why_and_a_slower_one_stays(timing):
    text = speeds.as_markdown(timing)
    assert line(text, "| openvino_mixed, bf16 ")[1] == "not run [1]"
    assert "[1] no encoder whose precision could be another." in text
    assert line(text, "| openvino_mixed, bf16 ")[2] == "25.0"


def test_both_kinds_of_ratio_stand_side_by_side(timing):
    text = speeds.as_markdown(timing)
    (section,) = [
        part
        for part in text.split("## ")
        if part.startswith("Speed-up in the same and in the best") and "1 thread" in part
    ]
    assert line(section, "| vgg16 ours ")[1:4] == ["3.00 (2.50 to 4.50)", "4.00 (2.50 to 4.50)", "4.00 (2.50 to 4.50)"]


def test_parts_are_held_against_the_ceilings_of_their_precision(timing):
    text = speeds.as_markdown(timing)
    # 10e9 multiply-adds at 40e9 a second; 4 bytes x 10e6 weights at 10e9 bytes a second.
    assert line(text, "| - low stream ")[4:] == ["250.0", "4.00", "1.12 times", "arithmetic"]
    assert line(text, "| - heads ")[4:] == ["25.0", "40.0", "0.50 times", "bytes of weights"]
    # bf16: two bytes a weight, and the faster of two large products. Floors of the parts: 5 and 10 ms.
    assert line(text, "| ours, openvino_bf16")[2:] == [
        "100.00",
        "20.0 (18.0 to 22.0)",
        "5.50",
        "10.0",
        "1.33 times",
        "bytes of weights",
    ]


def test_the_bounds_of_the_speed_up_are_counted_and_measured(timing):
    timing["runs"][0]["split"]["networks"][1]["implementation"] = "eager"
    text = speeds.as_markdown(timing)
    assert "10.00 by multiply-adds with the encoder, 3.76 in the paper's text, 2.20 by bytes of weights." in text
    # As written, in fp32: (250 + 40) / (25 + 20).
    assert "each part at its own bound: 6.44 in eager." in text


def test_every_row_has_as_many_cells_as_its_head(timing):
    for block in speeds.as_markdown(timing).split("\n\n"):
        rows = [row for row in block.splitlines() if row.startswith("|")]
        assert len({row.count("|") for row in rows}) <= 1


def test_the_terminal_shows_the_same_tables_in_columns(timing):
    text = speeds.in_the_terminal(timing)
    assert "|" not in text
    assert all(section.title.upper() in text for section in speeds.sections(timing))
    assert max(len(row) for row in text.splitlines()) < 150


def test_a_wavelet_library_that_is_not_there_says_so(timing):
    assert line(speeds.as_markdown(timing), "| ptwt, CPU, 1 thread ")[2] == "not installed"
