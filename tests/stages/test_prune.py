"""The pruning stage and its controls, at the smallest size."""

import json
import os
from pathlib import Path

import pytest

from study.assembly.images import read_data
from study.assembly.networks import shape_of, trained_network
from study.models import plans
from study.settings import config, paths
from study.settings.errors import InvalidParameter
from study.settings.methods import METHODS, timed
from study.stages import complexity as complexity_stage
from study.stages import prepare, prune, recover, train
from study.training import gradual
from study.training.loop import Diverged
from study.training.run import TURNS, read_log, read_outcome, read_weights
from tests.parameters import changed

ROOT = Path(__file__).parents[2]
PLACE = ("smoke", "objects", "vgg16")


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A working folder with a trained standard network of one epoch."""
    folder = tmp_path_factory.mktemp("trained")
    brief = {"scales.smoke.classifier.epochs": 1, "scales.smoke.classifier.schedule": {"kind": "constant"}}
    (folder / "paper_tables").symlink_to(ROOT / "paper_tables")
    (folder / "params.yaml").write_text(changed(brief), encoding="utf-8")
    before = Path.cwd()
    try:
        os.chdir(folder)
        prepare.main("smoke", "objects")
        train.main(*PLACE, "full", 0)
    finally:
        os.chdir(before)
    return folder


@pytest.fixture
def there(trained, monkeypatch):
    monkeypatch.chdir(trained)
    monkeypatch.setenv("DVC_ROOT", ".")
    return trained


def folder_of(method: str) -> Path:
    return paths.classifier(*PLACE, method, 0)


@pytest.mark.slow
def test_pruning_repeats_itself_to_the_bit_and_leaves_what_is_evaluated(there):
    contents = []
    for _ in range(2):
        prune.main(*PLACE, "taylor_2", 0)
        contents.append({file.name: file.read_bytes() for file in folder_of("taylor_2").iterdir()})
    assert contents[0] == contents[1]
    assert contents[0].keys() == {"weights.safetensors", "log.csv", "outcome.json", "plan.json", "turns.csv"}
    assert json.loads(paths.record(folder_of("taylor_2")).read_text())["outcome"] == "trained"
    assert not list(Path("checkpoints").glob("*/state.pt"))


def test_the_control_takes_over_the_layers_that_pruning_left(there):
    if not folder_of("taylor_2").exists():
        prune.main(*PLACE, "taylor_2", 0)
    train.main(*PLACE, "taylor_2_scratch", 0)
    assert plans.read(folder_of("taylor_2_scratch")) == plans.read(folder_of("taylor_2"))
    own, pruned = (read_weights(folder_of(method)) for method in ("taylor_2_scratch", "taylor_2"))
    assert [value.shape for value in own.values()] == [value.shape for value in pruned.values()]
    assert not own["classifier.features.layers.0.weight"].equal(pruned["classifier.features.layers.0.weight"])


@pytest.mark.slow
def test_a_thinet_row_is_built_again_from_its_folder(there):
    prune.main(*PLACE, "thinet_tiny", 0)
    plan = plans.read(folder_of("thinet_tiny"))
    assert plan == plans.THINET_TINY
    settings = config.load(prune.Settings, "smoke")
    shape = shape_of(read_data("smoke", "objects"), settings.network, settings.channel_norm)
    _, network = trained_network(*PLACE, "thinet_tiny", 0, shape)
    assert network is not None


def test_without_a_standard_network_nothing_is_pruned_and_the_control_is_not_trained(there, capsys):
    weights = folder_of("full") / "outcome.json"
    outcome = weights.read_text()
    try:
        weights.write_text(json.dumps({"outcome": "diverged", "reason": "loss nan", "settings": {}}))
        prune.main(*PLACE, "taylor_1", 0)
    finally:
        weights.write_text(outcome)
    assert read_outcome(folder_of("taylor_1"))["outcome"] == "not trained"
    train.main(*PLACE, "taylor_1_scratch", 0)
    assert read_outcome(folder_of("taylor_1_scratch"))["outcome"] == "not trained"
    assert "left no plan" in capsys.readouterr().out


def test_a_divergence_between_removals_is_an_outcome(there, monkeypatch):
    def diverging(*_, **__):
        raise Diverged("loss nan in epoch 1", [])

    monkeypatch.setattr(gradual, "fit", diverging)
    prune.main(*PLACE, "thinet_gap", 0)
    found = read_outcome(folder_of("thinet_gap"))
    assert (found["outcome"], found["reason"]) == ("not trained", "diverged while it was pruned: loss nan in epoch 1")


def test_the_controls_of_pruning_have_its_updates_and_go_on_from_the_same_layers(there, monkeypatch):
    for stage, method in ((prune, "taylor_2"), (train, "taylor_2_scratch")):
        if not (folder_of(method) / "outcome.json").exists():
            stage.main(*PLACE, method, 0)
    asked = []
    finetune = recover.finetune

    def counting(network, pictures, recipe, updates, **how):
        asked.append((updates, recipe.learning_rate))
        return finetune(network, pictures, recipe, updates, **how)

    monkeypatch.setattr(recover, "finetune", counting)
    contents = []
    for _ in range(2):
        recover.main(*PLACE, "taylor_2_same_budget", 0)
        contents.append({file.name: file.read_bytes() for file in folder_of("taylor_2_same_budget").iterdir()})
    assert contents[0] == contents[1]
    turns = len(read_log(folder_of("taylor_2"), TURNS))
    assert asked == [(turns * 1, 1e-3)] * 2  # updates between removals at scale smoke: 1
    assert len(read_log(folder_of("taylor_2_same_budget"))) == len(read_log(folder_of("taylor_2"))) == 1
    assert plans.read(folder_of("taylor_2_same_budget")) == plans.read(folder_of("taylor_2"))
    before, after = (read_weights(folder_of(f"taylor_2_{end}")) for end in ("scratch", "same_budget"))
    assert any(not before[name].equal(after[name]) for name in before)


def test_without_a_pruned_network_its_control_is_not_trained_on(there, capsys):
    outcome = folder_of("thinet_tiny") / "outcome.json"
    outcome.parent.mkdir(parents=True, exist_ok=True)
    outcome.write_text(json.dumps({"outcome": "diverged", "reason": "loss nan", "settings": {}}))
    recover.main(*PLACE, "full_thinet_tiny_budget", 0)
    assert read_outcome(folder_of("full_thinet_tiny_budget"))["outcome"] == "not trained"
    assert "was not pruned" in capsys.readouterr().out


@pytest.mark.parametrize("method", ["magnitude", "thinet_30"])
def test_a_method_that_the_backbone_does_not_have_is_named_with_the_known_ones(there, method):
    known = (
        "taylor_1, taylor_2, thinet_tiny, thinet_gap for the stage prune on objects-vgg16"
        if method in METHODS
        else "full, half, "
    )
    with pytest.raises(InvalidParameter, match=rf"method: must be one of {known}.* got '{method}'"):
        prune.main(*PLACE, method, 0)


def test_every_network_is_counted_whatever_was_pruned(there):
    complexity_stage.main("smoke")
    counted = paths.read_json(paths.results("smoke") / "complexity.json")["networks"]
    assert round(counted["vgg16"]["thinet_gap"]["multiply_adds"]["conv_fc"] / 1e9, 3) == 4.668
    assert counted["resnet50"].keys() == set(timed("resnet50"))
    assert "taylor_1" not in counted["vgg16"]
