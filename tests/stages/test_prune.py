"""The pruning stage and its controls, at the smallest size."""

import json
import os
import re
from pathlib import Path

import pytest

from study import config, paths
from study.errors import InvalidParameter
from study.methods import TRAINED
from study.models import plans
from study.pruning.procedures import ToPlan
from study.stages import full_size, inputs, prepare, prune, train
from study.training import gradual
from study.training.loop import Diverged
from study.training.run import read_outcome, read_weights

ROOT = Path(__file__).parents[2]
PLACE = ("smoke", "objects", "vgg16")


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A working folder with a trained standard network of one epoch."""
    folder = tmp_path_factory.mktemp("trained")
    text = (ROOT / "params.yaml").read_text(encoding="utf-8")
    brief = "classifier: {batch: 64, epochs: 2, drops: [1]"
    assert brief in text
    (folder / "params.yaml").write_text(text.replace(brief, "classifier: {batch: 64, epochs: 1, drops: []"))
    before = Path.cwd()
    try:
        os.chdir(folder)
        prepare.main("smoke", "objects")
        train.main(*PLACE, "standard", 0)
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


def test_a_thinet_row_is_built_again_from_its_folder(there):
    prune.main(*PLACE, "thinet_tiny", 0)
    plan = plans.read(folder_of("thinet_tiny"))
    assert plan == plans.THINET_TINY
    data = inputs.read_data("smoke", "objects")
    settings = config.load("smoke", ("channel_norm", "scales.{scale}.network"))
    shape = inputs.shape(data, settings.network, settings.channel_norm)
    _, network = inputs.trained_network(*PLACE, "thinet_tiny", 0, shape)
    assert network is not None


def test_the_method_that_the_readme_adds_runs(there, monkeypatch):
    section = (ROOT / "README.md").read_text(encoding="utf-8").partition("## Add a pruning method")[2]
    criterion, line = re.findall(r"```python\n(.*?)```", section, re.DOTALL)[:2]
    names = {"ToPlan": ToPlan, "THINET_GAP": plans.THINET_GAP}
    exec(criterion, names)
    for method, procedure in eval("{" + line + "}", names).items():
        monkeypatch.setitem(prune.METHODS["vgg16"], method, procedure)
    prune.main(*PLACE, "magnitude_gap", 0)
    assert plans.read(folder_of("magnitude_gap")) == plans.THINET_GAP
    assert read_outcome(folder_of("magnitude_gap"))["outcome"] == "trained"


def test_without_a_standard_network_nothing_is_pruned_and_the_control_is_not_trained(there, capsys):
    weights = folder_of("standard") / "outcome.json"
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


@pytest.mark.parametrize("method", ["magnitude", "thinet_30"])
def test_a_method_that_the_backbone_does_not_have_is_named_with_the_known_ones(there, method):
    with pytest.raises(InvalidParameter, match=rf"method: must be one of thinet_gap, .* on vgg16, got '{method}'"):
        prune.main(*PLACE, method, 0)


def test_every_pruned_row_has_a_method_and_no_other_has():
    controls = {place: {word for word in words if word.endswith("_scratch")} for place, words in TRAINED.items()}
    expected = {
        backbone: {word.removesuffix("_scratch") for word in words}
        for (dataset, backbone), words in controls.items()
        if dataset == "objects"
    }
    assert {backbone: set(methods) for backbone, methods in prune.METHODS.items()} == expected


def test_at_full_size_the_layers_keep_the_shares_of_the_first_seed(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    size = config.FullSize(side=224, classes=1000)
    assert "taylor_1" not in full_size.shapes("desk", "vgg16", size, True)
    kept, of = [5] * 13, [16, 16, 32, 32, 64, 64, 64, 128, 128, 128, 128, 128, 128]
    plan = {"kept": kept, "of": of, "average_pooled": False}
    other = {**plan, "kept": [7] * 13}
    paths.write_json(Path("results/desk/plans/objects-vgg16.json"), {"taylor_1": {"2": plan, "0": other}})
    shapes = full_size.shapes("desk", "vgg16", size, True)
    assert shapes["taylor_1"].plan.channels([64, 128, 256, 512] + [512] * 9)[:1] == (20,)
    assert shapes["thinet_gap"].plan is None
    assert "taylor_2" not in shapes
