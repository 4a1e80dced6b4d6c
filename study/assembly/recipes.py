"""The training of a run: optimiser and schedule from the settings, and what all classifiers have in common."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Annotated, TypeVar

from study.assembly.images import images
from study.data.batches import Pictures
from study.data.prepared import PreparedSet
from study.measures.chance import learned_below_percent
from study.settings.config import At, StageSettings
from study.settings.parameters.training import (
    SGD,
    AutoEncoderTraining,
    Constant,
    Milestones,
    Network,
    ShortTraining,
    Training,
)
from study.settings.parameters.types import Precision
from study.settings.record import Record
from study.settings.records import Method
from study.training.loop import Objective, Recipe
from study.training.run import train

T = TypeVar("T", bound=Training)
WATCHED = "top1_error_percent"  # what a classifier's schedule looks at


class ClassifierSettings(StageSettings):
    """What the training of every classifier reads of params.yaml."""

    sgd: SGD
    precision: Precision
    channel_norm: bool
    network: Annotated[Network, At("scales.{scale}.network")]


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


def lasting(training: T, epochs: int) -> T:
    """The same training for another number of epochs; milestones lie at the same shares of it."""
    schedule = training.schedule
    if isinstance(schedule, Milestones):
        at = sorted({max(1, round(epoch * epochs / training.epochs)) for epoch in schedule.epochs})
        schedule = schedule.model_copy(update={"epochs": at})
    return training.model_copy(update={"epochs": epochs, "schedule": schedule})


def counted(how: Recipe, pictures: Pictures) -> Recipe:
    """The recipe with what counts as having learned, which follows from the labels of the training images."""
    return replace(how, learned=learned_below_percent(pictures.labels.numpy()))


def brief_recipe(training: ShortTraining, sgd: SGD) -> Recipe:
    """Optimiser of a fine-tuning by a number of updates, at one rate."""
    schedule = Constant(kind="constant")
    return Recipe(training.learning_rate, sgd.momentum, sgd.weight_decay, training.batch, 1, schedule, WATCHED)


def train_classifier(
    folder: Path,
    make: Callable[[], Objective],
    data: PreparedSet,
    row: Method,
    how: Recipe,
    *,
    seed: int,
    settings: ClassifierSettings,
    record: Record,
) -> None:
    """Train what `make` returns on a row's training images, as study.training.run.train does."""
    chosen = images(data, "train", row)
    train(
        folder,
        make,
        chosen,
        counted(how, chosen),
        seed=seed,
        precision=settings.precision,
        settings={"method": row.word, **settings.as_dict()},
        data_digest=data.digest,
        record=record,
    )
