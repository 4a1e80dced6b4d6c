"""The records: each word names one row, and what a record names is there."""

import importlib
from collections import Counter
from typing import get_args

import pytest

from study.models.build import backbone_of, plan_of
from study.pruning.procedures import ToCost, ToPlan, procedure
from study.settings import paths
from study.settings.errors import InvalidParameter
from study.settings.methods import (
    BACKBONES,
    METHODS,
    PLACES,
    check_place,
    controls,
    evaluated,
    label,
    method,
    pruned,
    row_of_stage,
    timed,
    trained,
)
from study.settings.named import named
from study.settings.params import read
from study.settings.records import MEASUREMENT, PRESENTATION, Method, Stage
from study.settings.rows import BACKBONES as BACKBONE_RECORDS
from study.settings.rows import ROWS

PARAMS = read()
EVERY = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.word)


def test_a_word_names_one_row_or_backbone():
    assert [word for word, times in Counter(row.word for row in ROWS).items() if times > 1] == []
    assert [word for word, times in Counter(one.word for one in BACKBONE_RECORDS).items() if times > 1] == []


@pytest.mark.parametrize("backbone", BACKBONES)
def test_no_two_rows_of_a_backbone_have_the_same_label(backbone):
    words = {word for place in PLACES if place[1] == backbone for word in evaluated(*place)} | set(timed(backbone))
    assert [text for text, times in Counter(label(word, backbone) for word in words).items() if times > 1] == []


@EVERY
def test_the_rows_that_a_row_builds_on_are_where_it_is(row):
    for other in (row.starts_from, row.plan_of, row.budget_of):
        if other:
            assert set(row.places) <= set(METHODS[other].places)
            assert METHODS[other].stage, other
    if row.part_of:
        assert set(row.places) <= set(METHODS[row.part_of].places)


@EVERY
def test_the_rows_that_a_row_builds_on_are_made_before_it(row):
    def before(word: str) -> set[str]:
        others = {
            other for other in (METHODS[word].starts_from, METHODS[word].plan_of, METHODS[word].budget_of) if other
        }
        return others.union(*(before(other) for other in others)) if others else set()

    assert row.word not in before(row.word)


@EVERY
def test_a_control_is_asked_against_a_row_that_is_somewhere_where_it_is(row):
    for control in row.controls:
        assert set(row.places) & set(METHODS[control.against].places), control
        assert control.question.endswith("?")


def test_every_control_is_asked_in_every_place_of_both_rows():
    asked = {(control.question, row.word, control.against, place) for control, row, place in controls()}
    assert asked == {
        (control.question, row.word, control.against, place)
        for row in ROWS
        for control in row.controls
        for place in PLACES
        if place in row.places and place in METHODS[control.against].places
    }


@EVERY
def test_what_a_record_names_by_a_dotted_name_is_there(row):
    for name in (row.decomposer, row.criterion):
        assert not name or callable(named(name))
    plan_of(row)  # raises for what is no plan


@pytest.mark.parametrize("word", BACKBONES)
def test_what_a_backbone_names_is_a_backbone(word):
    assert backbone_of(word).filters(1.0)


@EVERY
def test_a_row_is_made_by_a_stage_that_there_is_or_is_a_part_or_is_counted_alone(row):
    assert row.stage in get_args(Stage)
    if row.stage:
        importlib.import_module(f"study.stages.{row.stage}")
        assert row.places
        assert not row.part_of
    else:
        assert row.part_of or row.timed


@EVERY
def test_the_fields_of_a_record_fit_its_stage(row):
    assert bool(row.criterion) == bool(row.recovery) == (row.stage == "prune")
    assert bool(row.budget_of) == (row.stage == "recover")
    assert bool(row.starts_from) == (row.stage in ("finetune", "extend", "prune", "recover"))
    assert bool(row.decomposer) == (row.streams in ("low", "both"))
    assert not row.frozen_encoder or row.decomposer.startswith("study.models.wae.")
    assert not (row.plan and row.plan_of)
    if row.budget_of:
        assert METHODS[row.budget_of].stage == "prune"
    if row.plan_of:
        assert METHODS[row.plan_of].stage == "prune"


@EVERY
def test_a_timed_row_is_timed_on_backbones_that_there_are(row):
    assert set(row.timed) <= set(BACKBONES)
    assert set(row.implementations) <= set(row.timed)


@EVERY
def test_what_decides_weights_decides_measured_numbers_too(row):
    assert row.of_training().items() <= row.of_measuring().items()
    assert not row.of_training().keys() & (PRESENTATION | MEASUREMENT)
    assert not row.of_measuring().keys() & PRESENTATION
    assert row.of_training()["word"] == row.word


def test_a_field_that_is_as_in_most_rows_is_no_part_of_what_decides():
    # A field that is added later then makes no row again that leaves it as it is.
    assert Method("new", "New").of_measuring() == {"word": "new"}
    assert Method("new", "New", frozen_encoder=True).of_training() == {"word": "new", "frozen_encoder": True}


@pytest.mark.parametrize("backbone", BACKBONES)
@pytest.mark.parametrize("scale", ["smoke", "desk", "photos", "paper"])
def test_every_pruned_row_has_a_procedure_a_target_and_a_recovery(backbone, scale):
    for word in pruned(backbone):
        row = METHODS[word]
        how = procedure(row)
        assert isinstance(how, ToPlan if row.plan else ToCost)
        assert row.plan or word in PARAMS.pruning.targets
        PARAMS.at(scale).prune.recovery_of(row.recovery, backbone)


def test_every_pruned_row_has_its_own_layers_from_scratch_as_a_control():
    for row in ROWS:
        if row.criterion:
            alike = [
                other for other in ROWS
                if other.stage == "train" and (other.plan_of == row.word or (row.plan and other.plan == row.plan))
            ]  # fmt: skip
            assert [set(row.places) <= set(other.places) for other in alike] == [True], row.word


def test_places_are_those_of_the_records():
    assert {place for row in ROWS for place in row.places} == set(PLACES)
    for place in PLACES:
        assert set(trained(*place)) <= set(evaluated(*place))
        assert set(evaluated(*place)) == {row.word for row in ROWS if place in row.places}


def test_half_the_side_is_seen_by_those_whose_record_says_so():
    assert [METHODS[word].input_divisor for word in ("full", "half", "half_narrow_heads", "wae_cnn")] == [1, 2, 2, 1]


def test_what_is_not_known_is_named_with_what_is():
    with pytest.raises(InvalidParameter, match=r"^method: must be one of full, half, .*, got 'Full'$"):
        method("Full")
    with pytest.raises(InvalidParameter, match=r"^backbone: must be one of vgg16, resnet50, got 'vgg'$"):
        backbone_of("vgg")
    with pytest.raises(InvalidParameter, match=r"must be one of objects-vgg16, .*, got faces-resnet50$"):
        check_place("faces", "resnet50")
    with pytest.raises(InvalidParameter, match=r"^study/settings/rows.py: 'study.models.wae.Coder' names nothing: .*$"):
        named("study.models.wae.Coder")
    with pytest.raises(InvalidParameter, match=r"^study/settings/rows.py: 'study.models.waves.Encoder' names nothing"):
        named("study.models.waves.Encoder")


@pytest.mark.parametrize(
    ("stage", "word", "message"),
    [
        ("train", "wae_cnn", r"for the stage train on objects-vgg16; wae_cnn is made by the stage finetune$"),
        (
            "finetune",
            "full",
            r"^method: must be one of wae_cnn for the stage finetune .*; full is made by the stage train$",
        ),
        ("train", "wae_cnn_low_stream", r"for the stage train on objects-vgg16; got 'wae_cnn_low_stream'$"),
        ("prune", "thinet_30", r"for the stage prune on objects-vgg16; got 'thinet_30'$"),
        ("recover", "thinet_tiny", r"; thinet_tiny is made by the stage prune$"),
    ],
)
def test_a_stage_refuses_a_row_that_is_not_its_own_in_one_line(stage, word, message):
    with pytest.raises(InvalidParameter, match=message) as fault:
        row_of_stage(stage, "objects", "vgg16", word)
    assert len(str(fault.value).splitlines()) == 1


@pytest.mark.parametrize(("stage", "word"), [("train", "wae_cnn"), ("finetune", "full"), ("recover", "thinet_tiny")])
def test_a_stage_that_is_given_a_row_of_another_stores_nothing(tmp_path, monkeypatch, stage, word):
    (tmp_path / "params.yaml").write_text(paths.PARAMS.read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    main = importlib.import_module(f"study.stages.{stage}").main
    with pytest.raises(InvalidParameter, match=f"{word} is made by the stage"):
        main("smoke", "objects", "vgg16", word, 0)
    assert [file.name for file in tmp_path.iterdir()] == ["params.yaml"]
