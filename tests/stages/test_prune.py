"""The pruning stage and its controls, at the smallest size."""

import json
import os
import re
from pathlib import Path

import pytest
import torch

from study.measures import complexity
from study.models import plans
from study.models.build import architecture
from study.pruning.layers import prunable
from study.pruning.procedures import ToPlan
from study.settings import config, parameters, paths
from study.settings.errors import InvalidParameter
from study.settings.methods import TRAINED
from study.stages import complexity as complexity_stage
from study.stages import full_size, inputs, prepare, prune, recover, train
from study.training import gradual
from study.training.loop import Diverged
from study.training.run import TURNS, read_log, read_outcome, read_weights

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
    before, after = (read_weights(folder_of(f"taylor_2_scratch{end}")) for end in ("", "_longer"))
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
    with pytest.raises(InvalidParameter, match=rf"method: must be one of thinet_gap, .* on vgg16, got '{method}'"):
        prune.main(*PLACE, method, 0)


def test_every_pruned_row_of_the_tables_has_a_method():
    controls = {place: {word for word in words if word.endswith("_scratch")} for place, words in TRAINED.items()}
    expected = {
        backbone: {word.removesuffix("_scratch") for word in words}
        for (dataset, backbone), words in controls.items()
        if dataset == "objects"
    }
    assert all(words <= set(prune.METHODS[backbone]) for backbone, words in expected.items())


TARGETS = {"taylor_1": 0.3714, "taylor_2": 0.2584}


def at_full_size() -> dict:
    size = parameters.FullSize(side=224, classes=1000)
    settings = config.Settings(
        full_size=size, channel_norm=True, pruning=config.Settings(targets=parameters.Targets(**TARGETS))
    )
    return full_size.shapes("desk", "vgg16", settings)


def test_at_full_size_taylor_has_its_target_and_the_layers_of_the_first_seed_in_proportion(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    of = [16, 16, 32, 32, 64, 64, 64, 128, 128, 128, 128, 128, 128]
    first = {"kept": [11, 4, 17, 12, 44, 25, 31, 71, 48, 56, 77, 69, 82], "of": of, "average_pooled": False}
    paths.write_json(
        Path("results/desk/plans/objects-vgg16.json"), {"taylor_2": {"2": first, "0": {**first, "kept": of}}}
    )
    shapes = at_full_size()
    with torch.device("meta"):
        full, network = (architecture("vgg16", "full", shapes[method]) for method in ("full", "taylor_2"))
    counted = [complexity.multiply_adds(complexity.layers(each, 224))["conv_fc"] for each in (full, network)]
    assert f"{counted[1] / 1e9:.2f}" == "4.00"  # 8.0 billion FLOPs
    assert 0.995 * TARGETS["taylor_2"] < counted[1] / counted[0] <= TARGETS["taylor_2"]
    shares = [layer.filters / whole.filters for layer, whole in zip(prunable(network), prunable(full), strict=True)]
    ratios = [share / (kept / all_) for share, kept, all_ in zip(shares, first["kept"], of, strict=True)]
    assert max(ratios) / min(ratios) < 1.05


def test_a_plan_that_is_at_its_target_is_not_touched_and_no_layer_becomes_wider_than_it_was():
    plan = plans.between([4, 4], [8, 5])
    assert full_size.at_cost(plan, 10.0, lambda one: 9.95) is plan
    wide = full_size.at_cost(plan, 1.5, lambda one: float(sum(one.kept)))
    assert [float(share) for share in wide.kept] == pytest.approx([0.577, 0.923], abs=0.001)
    all_of_it = full_size.at_cost(plan, 9.0, lambda one: float(sum(one.kept)))
    assert [float(share) for share in all_of_it.kept] == pytest.approx([1, 1], abs=1e-5)


def test_what_was_not_pruned_is_neither_counted_nor_timed(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shapes = at_full_size()
    assert shapes.keys() >= {"full", "wae_cnn", "thinet_gap"}
    assert not shapes.keys() & {"taylor_1", "taylor_2"}


def test_every_network_is_counted_whatever_was_pruned(there):
    Path("paper_tables").symlink_to(ROOT / "paper_tables")
    complexity_stage.main("smoke")
    counted = paths.read_json(paths.results("smoke") / "complexity.json")["networks"]
    assert round(counted["vgg16"]["thinet_gap"]["multiply_adds"]["conv_fc"] / 1e9, 3) == 4.668
    assert counted["resnet50"].keys() == {"full", "wae_cnn", "thinet_30"}
    assert "taylor_1" not in counted["vgg16"]
