"""The commands on trained networks, here with random weights."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from safetensors.torch import save_file

from study.cli import pipeline, predict
from study.cli.pipeline import Run
from study.cli.pipeline import trained as command_of
from study.export.formats import load
from study.models.wae import WaveletLikeAutoEncoder
from study.settings import params, paths
from study.settings.errors import InvalidData
from study.settings.methods import METHODS, PLACES, evaluated


@pytest.fixture(autouse=True)
def brief(monkeypatch):
    """Times that nobody reads."""
    monkeypatch.setattr(predict, "SECONDS", 0.01)


@pytest.mark.slow
def test_the_command_that_trains_a_network_is_a_stage_of_the_pipeline(checkout, monkeypatch):
    known, whole = pipeline.stages(), params.read()
    monkeypatch.setattr(pipeline, "stages", lambda: known)
    monkeypatch.setattr(params, "read", lambda: whole)
    for dataset, backbone in PLACES:
        for method in evaluated(dataset, backbone):
            name = command_of(Run("smoke", dataset, backbone, method, 1)).removeprefix("dvc repro ")
            made = METHODS[method].part_of or method
            assert f"models/smoke/{dataset}/{backbone}/{made}/seed1" in known[name]["outs"]


def test_at_another_scale_the_command_is_the_same_with_the_scale_to_set(checkout):
    here = command_of(Run("smoke", "objects", "vgg16", "full", 0))
    there = command_of(Run("paper", "objects", "vgg16", "full", 0))
    assert there == f"{here.replace('@smoke-', '@paper-')} (with `scale: paper` in params.yaml)"


def test_a_pipeline_that_dvc_cannot_read_is_one_line(checkout):
    Path("dvc.yaml").write_text("stages: [", encoding="utf-8")
    with pytest.raises(InvalidData, match=r"^dvc\.yaml: .*$"):
        command_of(Run("smoke", "objects", "vgg16", "full", 0))


def test_a_seed_that_is_not_trained_has_to_be_added(checkout):
    run = Run("smoke", "objects", "vgg16", "wae_cnn", 7)
    assert command_of(run) == "add 7 to `seeds` in params.yaml, then dvc repro"


def test_a_picture_gets_its_classes_times_and_channels(study, checkout, trained):
    trained("wae_cnn")
    trained("full")
    result = study("predict", "picture.png", "--channels", "channels", "--top", "2")
    assert (result.exit_code, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert lines[0] == "picture.png: WAE+CNN (VGG16) on objects, scale smoke, seed 0"
    assert "the grey patch of 36 x 36 pixels in the middle of the image" in lines[2]
    ranked = [line.split() for line in lines if line[:2] in ("1 ", "2 ", "3 ")]
    assert [rank for rank, *_ in ranked] == ["1", "2"]
    assert {name for _, name, _ in ranked} < {"cat", "dog", "fox"}
    assert float(ranked[0][2]) >= float(ranked[1][2])
    assert " ms, VGG16 " in result.stdout
    assert "times as fast" in result.stdout
    assert {file.name for file in Path("channels").iterdir()} == {
        "input.png",
        "low.png",
        "high.png",
        "reconstruction.png",
    }


def test_a_class_or_file_cannot_command_the_terminal(study, checkout, trained, data):
    trained("wae_cnn")
    manifest = paths.read_json(data / "manifest.json")
    paths.write_json(data / "manifest.json", {**manifest, "classes": ["cat\x1b[2J", "dog\nfox", "fox"]})
    picture = Path("picture.png").rename("pic\x1b[2Jture.png")
    result = study("predict", picture, "--top", "3")
    assert result.exit_code == 0
    assert "\x1b" not in result.stdout
    assert "cat\\x1b[2J" in result.stdout
    assert "dog\\nfox" in result.stdout
    result = study("predict", "no\x1b[2Jthing.png")
    assert "no\\x1b[2Jthing.png: no such file" in result.stderr


def test_probabilities_of_all_classes_add_up(study, checkout, trained):
    trained("wae_cnn")
    lines = study("predict", "picture.png", "--top", "99").stdout.splitlines()
    shares = [float(line.split()[2]) for line in lines if line[:2] in ("1 ", "2 ", "3 ")]
    assert sum(shares) == pytest.approx(100, abs=0.2)


def test_what_is_lacking_for_times_and_channels_is_said(study, checkout, trained):
    trained("full")
    trained("wavelet_cnn")
    plain = study("predict", "picture.png", "--method", "full", "--channels", "channels").stdout
    assert "VGG16 does not decompose its input" in plain
    trained("wae_cnn")
    (paths.classifier("smoke", "objects", "vgg16", "full", 0) / "outcome.json").unlink()
    text = study("predict", "picture.png", "--method", "wavelet_cnn", "--channels", "bands").stdout
    assert "No time of VGG16: models/smoke/objects/vgg16/full/seed0: no trained network" in text
    assert "No decoder was trained with Wavelet+CNN (VGG16)" in text
    assert Path("bands/high_cD.png").exists()


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        (["nothing.png"], "error: nothing.png: no such file"),
        (["params.yaml"], "error: params.yaml: cannot be decoded"),
    ],
)
def test_what_is_no_picture_is_one_line(study, checkout, trained, words, fault):
    trained("wae_cnn")
    result = study("predict", *words)
    assert result.exit_code == 2
    assert result.stderr.startswith(fault)
    assert len(result.stderr.splitlines()) == 1


def test_a_network_that_diverged_says_so(study, checkout, trained):
    folder = trained("wae_cnn")
    outcome = paths.read_json(folder / "outcome.json")
    paths.write_json(folder / "outcome.json", {**outcome, "outcome": "diverged", "reason": "loss nan in epoch 2"})
    result = study("predict", "picture.png")
    assert result.exit_code == 2
    assert result.stderr == "error: models/smoke/objects/vgg16/wae_cnn/seed0: diverged: loss nan in epoch 2\n"


def test_a_network_of_another_size_than_the_data_says_so(study, checkout, trained):
    folder = trained("wae_cnn")
    outcome = paths.read_json(folder / "outcome.json")
    outcome["settings"]["network"]["width"] = 1 / 8
    paths.write_json(folder / "outcome.json", outcome)
    assert (
        "weights of another size than data/smoke/objects; to train it again: dvc"
        in study("predict", "picture.png").stderr
    )


@pytest.mark.slow
@pytest.mark.slow
def test_an_exported_network_is_the_one_of_the_study(study, checkout, trained):
    folder = trained("wae_cnn")
    result = study("export", "out")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "ok       out/weights.safetensors: equal to the last bit" in result.stdout
    exported = load("out")
    assert exported.description.trained_with == "0123456789ab"
    assert exported.description.settings == paths.read_json(folder / "outcome.json")["settings"]
    best = exported.classes[exported(exported.preprocessing.picture(Path("picture.png"))).argmax()]
    predicted = study("predict", "picture.png", "--top", "1").stdout.splitlines()
    assert [line.split()[1] for line in predicted if line.startswith("1 ")] == [best]
    card = Path("out/README.md").read_text(encoding="utf-8")
    assert "| top-1 | not measured | not measured | not measured |" in card
    assert "The study holds no results for this scale." in card
    assert "3 classes, 30 training and 30 test images" in card


@pytest.mark.parametrize("same", [True, False])
def test_the_card_knows_whether_the_results_are_of_this_training(study, checkout, trained, monkeypatch, same):
    record = paths.read_json(paths.record(trained("wae_cnn")))
    results = paths.results("smoke")
    run = {"method": "wae_cnn", "seed": 0, "outcome": "trained", "reason": None}
    run |= {"top1_error_percent": 50.0, "top5_error_percent": 0.0, "training": record if same else {}}
    evaluation = {
        "dataset": "objects",
        "backbone": "vgg16",
        "source": "photographs",
        "classes": 3,
        "seeds": [0],
        "runs": [run],
        "provenance": {"code_commit": "abc"},
    }
    paths.write_json(results / "evaluation/objects-vgg16.json", evaluation)
    (results / "predictions").mkdir()
    # The ranks of the true class: the first of two images is right.
    np.savez(results / "predictions/objects-vgg16.npz", **{"label": np.array([0, 1]), "wae_cnn.0": np.array([0, 1])})
    monkeypatch.setattr("study.export.formats.export", lambda *_: {})
    assert study("export", "out").exit_code == 0
    card = Path("out/README.md").read_text(encoding="utf-8")
    own = "50.00" if same else "not measured"
    assert f"| top-1 | {own} | 50.00 | not measured |" in card
    assert ("another training" in card) is not same
    assert "`results/smoke/evaluation/objects-vgg16.json`, measured with commit abc" in card


@pytest.fixture
def shipped_clone(study, trained, checkout):
    """A fresh clone in which networks lie that were shipped before; nothing is trained or prepared."""
    for row in ("full", "half", "wavelet_cnn", "wae_cnn"):
        trained(row)
    folder = paths.auto_encoder("smoke", "objects", 0)
    folder.mkdir(parents=True)
    save_file(WaveletLikeAutoEncoder().state_dict(), folder / "weights.safetensors")
    paths.write_json(folder / "outcome.json", {"outcome": "trained", "reason": None, "settings": {}})
    result = study("ship")
    assert (result.exit_code, result.stderr) == (0, "")
    for name in ("models", "records", "data"):
        shutil.rmtree(name)


@pytest.mark.slow
def test_a_fresh_clone_says_what_the_channels_keep_of_a_users_own_photograph(study, shipped_clone):
    result = study("predict", "picture.png", "--channels", "channels")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "and your image is of none" in result.stdout
    assert "energy of I_H / energy of I_L" in result.stdout
    assert "put together again, PSNR" in result.stdout
    assert "is " in result.stdout and "times as fast" in result.stdout
    assert Path("channels/reconstruction.png").is_file()
    assert "probability" not in result.stdout
    assert "probability" in study("predict", "picture.png", "--method", "full", "--top", "2").stdout


@pytest.mark.slow
def test_a_fresh_clone_exports_what_was_shipped(study, shipped_clone):
    result = study("export", "exported", "--method", "half")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "differs" in result.stdout or "equal to the last bit" in result.stdout


def test_what_is_not_trained_is_not_shipped(study, data):
    result = study("ship")
    assert result.exit_code == 2
    assert "not trained; train it with: dvc repro" in result.stderr
