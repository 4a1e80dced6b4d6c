"""The stage that takes times: processes, conditions, and a file for each machine."""

import pickle

import pytest

from study.models.shape import Shape
from study.rendering import markdown
from study.rendering import timing as shown
from study.settings import methods, paths
from study.settings.parameters.measuring import Timing
from study.settings.provenance import hardware
from study.speed.machines import fingerprint
from study.stages import timing

TIMING = Timing(
    seconds=0.1, processes=2, threads=[1], batches=[1, 2], gpu_batches=[1], implementations="without a compiler"
)


def here(_, work, *arguments):
    """What a process of its own would give, through the same door: only what can be pickled passes."""
    work, arguments = pickle.loads(pickle.dumps((work, arguments)))
    return pickle.loads(pickle.dumps(work(*arguments)))


@pytest.fixture
def narrow(monkeypatch) -> None:
    """Networks of an eighth of the width for images of 32 pixels, in this process; no GPU, whatever the machine has."""
    rows = {"vgg16": ("full", "wae_cnn"), "resnet50": ("full",)}
    shape = Shape(32, 7, 1 / 8)
    monkeypatch.setattr(timing.full_size, "shapes", lambda _, backbone, *__: dict.fromkeys(rows[backbone], shape))
    monkeypatch.setattr(timing, "in_a_fresh_process", here)
    monkeypatch.setattr(timing.torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(timing.comparison, "CEILING_SIDE", 64)
    monkeypatch.setattr(timing.comparison, "COPY_BYTES", 4096)


@pytest.mark.slow
def test_every_condition_is_repeated_in_every_process_and_shown(narrow):
    settings = timing.Networked.model_validate(
        {"full_size": {"side": 32, "classes": 7}, "channel_norm": True, "targets": {}}, by_name=True
    )
    found = timing.measured("smoke", settings, TIMING)
    assert [(run["device"], run["batch"], run["threads"]) for run in found["runs"]] == [("cpu", 1, 1), ("cpu", 2, 1)]
    for run in found["runs"]:
        assert run["processes"] == run["split"]["processes"] == 2
        assert len(run["others_percent"]) == len(run["reference_spread_percent"]) == 2
        assert {(cell["backbone"], cell["method"]) for cell in run["cells"]} == {
            ("vgg16", "full"),
            ("vgg16", "wae_cnn"),
            ("resnet50", "full"),
        }
        for cell in run["cells"]:
            low, high = cell["milliseconds"]["low"]["interval"]
            assert low <= cell["milliseconds"]["low"]["value"] <= high
    assert [each["threads"] for each in found["wavelets"]] == [1]  # once for both batches
    provenance = {"hardware": hardware(), "finished": "today"}
    text = markdown.page(shown.page({"a-machine": {**found, "provenance": provenance}}))
    assert f"{methods.label('wae_cnn', 'vgg16')}" in text
    assert "of 2 processes, intervals over processes" in text


def test_times_of_another_machine_stay(monkeypatch, tmp_path):
    monkeypatch.setattr(paths, "results", lambda scale: tmp_path)
    monkeypatch.setattr(timing, "measured", lambda *_: {"runs": []})
    paths.write_json(tmp_path / "timing" / "another-1a2b3c.json", {})
    timing.main("smoke")
    assert {file.name for file in (tmp_path / "timing").iterdir()} == {
        "another-1a2b3c.json",
        f"{fingerprint(hardware())}.json",
    }
