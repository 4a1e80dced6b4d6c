"""Drops of pruned networks, on ranks made in the test."""

import csv
import io
from dataclasses import replace

import numpy as np
import pytest

from study.judging import pruning
from study.judging.measured import Measured
from study.paper import tables as paper
from study.rendering import csv as lines
from study.rendering import markdown
from study.rendering import pruning as page
from study.settings import paths
from study.settings.methods import BACKBONES, METHODS, pruned

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
        one
        for one in pruning.drops(measured, TABLES, left or {}, "desk").rows
        if (one.backbone, one.method) == (backbone, method)
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
    ours = {(backbone, word) for backbone in BACKBONES for word in pruned(backbone)}
    assert ours == {pair for pair in known if pair[1] != "wae_cnn"}


def test_a_pruned_row_knows_its_layers_from_scratch_and_with_its_budget():
    for backbone in BACKBONES:
        for word in pruned(backbone):
            scratch, budget = pruning.from_scratch(METHODS[word]), pruning.same_budget(METHODS[word])
            assert (scratch.word, budget.word) == (f"{word}_scratch", f"{word}_same_budget")
            assert (budget.starts_from, budget.budget_of) == (scratch.word, word)
    assert pruning.from_scratch(METHODS["wae_cnn"]) is None


def test_a_pruned_row_that_the_paper_lacks_has_a_drop_without_quoted_numbers(monkeypatch):
    new = replace(METHODS["thinet_gap"], word="l1", label="L1", plan="somewhere.PLAN", in_paper=False)
    monkeypatch.setitem(METHODS, "l1", new)
    monkeypatch.setattr(pruning, "pruned", lambda backbone: ("l1",) if backbone == "vgg16" else ())
    one = row("l1", errors(full=20, l1=26))
    assert (one.label, one.error, one.drop) == ("L1", 26, pytest.approx(6))
    assert (one.quoted_error, one.quoted_drop, one.scratch_error) == (None, None, None)
    assert "| VGG16 | L1 | – | – | – | 26.00 |" in markdown.page(page.page(pruning.Drops("desk", (one,))))


def test_the_drop_here_is_paired_with_the_standard_network_and_the_gain_with_the_one_of_its_budget():
    one = row("thinet_gap", errors(full=20, thinet_gap=30, thinet_gap_scratch=50, thinet_gap_same_budget=45))
    assert (one.quantity, one.error, one.baseline) == ("top1_error_percent", 30, 20)
    assert (one.scratch_error, one.same_budget_error) == (50, 45)
    assert one.drop == pytest.approx(10)
    assert one.gain_over_same_budget == pytest.approx(15)
    assert one.drop_interval[0] < 10 < one.drop_interval[1]
    assert one.drop_interval[0] > 0


def test_with_many_classes_the_errors_are_top_5_errors():
    one = row("thinet_gap", errors(classes=1000, full=20, thinet_gap=30))
    assert (one.quantity, one.error, one.drop) == ("top5_error_percent", 15, pytest.approx(5))


def test_what_is_missing_or_failed_is_named_and_nothing_is_made_up():
    measured = errors(full=20, thinet_gap=30)
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
    found = pruning.drops(errors(full=20, taylor_2=30), TABLES, left, "desk")
    text = markdown.page(page.page(found))
    assert "| VGG16 | Taylor-2 | 0 | 5 2 |" in text
    assert "| VGG16 | Taylor-2 | 15.50 | 10.70 | +4.80 | 30.00 | 20.00 | +10.00 (" in text
    assert found.rows[1].channels == {"0": (5, 2)}
    read = list(csv.DictReader(io.StringIO(lines.lines(found.rows))))
    assert [line["method"] for line in read] == [one.method for one in found.rows]
    assert float(read[1]["drop_interval_low"]) < 10


def test_the_layers_are_those_of_the_networks_on_objects(tmp_path):
    for name, kept in (("objects-vgg16", [5]), ("faces-vgg16", [6])):
        paths.write_json(tmp_path / "plans" / f"{name}.json", {"taylor_1": {"0": {"kept": kept}}})
    assert pruning.plans(tmp_path) == {"vgg16": {"taylor_1": {"0": {"kept": [5]}}}}


def test_rows_carry_the_labels_of_their_records():
    labels = [one.label for one in pruning.drops({}, TABLES, {}, "desk").rows]
    assert labels == ["Taylor-1", "Taylor-2", "ThiNet-Tiny", "ThiNet-GAP", "WAE+CNN", "ThiNet-30", "WAE+CNN"]
