"""A training of the study: what its checkpoint is keyed by, and what it leaves behind."""

import json
from pathlib import Path

import pytest
import torch
from torch import nn

from study.settings import code
from study.settings.errors import InvalidData
from study.settings.parameters.training import Constant
from study.settings.record import ChangedWhileRunning, Record
from study.training import run
from study.training.loop import Diverged, Recipe
from study.training.objectives import ByClassification

RECIPE = Recipe(0.01, 0.9, 0.0, 8, 1, Constant(kind="constant"), "loss")


@pytest.fixture(autouse=True)
def in_an_empty_checkout(tmp_path, monkeypatch):
    (tmp_path / "paper_tables").symlink_to(Path("paper_tables").absolute())
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DVC_ROOT", ".")


def linear(weight: float):
    """An objective as a stage makes it."""

    def make():
        module = nn.Linear(1, 1, bias=False)
        nn.init.constant_(module.weight, weight)
        return ByClassification(module)

    return make


def train(tmp_path, weight, monkeypatch, fit):
    monkeypatch.setattr(run, "fit", fit)
    folder = Path("models/smoke/objects/vgg16/full/seed0")
    run.train(
        folder, linear(weight), None, RECIPE, seed=0, precision="fp32", settings={}, data_digest="d",
        record=Record("train", seed=0, word="full", backbone="vgg16"),
    )  # fmt: skip
    return folder


def test_another_start_has_another_checkpoint(tmp_path, monkeypatch):
    seen = []

    def killed(trained, *_, checkpoint, **__):
        seen.append(checkpoint.load())
        checkpoint.save({"weight": trained.classifier.weight.item()})
        raise KeyboardInterrupt

    for weight in (2.0, 1.0, 2.0):
        with pytest.raises(KeyboardInterrupt):
            train(tmp_path, weight, monkeypatch, killed)
    assert seen == [None, None, {"weight": 2.0}]


def test_a_diverged_training_keeps_its_log_and_its_last_state_and_leaves_no_weights(tmp_path, monkeypatch, capsys):
    def diverging(*_, checkpoint, **__):
        checkpoint.save({"epoch": 1})
        raise Diverged("loss nan", [{"epoch": 1, "loss": 3.0}])

    folder = train(tmp_path, 1.0, monkeypatch, diverging)
    assert run.read_weights(folder) is None
    assert run.read_outcome(folder)["reason"] == "loss nan"
    assert run.read_log(folder) == [{"epoch": "1", "loss": "3.0"}]
    (state,) = tmp_path.glob("checkpoints/*/state.pt")
    assert f"stays in {state.parent.relative_to(tmp_path)}: " in capsys.readouterr().out


def test_code_that_changes_while_a_training_runs_voids_it_and_keeps_its_checkpoint(tmp_path, monkeypatch):
    def edited(*_, checkpoint, **__):
        checkpoint.save({"epoch": 8})
        monkeypatch.setattr(code, "of_stage", lambda *_: "another digest")
        return []

    with pytest.raises(ChangedWhileRunning, match="the code of stage train changed while it ran; nothing is stored"):
        train(tmp_path, 1.0, monkeypatch, edited)
    assert list(tmp_path.glob("checkpoints/*/state.pt"))
    assert not (tmp_path / "models").exists()
    assert not (tmp_path / "records").exists()


def test_other_code_of_the_stage_has_another_checkpoint(tmp_path, monkeypatch):
    seen = []

    def killed(*_, checkpoint, **__):
        seen.append(checkpoint.load())
        checkpoint.save({"with": code.of_stage()})
        raise KeyboardInterrupt

    for digest in ("first", "second", "first"):
        monkeypatch.setattr(code, "of_stage", lambda *_, digest=digest: digest)
        with pytest.raises(KeyboardInterrupt):
            train(tmp_path, 1.0, monkeypatch, killed)
    assert seen == [None, None, {"with": "first"}]


def test_equal_trainings_leave_equal_folders_and_their_records_apart(tmp_path, monkeypatch):
    def bytes_of(folder):
        return {file.name: file.read_bytes() for file in folder.iterdir()}

    first = bytes_of(train(tmp_path, 1.0, monkeypatch, lambda *_, **__: []))
    assert bytes_of(train(tmp_path, 1.0, monkeypatch, lambda *_, **__: [])) == first
    record = json.loads((tmp_path / "records/smoke/objects/vgg16/full/seed0.json").read_text())
    assert {
        "seed",
        "params_digest",
        "code_digest",
        "code_commit",
        "packages",
        "hardware",
        "threads",
        "seconds",
    } <= record.keys()


def test_weights_are_read_part_by_part(tmp_path, monkeypatch):
    folder = train(tmp_path, 3.0, monkeypatch, lambda *_, **__: [])
    assert run.part(run.read_weights(folder), "classifier") == {"weight": torch.tensor([[3.0]])}


def test_a_flipped_bit_of_the_weights_is_noticed_and_weights_of_before_have_no_checksum(tmp_path, monkeypatch):
    folder = train(tmp_path, 3.0, monkeypatch, lambda *_, **__: [])
    file = folder / run.WEIGHTS
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)
    with pytest.raises(InvalidData, match=r"weights\.safetensors: damaged, its checksum is another; make it again"):
        run.read_weights(folder)
    (folder / run.OUTCOME).write_text('{"outcome": "trained"}')
    assert run.read_weights(folder) is not None


@pytest.mark.parametrize("content", [b"", b"garbage", b"\xff" * 100, (2**60).to_bytes(8, "little") + b"x"])
def test_damaged_weights_are_one_line(tmp_path, content):
    (tmp_path / run.OUTCOME).write_text('{"outcome": "trained"}')
    (tmp_path / run.WEIGHTS).write_bytes(content)
    with pytest.raises(InvalidData, match=r"weights\.safetensors: .*; make it again with: dvc repro$"):
        run.read_weights(tmp_path)


@pytest.mark.parametrize(
    "content", ["", "{", "[1]", "null", "{}", '{"outcome": 3}', '{"outcome": "fine"}', "[" * 100_000]
)
def test_a_damaged_outcome_is_one_line(tmp_path, content):
    (tmp_path / run.OUTCOME).write_text(content)
    with pytest.raises(InvalidData, match=r"outcome\.json: .*make it again with: dvc repro$"):
        run.read_weights(tmp_path)
