"""A training stage that is killed, as a user would kill it, and run again."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from safetensors.torch import load_file

from tests.parameters import changed

ROOT = Path(__file__).parents[2]
STAGE = ["train", "--scale", "smoke", "--dataset", "objects", "--backbone", "vgg16", "--method", "full"]
WEIGHTS = Path("models/smoke/objects/vgg16/full/seed0/weights.safetensors")


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", f"study.stages.{arguments[0]}", *arguments[1:]]


def environment() -> dict:
    return {**os.environ, "PYTHONPATH": str(ROOT), "DVC_ROOT": "."}


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run(command(*arguments), cwd=folder, env=environment(), capture_output=True, text=True)


@pytest.fixture
def checkout(tmp_path):
    """An empty working folder with parameters that train the smoke-scale network for more epochs."""

    def make(name: str) -> Path:
        folder = tmp_path / name
        folder.mkdir()
        (folder / "paper_tables").symlink_to(ROOT / "paper_tables")
        schedule = {"kind": "milestones", "epochs": [6]}
        longer = {"scales.smoke.classifier.epochs": 8, "scales.smoke.classifier.schedule": schedule}
        (folder / "params.yaml").write_text(changed(longer), encoding="utf-8")
        assert run(folder, "prepare", "--scale", "smoke", "--dataset", "objects").returncode == 0
        return folder

    return make


@pytest.mark.slow
def test_a_killed_training_goes_on_and_ends_in_the_same_bits(checkout):
    whole, cut = checkout("whole"), checkout("cut")
    finished = run(whole, *STAGE, "--seed", "0")
    assert finished.returncode == 0, finished.stderr

    training = subprocess.Popen(
        command(*STAGE, "--seed", "0"), cwd=cut, env=environment(), stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    )
    deadline = time.monotonic() + 60
    while not list(cut.glob("checkpoints/*/state.pt")) and time.monotonic() < deadline:
        time.sleep(0.01)
    training.send_signal(signal.SIGKILL)
    assert training.wait() == -signal.SIGKILL
    assert list(cut.glob("checkpoints/*/state.pt"))
    assert not (cut / WEIGHTS).exists()

    resumed = run(cut, *STAGE, "--seed", "0")
    assert resumed.returncode == 0, resumed.stderr
    assert "going on behind epoch" in resumed.stdout
    expected, found = load_file(whole / WEIGHTS), load_file(cut / WEIGHTS)
    assert expected.keys() == found.keys()
    assert all(expected[name].equal(found[name]) for name in expected)


def until_there_is_a_checkpoint(folder: Path, training: subprocess.Popen) -> None:
    while training.poll() is None and not list(folder.glob("checkpoints/*/state.pt")):
        time.sleep(0.01)
    assert list(folder.glob("checkpoints/*/state.pt"))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (
            "params.yaml",
            "momentum: 0.9 ",
            "momentum: 0.8 ",
            "error: params.yaml: sgd changed while stage train ran; nothing is stored: ",
        ),
        (
            "study/training/schedule.py",
            "FACTOR = 0.1",
            "FACTOR = 0.2",
            "error: the code of stage train changed while it ran; nothing is stored: ",
        ),
        ("study/models/vgg.py", "def filters(", "def filters((", "error: {folder}/study/models/vgg.py: line "),
    ],
    ids=["parameters", "code", "half a line"],
)
def test_what_changes_while_a_training_runs_voids_it_and_its_checkpoint_stays(checkout, file, old, new, said):
    folder = checkout("edited")
    shutil.copytree(ROOT / "study", folder / "study", ignore=shutil.ignore_patterns("__pycache__"))
    before = (folder / file).read_text(encoding="utf-8")
    assert old in before
    training = subprocess.Popen(
        command(*STAGE, "--seed", "0"),
        cwd=folder,
        env={**environment(), "PYTHONPATH": "."},
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    )
    until_there_is_a_checkpoint(folder, training)
    (folder / file).write_text(before.replace(old, new), encoding="utf-8")
    _, stderr = training.communicate()
    assert training.returncode == 1
    assert stderr.splitlines()[-1].startswith(said.replace("{folder}", str(folder)))
    assert "Traceback" not in stderr
    assert not (folder / "models").exists()
    assert not (folder / "records").exists()
    assert list(folder.glob("checkpoints/*/state.pt"))
    (folder / file).write_text(before, encoding="utf-8")
    again = subprocess.run(
        command(*STAGE, "--seed", "0"),
        cwd=folder,
        env={**environment(), "PYTHONPATH": "."},
        capture_output=True,
        text=True,
    )
    assert again.returncode == 0, again.stderr
    assert "going on behind epoch" in again.stdout
    assert (folder / WEIGHTS).exists()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["train", *STAGE[1:-1], "Our", "--seed", "0"], "error: method: must be one of full, "),
        (
            [*STAGE[:2], "huge", *STAGE[3:], "--seed", "0"],
            "error: scale: must be one of smoke, quick, desk",
        ),
        (["prepare", "--scale", "smoke", "--dataset", "things"], "error: dataset: must be one of objects, faces"),
        ([*STAGE, "--seed", "-1"], "error: seed: must be 0 to 4294967295, got -1"),
        ([*STAGE, "--seed", "0"], "error: data/smoke/objects/manifest.json: "),
    ],
)
def test_a_wrong_argument_is_one_line_and_a_failure(tmp_path, arguments, message):
    (tmp_path / "params.yaml").write_text((ROOT / "params.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "paper_tables").symlink_to(ROOT / "paper_tables")
    finished = run(tmp_path, *arguments)
    assert finished.returncode == 1
    assert finished.stderr.strip().startswith(message)
    assert len(finished.stderr.strip().splitlines()) == 1


def test_wrong_parameters_stop_the_pipeline_at_its_first_stage(tmp_path):
    text = (ROOT / "params.yaml").read_text(encoding="utf-8")
    (tmp_path / "params.yaml").write_text(text.replace("lambda: 1.0", "lambda: -1"), encoding="utf-8")
    finished = run(tmp_path, "preflight")
    assert finished.returncode == 1
    assert finished.stderr.strip() == "error: params.yaml: lambda: must be greater than or equal to 0, got -1"


def test_missing_outside_pictures_are_named_with_the_variable_to_set(tmp_path):
    text = (ROOT / "params.yaml").read_text(encoding="utf-8")
    (tmp_path / "params.yaml").write_text(text.replace("scale: quick", "scale: paper"), encoding="utf-8")
    finished = run(tmp_path, "preflight")
    assert finished.returncode == 1
    assert "no folder external/imagenet; set STUDY_IMAGENET to where the images lie" in finished.stderr


@pytest.mark.slow
def test_a_diverged_training_is_an_outcome_that_the_next_stages_pass_on(checkout):
    folder = checkout("diverging")
    # The largest that may stand there.
    (folder / "params.yaml").write_text(changed({"scales.smoke.wae.learning_rate": 100}), encoding="utf-8")
    first = run(folder, "wae", "--scale", "smoke", "--dataset", "objects", "--seed", "0")
    assert first.returncode == 0, first.stderr
    assert "diverged: " in first.stdout
    assert '"outcome": "diverged"' in (folder / "models/smoke/objects/wae/seed0/outcome.json").read_text()
    second = run(folder, *STAGE[:-1], "wae_cnn_frozen", "--seed", "0")
    assert second.returncode == 0, second.stderr
    assert "not trained: its auto-encoder has no weights" in second.stdout


PHOTOS = [
    "train",
    "--scale",
    "photos",
    "--dataset",
    "objects",
    "--backbone",
    "vgg16",
    "--method",
    "half",
    "--seed",
    "0",
]


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "killpg"), reason="no groups of processes here")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP], ids=lambda number: number.name)
def test_a_signal_to_a_training_and_its_loading_processes_saves_it_first(tmp_path, number):
    (tmp_path / "paper_tables").symlink_to(ROOT / "paper_tables")
    text = (ROOT / "params.yaml").read_text(encoding="utf-8")
    assert "packed: true" in text
    (tmp_path / "params.yaml").write_text(text.replace("packed: true", "packed: false"), encoding="utf-8")
    for name in range(400):
        file = tmp_path / "external/objects" / ("cat", "dog")[name % 2] / f"{name}.png"
        file.parent.mkdir(parents=True, exist_ok=True)
        pixels = np.random.default_rng(name).integers(0, 256, (9, 12, 3), dtype=np.uint8)
        Image.fromarray(pixels).save(file)
    assert run(tmp_path, "prepare", "--scale", "photos", "--dataset", "objects").returncode == 0

    training = subprocess.Popen(
        command(*PHOTOS), cwd=tmp_path, env=environment(), stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        start_new_session=True,
    )  # fmt: skip
    until_there_is_a_checkpoint(tmp_path, training)
    (state,) = tmp_path.glob("checkpoints/*/state.pt")
    before = state.stat().st_mtime_ns
    os.killpg(training.pid, number)
    said, complained = training.communicate(timeout=60)
    assert training.returncode == 128 + number, complained
    assert f"{number.name}: saved; the same command goes on from here" in said
    assert "Traceback" not in complained
    assert state.stat().st_mtime_ns > before


GATE = ["gate", "--scale", "smoke", "--dataset", "objects", "--backbone", "vgg16"]


@pytest.mark.slow
def test_where_a_gate_is_asked_for_nothing_is_trained_before_the_full_network_learns(checkout):
    folder = checkout("gated")
    text = (folder / "params.yaml").read_text(encoding="utf-8")

    def ask(updates: int, rate: float = 0.01) -> None:
        smoke = {"gate_updates": updates, "classifier.learning_rate.vgg16.others": rate}
        asked = changed({f"scales.smoke.{key}": value for key, value in smoke.items()}, text)
        (folder / "params.yaml").write_text(asked, encoding="utf-8")

    ask(7, rate=1e-9)
    refused = run(folder, *STAGE, "--seed", "0")
    assert refused.returncode == 1
    assert (
        "results/smoke/gate/objects-vgg16.json: missing; before days are spent, run once: dvc repro" in refused.stderr
    )
    failed = run(folder, *GATE)
    assert failed.returncode == 1
    assert "objects, vgg16: not learned after 7 updates (training error 9" in failed.stderr
    assert not (folder / "results").exists()

    ask(140)
    passed = run(folder, *GATE)
    assert passed.returncode == 0, passed.stderr
    assert "objects, vgg16: learns; training error" in passed.stdout
    found = json.loads((folder / "results/smoke/gate/objects-vgg16.json").read_text())
    assert found["learned"] and found["updates"] == 140
    assert found["training_error_percent"] < found["majority_error_percent"] - 1
    assert run(folder, *STAGE, "--seed", "0").returncode == 0


def test_a_scale_without_a_gate_says_so(tmp_path):
    (tmp_path / "params.yaml").symlink_to(ROOT / "params.yaml")
    asked = run(tmp_path, *GATE)
    assert asked.returncode == 1
    assert asked.stderr.strip().startswith("error: scales.smoke.gate_updates: null, so nothing is asked")


@pytest.mark.slow
def test_a_path_with_a_space_and_letters_of_any_language_no_locale_and_no_home_are_fine(tmp_path):
    folder = tmp_path / "Übung 1 \u5b66"
    folder.mkdir()
    (folder / "paper_tables").symlink_to(ROOT / "paper_tables")
    (folder / "params.yaml").symlink_to(ROOT / "params.yaml")
    bare = {**environment(), "LC_ALL": "C", "LANG": "C", "HOME": str(tmp_path / "nowhere")}
    for stage in (["prepare", "--scale", "smoke", "--dataset", "objects"], [*STAGE, "--seed", "0"]):
        finished = subprocess.run(command(*stage), cwd=folder, env=bare, capture_output=True, text=True)
        assert finished.returncode == 0, finished.stderr
    assert (folder / WEIGHTS).exists()
