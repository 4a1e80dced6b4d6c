"""The networks at full size: the layers that pruning left, at the same share of the multiply-adds."""

from pathlib import Path

import pytest
import torch

from study.assembly import full_size
from study.measures import complexity
from study.models import plans
from study.models.build import architecture
from study.models.shape import Shape
from study.pruning.layers import prunable
from study.settings import paths

TARGETS = {"taylor_1": 0.3714, "taylor_2": 0.2584}


def at_full_size() -> dict:
    return full_size.shapes("desk", "vgg16", Shape(side=224, classes=1000), TARGETS)


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
