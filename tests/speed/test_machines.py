"""By what a machine is known."""

import re

import pytest

from study.settings import provenance
from study.speed.machines import fingerprint

EPYC = {
    "processor": "AMD EPYC 9B14 96-Core Processor",
    "cores": 2,
    "gpu": None,
    "architecture": "x86_64",
    "system": "Linux",
    "python": "3.11.7",
    "torch": "2.11.0",
}


def test_a_machine_is_called_by_its_processor_and_its_gpu():
    assert re.fullmatch("amd-epyc-9b14-[0-9a-f]{6}", fingerprint(EPYC))
    xeon = {**EPYC, "processor": "Intel(R) Xeon(R) Platinum 8481C CPU @ 2.70GHz", "gpu": "NVIDIA H100 80GB HBM3"}
    assert re.fullmatch("intel-xeon-platinum-8481c-nvidia-h100-80gb-hbm3-[0-9a-f]{6}", fingerprint(xeon))


@pytest.mark.parametrize(
    ("field", "other"), [("cores", 4), ("gpu", "a GPU"), ("architecture", "arm64"), ("torch", "2.12.0")]
)
def test_whatever_decides_a_time_makes_another_machine(field, other):
    assert fingerprint({**EPYC, field: other}) != fingerprint(EPYC)


def test_the_same_hardware_is_the_same_machine_whatever_else_is_known_of_it():
    assert fingerprint({**EPYC, "python": "3.14.0", "host": "a name"}) == fingerprint(EPYC)


def test_this_machine_has_a_fingerprint_without_its_name():
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", fingerprint(provenance.hardware()))
