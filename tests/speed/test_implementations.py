"""Every way to run a network runs that network."""

from dataclasses import replace

import pytest
import torch
from torch import nn

from study.models.build import Shape, build
from study.speed import engine
from study.speed.implementations import ON_PROCESSOR, NotHere, Subject, call_of
from study.speed.processes import in_a_fresh_process

UNCOMPILED = [name for name, implementation in ON_PROCESSOR.items() if not implementation.compiles]


@pytest.fixture(scope="module")
def subjects() -> dict[str, Subject]:
    torch.manual_seed(0)
    shape, image = Shape(64, 7, 1 / 8), torch.rand(1, 3, 64, 64)
    return {method: Subject(build("vgg16", method, shape), (image,)) for method in ("full", "wae_cnn")}


@pytest.mark.parametrize(
    ("method", "name"),
    [("wae_cnn", name) for name in UNCOMPILED] + [("full", name) for name in UNCOMPILED if name != "openvino_mixed"],
)
def test_an_implementation_gives_the_networks_own_outputs(subjects, method, name):
    implementation = ON_PROCESSOR[name]
    call, difference = implementation.checked(subjects[method])
    assert difference <= implementation.tolerance
    assert [output.shape for output in call()] == [output.shape for output in subjects[method].outputs]


def test_the_exported_network_is_the_original_to_six_digits(subjects):
    for subject in subjects.values():
        assert ON_PROCESSOR["openvino"].checked(subject)[1] < 1e-5


def test_a_network_of_one_precision_is_not_run_in_two(subjects):
    with pytest.raises(NotHere, match="no encoder"):
        ON_PROCESSOR["openvino_mixed"].checked(subjects["full"])


def loaded_without(names: list[str]) -> list[str]:
    """Which of these modules are loaded where the implementations are known and none of them has been run."""
    import sys

    import study.speed.comparison
    import study.speed.implementations  # noqa: F401

    return [name for name in names if name in sys.modules]


def nothing() -> None: ...


def test_the_engine_is_loaded_by_none_but_those_that_run_in_it():
    assert in_a_fresh_process(nothing, loaded_without, ["openvino", "torch"]) == ["torch"]


def test_a_machine_without_the_engine_says_so_and_runs_the_others(subjects, monkeypatch):
    monkeypatch.setattr(engine, "version", lambda: None)
    for method, name in (("full", "openvino"), ("wae_cnn", "openvino_bf16"), ("wae_cnn", "openvino_mixed")):
        subject = Subject(subjects[method].network, subjects[method].inputs)
        with pytest.raises(NotHere, match="OpenVINO is not installed"):
            ON_PROCESSOR[name].checked(subject)
        assert ON_PROCESSOR["channels_last"].checked(subject)[1] < 1e-3


def test_a_call_with_other_outputs_is_refused(subjects):
    doubled = replace(
        ON_PROCESSOR["eager"],
        prepare=lambda subject: lambda: tuple(2 * output for output in call_of(subject.network, subject.inputs)()),
    )
    with pytest.raises(NotHere, match="outputs differ by 1 of the largest, more than 0.001"):
        doubled.checked(subjects["wae_cnn"])


def test_what_a_machine_cannot_do_is_said_in_one_line(subjects):
    def prepare(_: Subject):
        raise RuntimeError("no compiler found\nin any of these places")

    with pytest.raises(NotHere, match=r"^RuntimeError: no compiler found$"):
        replace(ON_PROCESSOR["compile"], prepare=prepare).checked(subjects["wae_cnn"])


def test_an_output_that_is_no_number_is_refused():
    subject = Subject(nn.Identity(), (torch.ones(1),))
    broken = replace(ON_PROCESSOR["eager"], prepare=lambda _: lambda: (torch.tensor([torch.nan]),))
    with pytest.raises(NotHere, match="outputs differ by nan"):
        broken.checked(subject)
