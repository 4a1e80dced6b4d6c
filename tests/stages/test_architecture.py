"""The written-down networks against what is counted elsewhere and against the paper."""

import shutil
from pathlib import Path

import pytest

from study import paths
from study.stages import architecture

ROOT = Path(__file__).parents[2]


@pytest.fixture
def stored(tmp_path, monkeypatch):
    shutil.copy(ROOT / "params.yaml", tmp_path)
    monkeypatch.chdir(tmp_path)
    architecture.main("desk")
    return paths.read_json(paths.results("desk") / "architecture.json")


def test_parts_and_layers_have_the_same_parameters_and_the_multiply_adds_of_the_tables(stored):
    counted = paths.read_json(ROOT / "results" / "desk" / "complexity.json")["networks"]
    for backbone, network in stored["ours"].items():
        total = sum(layer["parameters"] for layer in network["layers"])
        assert total == counted[backbone]["ours"]["parameters"]
        adds = sum(part["multiply_adds"] for part in network["parts"].values())
        assert adds == counted[backbone]["ours"]["multiply_adds"]["conv_fc"]


def test_a_layer_takes_what_the_one_before_it_gave(stored):
    layers = {layer["name"]: layer for layer in stored["auto_encoder"]}
    assert layers["encoder.shared.0"]["from"] == [3, 224, 224]
    assert layers["encoder.to_low"]["to"] == layers["encoder.to_high"]["to"] == [3, 112, 112]
    assert layers["decoder.from_low.0"]["from"] == layers["encoder.to_low"]["to"]
    assert layers["decoder.from_low.0"] | {"kernel": [4, 4], "stride": [2, 2]} == layers["decoder.from_low.0"]
    assert layers["decoder.from_high.6"]["to"] == [3, 224, 224]
