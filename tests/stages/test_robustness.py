"""Conditions at the smallest size: one that changes nothing is the main run, and others train what depends on them."""

import os
from pathlib import Path

import numpy as np
import pytest

from study.settings import paths
from study.stages import convergence, finetune, prepare, robustness, train, wae
from study.training import run as running
from tests.parameters import changed

ROOT = Path(__file__).parents[2]
OBJECTS = ("smoke", "objects")
VGG16 = (*OBJECTS, "vgg16")
ROWS = ("full", "half", "wae_cnn_frozen", "wae_cnn")
FOLDER = Path("results/smoke/robustness/objects")

pytestmark = pytest.mark.slow


class Watched:
    """The trainings of the stage, by row: their weights."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.weights: dict[str, dict] = {}
        of = robustness.training

        class training:  # noqa: N801  # in the place of a function
            def __init__(self, name, *arguments, **more):
                self.name, self.block = name.rpartition("-")[2], of(name, *arguments, **more)

            def __enter__(block):  # noqa: N805
                done = block.block.__enter__()
                self.weights[block.name] = {name: value.clone() for name, value in done.trained.state_dict().items()}
                return done

            def __exit__(self, *error):
                return self.block.__exit__(*error)

        patch.setattr(robustness, "training", training)


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A working folder with the condition that changes nothing, first without and then with the main run; the weights
    that it trained without."""
    folder = tmp_path_factory.mktemp("robustness")
    objects = "scales.smoke.data.objects"
    fewer = changed({f"{objects}.train_per_class": 8, f"{objects}.test_per_class": 6})
    (folder / "params.yaml").write_text(fewer, encoding="utf-8")
    (folder / "paper_tables").symlink_to(ROOT / "paper_tables")
    before = Path.cwd()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DVC_ROOT", ".")
        patch.setattr(robustness, "CORE", ROWS)
        watched = Watched(patch)
        os.chdir(folder)
        try:
            prepare.main(*OBJECTS)
            robustness.main(*OBJECTS, "epochs-1", 0)
            for suffix in (".json", ".npz"):
                (FOLDER / f"epochs-1-0{suffix}").rename(folder / f"alone{suffix}")
            wae.main(*OBJECTS, 0)
            for word in ("full", "half", "wae_cnn_frozen"):
                train.main(*VGG16, word, 0)
            finetune.main(*VGG16, "wae_cnn", 0)
        finally:
            os.chdir(before)
    return folder, watched.weights


@pytest.fixture
def there(trained, monkeypatch):
    monkeypatch.chdir(trained[0])
    monkeypatch.setenv("DVC_ROOT", ".")
    monkeypatch.setattr(robustness, "CORE", ROWS)
    return Watched(monkeypatch)


def summary(name: str) -> dict[str, dict]:
    return {one["row"]: one for one in paths.read_json(FOLDER / f"{name}.json")["trainings"]}


def test_a_condition_that_changes_nothing_gives_the_weights_of_the_main_run_bit_for_bit(there, trained):
    _, weights = trained
    folders = {"wae": Path("models/smoke/objects/wae/seed0")}
    folders |= {row: Path(f"models/smoke/objects/vgg16/{row}/seed0") for row in ROWS}
    assert weights.keys() == folders.keys()
    for row, folder in folders.items():
        expected = running.read_weights(folder)
        assert expected.keys() == weights[row].keys()
        assert all(expected[name].equal(weights[row][name]) for name in expected), row


def test_what_the_main_run_has_is_read_and_gives_the_same_ranks_as_when_it_is_trained(there):
    robustness.main(*OBJECTS, "epochs-1", 0)
    assert there.weights == {}
    with np.load(FOLDER / "epochs-1-0.npz") as read, np.load("alone.npz") as alone:
        assert read.files == alone.files == ["label", "unit", *ROWS]
        assert all(np.array_equal(read[name], alone[name]) for name in read.files)
    alone = {one["row"]: one for one in paths.read_json(Path("alone.json"))["trainings"]}
    for row, one in summary("epochs-1-0").items():
        assert (one["trained_here"], alone[row]["trained_here"]) == (False, True)
        measured = [name for name in one if name.endswith("percent") or name in ("psnr_db", "energy_ratio")]
        assert measured
        assert {name: one[name] for name in measured} == pytest.approx({name: alone[row][name] for name in measured})


def test_lambda_trains_again_what_depends_on_lambda(there):
    robustness.main(*OBJECTS, "lambda-0", 0)
    assert list(there.weights) == ["wae", "wae_cnn_frozen", "wae_cnn"]
    found = summary("lambda-0-0")
    assert {row: one["trained_here"] for row, one in found.items()} == {
        "wae": True, "full": False, "half": False, "wae_cnn_frozen": True, "wae_cnn": True,
    }  # fmt: skip
    assert found["wae"]["energy_ratio"] > summary_of_main()["wae"]["energy_ratio"]


def summary_of_main() -> dict[str, dict]:
    return {one["row"]: one for one in paths.read_json(Path("alone.json"))["trainings"]}


def test_an_interrupted_condition_trains_what_is_missing(there):
    robustness.main(*OBJECTS, "epochs-0.5", 0)
    assert list(there.weights) == ["full", "half", "wae_cnn_frozen", "wae_cnn"]
    before = summary("epochs-0.5-0")
    stored = paths.read_json(FOLDER / "epochs-0.5-0.json")
    stored["trainings"] = [one for one in stored["trainings"] if one["row"] != "half"]
    paths.write_json(FOLDER / "epochs-0.5-0.json", stored)
    there.weights.clear()
    robustness.main(*OBJECTS, "epochs-0.5", 0)
    assert list(there.weights) == ["half"]
    after = summary("epochs-0.5-0")
    assert list(after) == list(before)
    assert {**after["half"], "seconds": 0} == {**before["half"], "seconds": 0}
    assert after["full"]["epochs"] == before["full"]["epochs"] == 1


def test_convergence_sets_half_the_epochs_against_all(there):
    for condition in ("epochs-0.5", "epochs-1"):
        robustness.main(*OBJECTS, condition, 0)
    convergence.main(*OBJECTS)
    found = paths.read_json(Path("results/smoke/convergence/objects-vgg16.json"))["rows"]
    assert list(found) == list(ROWS)
    half, whole = summary("epochs-0.5-0")["full"], summary("epochs-1-0")["full"]
    assert found["full"]["moved_points"] == half["top1_error_percent"] - whole["top1_error_percent"]
