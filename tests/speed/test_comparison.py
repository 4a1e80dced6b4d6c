"""Networks and implementations in turns: what is compared with what, and what is said of what cannot run."""

from dataclasses import replace

import pytest
import torch

from study.models.build import Shape, build
from study.speed import comparison, wavelets
from study.speed.comparison import Machine
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


@pytest.fixture(scope="module")
def compared(machine, subjects) -> dict:
    return comparison.compare(machine, subjects, (STANDARD, OURS), seconds=0, title="")


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


def test_ratios_are_to_the_standard_network_in_the_same_and_in_the_best_implementation(compared):
    same = {(cell["method"], cell["implementation"]): cell["ratio"] for cell in compared["same_implementation"]}
    medians = {(cell["method"], cell["implementation"]): cell["median"] for cell in compared["cells"]}
    assert set(same) == {("half", "eager"), ("wae_cnn", "eager"), ("wae_cnn", "channels_last")}
    assert same["wae_cnn", "eager"] == pytest.approx(medians["full", "eager"] / medians["wae_cnn", "eager"])
    (best,) = compared["own_best"]
    fastest = {row: min(medians[row, name] for name in ("eager", "channels_last")) for row in ("full", "wae_cnn")}
    assert best["method"] == "wae_cnn"
    assert best["ratio"] == pytest.approx(fastest["full"] / fastest["wae_cnn"])


def test_the_fastest_implementation_is_one_that_all_rows_run_in():
    def cell(row, name, median):
        return {"backbone": row[0], "method": row[1], "implementation": name, "median": median}

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
    found = comparison.split(machine, subjects, names, seconds=0, title="")
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
    found = wavelets.compare(torch.device("cpu"), 32, 1, seconds=0)
    assert set(found["ratios"]) == {"ours, as a convolution", "PyWavelets", "ptwt"}
    assert max(found["differences"].values()) < wavelets.TOLERANCE
