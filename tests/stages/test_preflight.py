"""What is looked at before anything runs."""

from pathlib import Path
from types import SimpleNamespace

import pytest
import torch

from study.cli import checks
from study.settings import config, params
from study.settings.errors import InvalidData
from study.settings.parameters.whole import Params
from study.stages import preflight


@pytest.fixture
def paper():
    return params.read().at("paper")


@pytest.fixture
def driver_too_old(monkeypatch):
    """A GPU that its driver names, and that torch cannot use."""
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.version, "cuda", "12.8")
    monkeypatch.setattr(preflight, "gpu", lambda: "NVIDIA H100")


def test_a_scale_that_asks_for_a_gpu_does_not_start_on_the_processor(paper, driver_too_old):
    with pytest.raises(InvalidData) as caught:
        preflight.need_gpu("paper", paper)
    assert str(caught.value) == (
        "scale paper asks for a GPU: torch cannot use NVIDIA H100 (torch is built for CUDA 12.8); update its driver; "
        "without one it takes weeks: if that is meant, scales.paper.device: any in params.yaml"
    )


def test_it_starts_there_if_that_is_meant_and_where_there_is_a_gpu(paper, driver_too_old, monkeypatch):
    preflight.need_gpu("paper", paper.model_copy(update={"device": "any"}))
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    preflight.need_gpu("paper", paper)


@pytest.mark.parametrize(
    ("driven", "built_for", "said"),
    [
        (None, "12.8", "none is there (nvidia-smi names none)"),
        ("NVIDIA H100", None, "torch is built without CUDA, and cannot use NVIDIA H100; install the build for CUDA"),
    ],
)
def test_why_there_is_no_gpu_is_said(monkeypatch, driven, built_for, said):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.version, "cuda", built_for)
    monkeypatch.setattr(preflight, "gpu", lambda: driven)
    assert preflight.lacking_gpu() == said


@pytest.fixture
def listed():
    """The parameters with the images of scale paper left where they are."""
    values = config.values()
    for dataset in values["scales"]["paper"]["data"].values():
        dataset["packed"] = False
    return Params.model_validate(values)


def test_images_that_are_loaded_need_shared_memory_and_packed_ones_none(paper, listed, monkeypatch):
    monkeypatch.setattr(preflight, "cores", lambda: 16)
    assert preflight.shared_memory_bytes(listed.at("paper")) == 2 * 16 * 256 * 3 * 224**2
    assert preflight.shared_memory_bytes(paper) == 0
    assert preflight.shared_memory_bytes(params.read().at("photos")) == 0


def test_too_little_shared_memory_is_said_with_what_gives_more(listed, monkeypatch, tmp_path):
    monkeypatch.setattr(preflight, "cores", lambda: 16)
    monkeypatch.setattr(preflight, "SHARED_MEMORY", tmp_path)
    monkeypatch.setattr(preflight.shutil, "disk_usage", lambda _: SimpleNamespace(free=64 * 2**20))
    said = preflight.lacking_shared_memory(listed.at("paper"))
    assert said.startswith(f"{tmp_path}: 0.06 GiB are free, 16 loading processes need 1.15; give the container more")
    assert "--shm-size=2g" in said
    (finding,) = [one for one in checks.loading("paper", listed) if one.about == "shared memory"]
    assert finding.level == checks.ERROR and "--shm-size=2g" in finding.fix


def test_where_there_is_no_such_place_nothing_is_said(listed, monkeypatch):
    monkeypatch.setattr(preflight, "SHARED_MEMORY", Path("nowhere"))
    assert preflight.lacking_shared_memory(listed.at("paper")) == ""
