"""The training of a run: optimiser and schedule from the settings, and what all classifiers have in common."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from torch import nn

from study.assembly.images import images
from study.data.prepared import PreparedSet
from study.measures.chance import learned_below_percent
from study.settings.parameters.training import SGD, AutoEncoderTraining, Constant, ShortTraining, Training
from study.settings.record import Record
from study.settings.records import Method
from study.training.loop import Objective, Recipe
from study.training.run import train

WATCHED = "top1_error_percent"  # what a classifier's schedule looks at


def recipe(training: Training, learning_rate: float, sgd: SGD, watched: str = WATCHED, *, adam: bool = False) -> Recipe:
    """Optimiser and schedule of a training."""
    return Recipe(
        learning_rate,
        sgd.momentum,
        sgd.weight_decay,
        training.batch,
        training.epochs,
        training.schedule,
        watched,
        adam=adam,
    )


def auto_encoder_recipe(training: AutoEncoderTraining, sgd: SGD) -> Recipe:
    """Optimiser and schedule of stage 1."""
    return recipe(training, training.learning_rate, sgd, "reconstruction", adam=training.optimiser == "adam")


def brief_recipe(training: ShortTraining, sgd: SGD) -> Recipe:
    """Optimiser of a fine-tuning by a number of updates, at one rate."""
    schedule = Constant(kind="constant")
    return Recipe(training.learning_rate, sgd.momentum, sgd.weight_decay, training.batch, 1, schedule, WATCHED)


def train_classifier(
    folder: Path,
    make: Callable[[], tuple[nn.Module, Objective]],
    data: PreparedSet,
    row: Method,
    how: Recipe,
    *,
    seed: int,
    precision: str,
    settings: dict[str, Any],
    record: Record,
) -> None:
    """Train what `make` returns on a row's training images, as study.training.run.train does. What counts as having
    learned follows from their labels."""
    chosen = images(data, "train", row)
    train(
        folder,
        make,
        chosen,
        replace(how, learned=learned_below_percent(chosen.labels.numpy())),
        seed=seed,
        precision=precision,
        settings={"method": row.word, **settings},
        data_digest=data.digest,
        record=record,
    )
