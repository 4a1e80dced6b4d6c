"""Conditions: each changes one choice of the recipe and nothing else."""

import pytest

from study.assembly.conditions import Recipe, condition
from study.settings import config
from study.settings.errors import InvalidParameter
from study.settings.params import read

REGISTERED = read().robustness
DESK = config.load(Recipe, "desk")


@pytest.mark.parametrize("name", REGISTERED)
def test_a_condition_changes_no_more_than_its_choice(name):
    may_change = {
        "epochs": {"classifier", "finetune"},
        "dropout": {"network"},
        "initialisation": {"network"},
        "stage_1": {"wae"},
        "lambda": {"lambda_"},
    }
    one = condition(name)
    changed = one.applied(DESK)
    differs = {field for field in Recipe.model_fields if getattr(changed, field) != getattr(DESK, field)}
    assert differs <= may_change[one.choice]


def test_of_every_choice_one_condition_is_the_recipe_of_the_scale_itself():
    same = [name for name in REGISTERED if condition(name).applied(DESK) == DESK]
    assert [condition(name).choice for name in same] == ["epochs", "dropout", "stage_1", "initialisation", "lambda"]


def test_twice_the_epochs_are_twice_the_epochs_and_milestones_lie_at_the_same_shares():
    recipe = config.load(Recipe, "smoke")
    changed = condition("epochs-2").applied(recipe)
    assert (changed.classifier.epochs, changed.finetune.epochs) == (
        2 * recipe.classifier.epochs, 2 * recipe.finetune.epochs,
    )  # fmt: skip
    assert changed.classifier.schedule.epochs == [2 * epoch for epoch in recipe.classifier.schedule.epochs]
    assert changed.wae == recipe.wae


@pytest.mark.parametrize(
    "name", ["epochs", "epochs-0", "epochs-half", "dropout-1", "lambda--1", "lambda-nan", "stage_1-rmsprop", "width-1"]
)
def test_what_is_no_condition_is_refused(name):
    with pytest.raises(InvalidParameter, match="^condition: must be one of epochs-<number>, dropout-<number>"):
        condition(name)
