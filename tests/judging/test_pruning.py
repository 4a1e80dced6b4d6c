"""Drops of pruned networks, on ranks made in the test."""

import csv
import io
import json

import numpy as np
import pytest

from study.judging import pruning
from study.judging.measured import Measured
from study.paper import tables as paper
from study.settings import paths
from study.settings.methods import TRAINED

TABLES = paper.tables()


def network(percent: float, classes: int = 10, images: int = 200) -> Measured:
    wrong = np.array([np.arange(images) < percent / 100 * images] * 2)
    return Measured(percent, "accuracy", "desk", classes=classes, wrong=wrong)


def errors(classes: int = 10, quantity: str = "top1_error_percent", **rows: float) -> dict:
    found = {("objects", "vgg16", method, quantity, ""): network(value, classes) for method, value in rows.items()}
    return found | {
        ("objects", "vgg16", method, "top5_error_percent", ""): network(value / 2, classes)
        for method, value in rows.items()
    }


def row(method: str, measured: dict, left: dict | None = None, backbone: str = "vgg16") -> pruning.Drop:
    (one,) = [
        one for one in pruning.drops(measured, TABLES, left or {}) if (one.backbone, one.method) == (backbone, method)
    ]
    return one


@pytest.mark.parametrize(
    ("backbone", "method", "drop"),
    [
        ("vgg16", "taylor_1", 2.3),
        ("vgg16", "taylor_2", 4.8),
        ("vgg16", "thinet_tiny", 6.47),  # as the paper prints it
        ("vgg16", "thinet_gap", 0.52),  # as the abstract of Luo et al. prints it
        ("vgg16", "wae_cnn", 0.22),  # as the paper prints it
        ("resnet50", "thinet_30", 2.84),
        ("resnet50", "wae_cnn", 0.8),  # as the paper prints it
    ],
)
def test_a_quoted_drop_is_taken_from_the_baseline_of_its_own_paper(backbone, method, drop):
    assert row(method, {}, backbone=backbone).quoted_drop == drop


def test_baselines_redo_their_arithmetic_and_every_pruned_row_has_one():
    for entry in pruning.baselines():
        if entry["status"] == "derived":
            whole, part = map(float, entry["derivation"].split("-"))
            assert float(entry["value"]) == pytest.approx(whole - part)
        else:
            assert entry["status"] == "printed"
            assert "derivation" not in entry
    known = {(entry["backbone"], entry["method"]) for entry in pruning.baselines()}
    pruned = {
        (backbone, method.removesuffix("_scratch"))
        for (_, backbone), methods in TRAINED.items()
        for method in methods
        if method.endswith("_scratch")
    }
    assert pruned == {pair for pair in known if pair[1] != "wae_cnn"}


def test_the_drop_here_is_paired_with_the_standard_network_and_the_gain_with_the_one_of_its_budget():
    one = row("thinet_gap", errors(standard=20, thinet_gap=30, thinet_gap_scratch=50, thinet_gap_scratch_longer=45))
    assert (one.quantity, one.error, one.baseline) == ("top1_error_percent", 30, 20)
    assert (one.scratch_error, one.scratch_longer_error) == (50, 45)
    assert one.drop == pytest.approx(10)
    assert one.gain_over_scratch == pytest.approx(15)
    assert one.drop_interval[0] < 10 < one.drop_interval[1]
    assert one.drop_interval[0] > 0


def test_with_many_classes_the_errors_are_top_5_errors():
    one = row("thinet_gap", errors(classes=1000, standard=20, thinet_gap=30))
    assert (one.quantity, one.error, one.drop) == ("top5_error_percent", 15, pytest.approx(5))


def test_what_is_missing_or_failed_is_named_and_nothing_is_made_up():
    measured = errors(standard=20, thinet_gap=30)
    failed = Measured(None, "accuracy", "desk", failed="seed 0: loss nan", classes=10)
    measured |= {
        ("objects", "vgg16", "thinet_gap", name, ""): failed for name in ("top1_error_percent", "top5_error_percent")
    }
    one = row("thinet_gap", measured)
    assert one.lacking == (
        "its error (failed: seed 0: loss nan), its multiply-adds, the same network from scratch, "
        "that one with the updates of pruning"
    )
    assert (one.error, one.drop, one.drop_interval) == (None, None, None)


def test_the_layers_and_the_drops_are_in_every_form():
    left = {"vgg16": {"taylor_2": {"0": {"kept": [5, 2], "of": [8, 8], "average_pooled": False}}}}
    found = pruning.drops(errors(standard=20, taylor_2=30), TABLES, left)
    text = pruning.as_markdown(found, "desk")
    assert "| vgg16 | Taylor-2 | 0 | 5 2 |" in text
    assert "| vgg16 | Taylor-2 | 15.50 | 10.70 | +4.80 | 30.00 | 20.00 | +10.00 (" in text
    stored = {
        one["method"]: one for one in json.loads(pruning.as_json(found, "desk"))["rows"] if one["backbone"] == "vgg16"
    }
    assert stored["taylor_2"]["channels"] == {"0": [5, 2]}
    lines = list(csv.DictReader(io.StringIO(pruning.as_csv(found))))
    assert [line["method"] for line in lines] == [one.method for one in found]
    assert float(lines[1]["drop_interval_low"]) < 10


def test_the_layers_are_those_of_the_networks_on_objects(tmp_path):
    for name, kept in (("objects-vgg16", [5]), ("faces-vgg16", [6])):
        paths.write_json(tmp_path / "plans" / f"{name}.json", {"taylor_1": {"0": {"kept": kept}}})
    assert pruning.plans(tmp_path) == {"vgg16": {"taylor_1": {"0": {"kept": [5]}}}}


def test_rows_carry_the_papers_labels():
    labels = [one.label for one in pruning.drops({}, TABLES, {})]
    assert labels == ["Taylor-1", "Taylor-2", "ThiNet-Tiny", "ThiNet-GAP", "Ours", "ThiNet-30", "Ours"]
