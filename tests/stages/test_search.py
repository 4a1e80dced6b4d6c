"""The search at the smallest size: what it reads, what each row is given, and that it goes on where it was."""

import os
from pathlib import Path

import numpy as np
import pytest

from study.settings import paths
from study.settings.errors import InvalidParameter
from study.stages import prepare, search
from study.training import optimisers
from tests.parameters import changed

ROOT = Path(__file__).parents[2]
PLACE = ("smoke", "objects", "vgg16")
FILE = Path("results/smoke/search/objects-vgg16.json")
ROWS = ("half", "thinet_gap_scratch", "wae_cnn_frozen")

pytestmark = pytest.mark.slow


def counting(patch: pytest.MonkeyPatch) -> dict[str, int]:
    """Steps of each optimiser from here on."""
    steps = {"SGD": 0, "Adam": 0}
    for name in steps:
        kind = getattr(optimisers, name)

        def step(self, *arguments, of=kind.step, name=name, **more):
            steps[name] += 1
            return of(self, *arguments, **more)

        patch.setattr(kind, "step", step)
    return steps


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A working folder with a finished search of three rows, made without the test images; the steps that it took."""
    folder = tmp_path_factory.mktemp("search")
    text = changed({"search.learning_rate.vgg16": [0.01, 0.1], "scales.smoke.data.objects.train_per_class": 10})
    (folder / "params.yaml").write_text(text, encoding="utf-8")
    (folder / "paper_tables").symlink_to(ROOT / "paper_tables")
    before = Path.cwd()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DVC_ROOT", ".")
        patch.setattr(search, "searched", lambda *_: ROWS)
        os.chdir(folder)
        try:
            prepare.main("smoke", "objects")
            for file in Path("data/smoke/objects").glob("test_*"):
                file.unlink()
            steps = counting(patch)
            search.main(*PLACE)
        finally:
            os.chdir(before)
    return folder, steps


@pytest.fixture
def there(finished, monkeypatch):
    folder, _ = finished
    monkeypatch.chdir(folder)
    monkeypatch.setenv("DVC_ROOT", ".")
    monkeypatch.setattr(search, "searched", lambda *_: ROWS)
    return paths.read_json(FILE)


def test_a_search_needs_no_test_image(there):
    assert (there["training_images"], there["validation_images"]) == (19 * 8, 19 * 2)
    assert not list(Path("data").glob("**/test_*"))


def test_every_row_is_tried_with_every_candidate_once(there):
    tried = {row: [] for row in ROWS}
    for one in there["trainings"]:
        tried[one["row"]].append((one["learning_rate"], one["dropout"]))
    both = [(0.01, 0.0), (0.01, 0.5), (0.1, 0.0), (0.1, 0.5)]
    assert tried == {
        "half": both,
        "thinet_gap_scratch": [(0.01, None), (0.1, None)],  # its head has no dropout
        "wae_cnn_frozen": both,
    }


def test_every_training_has_the_same_number_of_updates_and_the_optimiser_makes_them(there, finished):
    updates = [one["updates"] for one in there["trainings"]]
    assert set(updates) == {19 * 8 // 64}
    _, steps = finished
    assert steps["SGD"] == sum(updates) + 2 * (19 * 8 // 16)  # and two epochs of one auto-encoder
    assert steps["Adam"] == 0


def test_a_training_says_what_it_came_to(there):
    for one in there["trainings"]:
        assert one["outcome"] == "trained"
        assert 0 <= one["top5_error_percent"] <= one["top1_error_percent"] <= 100
        assert one["training_error_percent"] > 0
    assert {one["row"] for one in there["trainings"] if "stage_1" in one} == {"wae_cnn_frozen"}


def test_candidates_differ_in_what_they_come_to(there):
    of_half = {one["training_error_percent"] for one in there["trainings"] if one["row"] == "half"}
    assert len(of_half) > 2


def test_every_row_has_a_choice_among_the_candidates(there):
    assert there["choice"].keys() == set(ROWS)
    for one in there["choice"].values():
        assert one["learning_rate"] in (0.01, 0.1)
        assert one["dropout"] in (0.0, 0.5)


def test_a_finished_search_trains_nothing_and_an_interrupted_one_what_is_missing(there, monkeypatch):
    def without_seconds(found):
        return [{name: value for name, value in one.items() if name != "seconds"} for one in found["trainings"]]

    steps = counting(monkeypatch)
    search.main(*PLACE)
    assert steps == {"SGD": 0, "Adam": 0}
    cut = {**there, "trainings": there["trainings"][1:]}
    del cut["choice"]
    paths.write_json(FILE, cut)
    search.main(*PLACE)
    assert steps == {"SGD": there["trainings"][0]["updates"], "Adam": 0}
    again = paths.read_json(FILE)
    assert without_seconds(again) == without_seconds(there)
    assert again["choice"] == there["choice"]


def test_an_entry_of_other_settings_does_not_stay(there, monkeypatch):
    monkeypatch.setattr(search, "searched", lambda *_: ("half",))
    text = Path("params.yaml").read_text(encoding="utf-8")
    Path("params.yaml").write_text(changed({"sgd.weight_decay": 0.0004}, text), encoding="utf-8")
    try:
        search.main(*PLACE)
        found = paths.read_json(FILE)["trainings"]
        assert len(found) == 4
        assert not {one["key"] for one in found} & {one["key"] for one in there["trainings"]}
    finally:
        Path("params.yaml").write_text(text, encoding="utf-8")
        paths.write_json(FILE, there)


def test_a_scale_that_keeps_the_papers_recipe_is_not_searched(there):
    with pytest.raises(InvalidParameter, match=r"^scales.paper.search_epochs: null, so this scale keeps its recipe"):
        search.main("paper", "objects", "vgg16")


def test_rows_whose_layers_pruning_leaves_are_not_searched():
    assert "taylor_1_scratch" not in search.searched("objects", "vgg16")
    assert {"full", "half", "wae_cnn_joint", "thinet_tiny_scratch"} <= set(search.searched("objects", "vgg16"))
    assert not np.isin(("wae_cnn", "full_extended", "taylor_1"), search.searched("objects", "vgg16")).any()
