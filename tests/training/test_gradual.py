"""Laws of removal and fine-tuning in turns."""

from dataclasses import replace
from functools import partial

import numpy as np
import pytest
import torch

from study.data.batches import Pictures, central_plan
from study.data.collection import Collection, Packed
from study.models import plans
from study.models.build import build
from study.models.shape import Shape
from study.pruning.layers import filters
from study.pruning.procedures import Numbers, ToCost, Unpruned
from study.pruning.taylor import taylor
from study.settings.parameters.training import Constant
from study.training import gradual
from study.training.checkpoint import Checkpoint, NotKept
from study.training.device import make_deterministic
from study.training.gradual import finetune, gradually, some
from study.training.loop import Diverged, Recipe

SHAPE = Shape(side=32, classes=4, width=1 / 16, batch_norm=True)
NUMBERS = Numbers(6, 5, 24, 60, 1.0, {"row": 0.4})
RECIPE = Recipe(0.001, 0.9, 0.0005, 8, 1, Constant(kind="constant"), "loss")


@pytest.fixture
def pictures():
    random = np.random.default_rng(0)
    packed = Packed(random.integers(0, 256, (40, 36, 36, 3), dtype=np.uint8), np.arange(40) % 4)
    return Pictures(Collection(tuple("abcd"), packed, packed), "train", 36, 32)


def by_turns(pictures, checkpoint, recover=None):
    """A network pruned by Taylor, two updates behind every removal."""
    make_deterministic(0)
    network = build("vgg16", "full", SHAPE)
    unpruned = Unpruned(network, SHAPE.side)

    def update(current, seed):
        return finetune(current, pictures, RECIPE, 2, seed=seed, bf16=False, title="test")

    return gradually(
        network,
        lambda current, seed: ToCost(taylor, "row").remove(current, unpruned, pictures, NUMBERS, seed),
        recover or update,
        filters=filters,
        rebuild=lambda kept: build("vgg16", "any", replace(SHAPE, plan=plans.between(kept, unpruned.filters))),
        seed=0,
        checkpoint=checkpoint,
    )


def equal(first, second) -> bool:
    return all(value.equal(second.state_dict()[name]) for name, value in first.state_dict().items())


@pytest.mark.slow
def test_an_interrupted_pruning_goes_on_and_ends_in_the_same_bits(pictures, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(gradual, "SECONDS_BETWEEN_CHECKPOINTS", -1.0)
    monkeypatch.setattr(gradual, "SHARE_OF_SAVING", float("inf"))
    whole, turns = by_turns(pictures, NotKept())
    assert len(turns) > 2
    done = []

    def cut(current, seed):
        if len(done) == 2:
            raise KeyboardInterrupt
        done.append(seed)
        return finetune(current, pictures, RECIPE, 2, seed=seed, bf16=False, title="test")

    with pytest.raises(KeyboardInterrupt):
        by_turns(pictures, Checkpoint(tmp_path), cut)
    resumed, again = by_turns(pictures, Checkpoint(tmp_path))
    assert "going on behind turn 2 of pruning" in capsys.readouterr().out
    assert again == turns
    assert equal(whole, resumed)
    # What has been pruned to the end is not pruned again.
    once_more, _ = by_turns(pictures, Checkpoint(tmp_path), recover=lambda *_: pytest.fail("pruned again"))
    assert equal(whole, once_more)


def test_every_turn_is_recorded_and_learns(pictures):
    network, turns = by_turns(pictures, NotKept())
    assert [row["turn"] for row in turns] == list(range(1, len(turns) + 1))
    full = filters(build("vgg16", "full", SHAPE))
    assert sum(row["removed"] for row in turns) + sum(filters(network)) == sum(full)
    assert {"loss", "top1_error_percent"} <= turns[0].keys()


def test_a_fine_tuning_that_diverges_says_so(pictures):
    reckless = replace(RECIPE, learning_rate=1e12)
    hopeless = partial(finetune, pictures=pictures, recipe=reckless, updates=20, bf16=False, title="test")
    with pytest.raises(Diverged):
        by_turns(pictures, NotKept(), lambda current, seed: hopeless(current, seed=seed))


def test_a_fine_tuning_takes_as_many_updates_as_it_is_given(pictures):
    network = build("vgg16", "full", SHAPE)
    finetune(network, pictures, RECIPE, 7, seed=0, bf16=False, title="test")
    norms = [module for module in network.modules() if isinstance(module, torch.nn.BatchNorm2d)]
    assert {norm.num_batches_tracked.item() for norm in norms} == {7}


@pytest.mark.parametrize("count", [5, 40, 95])
def test_pictures_come_up_again_only_when_all_have(pictures, count):
    chosen = some(pictures, count, seed=3)
    assert len(chosen) == count
    images, _ = next(iter(chosen.batches(central_plan(count, count, chosen.margin))))
    _, times = images.flatten(1).unique(dim=0, return_counts=True)
    assert times.max() - times.min() <= 1
    assert len(times) == min(count, 40)
