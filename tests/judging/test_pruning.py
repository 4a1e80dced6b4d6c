"""Drops of pruned networks, on ranks made in the test."""

from dataclasses import replace

import pytest

from study.judging import pruning
from study.paper import tables as paper
from study.rendering import markdown
from study.rendering import pruning as page
from study.settings import paths
from study.settings.methods import BACKBONES, METHODS, pruned
from tests.made import places, results

TABLES = paper.tables()


def drops(rows: dict, left: dict | None = None, **more) -> pruning.Drops:
    return pruning.drops({}, places(results(rows, **more)), TABLES, left or {}, "desk")


def row(method: str, rows: dict, backbone: str = "vgg16", **more) -> pruning.Drop:
    (one,) = [one for one in drops(rows, **more).rows if (one.backbone, one.method) == (backbone, method)]
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
    assert row(method, {}, backbone).quoted_drop == drop


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
    one = row("l1", {"full": 20.0, "l1": 26.0})
    assert (one.label, one.drops["top1"].row_error_percent) == ("L1", 26)
    assert one.drops["top1"].difference == pytest.approx(6)
    assert (one.quoted_error, one.quoted_drop, one.from_scratch) == (None, None, {})
    assert "| VGG16 | L1 | – | – | – | 26.00 |" in markdown.page(page.page(pruning.Drops("desk", (one,))))


def test_the_drop_is_paired_with_the_full_network_and_the_gains_with_the_same_layers_from_scratch():
    rows = {"full": 20.0, "thinet_gap": 30.0, "thinet_gap_scratch": 50.0, "thinet_gap_same_budget": 45.0}
    one = row("thinet_gap", rows)
    for metric in ("top1", "top5"):
        assert one.drops[metric].difference == pytest.approx(10)
        assert one.from_scratch[metric].difference == pytest.approx(-20)
        assert one.same_budget[metric].difference == pytest.approx(-15)
        low, high = one.drops[metric].interval
        assert 0 < low < 10 < high
        assert (one.drops[metric].word, one.same_budget[metric].word) == ("worse", "better")


def test_both_errors_stand_side_by_side_and_one_that_cannot_vary_has_no_number():
    one = row("thinet_gap", {"full": 20.0, "thinet_gap": 30.0}, classes=5)
    assert (one.drops["top1"].word, one.drops["top5"].word) == ("worse", "cannot tell")
    assert (one.drops["top5"].difference, one.drops["top5"].row_error_percent) == (None, None)


def test_what_is_missing_or_failed_is_named_and_nothing_is_made_up():
    rows = {"full": 20.0, "thinet_gap": {1: 30.0, 2: 30.0}}
    one = row("thinet_gap", rows, failed={"thinet_gap": {0: "loss nan"}})
    assert one.lacking.startswith("ThiNet-GAP: seed 0: loss nan")
    assert "ThiNet-GAP from scratch: not measured" in one.lacking
    assert one.lacking.endswith("its multiply-adds")
    assert {its.word for its in one.drops.values()} == {"cannot tell"}
    assert {its.difference for its in one.drops.values()} == {None}


def test_the_layers_and_the_drops_are_on_the_page():
    left = {"vgg16": {"taylor_2": {"0": {"kept": [5, 2], "of": [8, 8], "average_pooled": False}}}}
    found = drops({"full": 20.0, "taylor_2": 30.0}, left)
    text = markdown.page(page.page(found))
    assert "| VGG16 | Taylor-2 | 0 | 5 2 |" in text
    assert "| VGG16 | Taylor-2 | 15.50 | 10.70 | +4.80 | 30.00 | – | the full network | +10.00 (" in text
    assert found.rows[1].channels == {"0": (5, 2)}


def test_the_layers_are_those_of_the_networks_on_objects(tmp_path):
    for name, kept in (("objects-vgg16", [5]), ("faces-vgg16", [6])):
        paths.write_json(tmp_path / "plans" / f"{name}.json", {"taylor_1": {"0": {"kept": kept}}})
    assert pruning.plans(tmp_path) == {"vgg16": {"taylor_1": {"0": {"kept": [5]}}}}


def test_rows_carry_the_labels_of_their_records():
    labels = [one.label for one in drops({}).rows]
    assert labels == ["Taylor-1", "Taylor-2", "ThiNet-Tiny", "ThiNet-GAP", "WAE+CNN", "ThiNet-30", "WAE+CNN"]
