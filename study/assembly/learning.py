"""What decides about the stages 1 and 2 of the learning, for all rows: their settings."""

from typing import Annotated, Any

from pydantic import Field

from study.assembly.networks import first
from study.assembly.recipes import ClassifierSettings
from study.settings.config import At
from study.settings.methods import METHODS
from study.settings.parameters.training import AutoEncoderTraining, ClassifierTraining
from study.settings.parameters.types import NotNegative


class Learning(ClassifierSettings):
    """What stages 1 and 2 of the learning read of params.yaml, for all rows."""

    lambda_: Annotated[NotNegative, Field(alias="lambda")]
    gamma: NotNegative
    wae: Annotated[AutoEncoderTraining, At("scales.{scale}.wae")]
    classifier: Annotated[ClassifierTraining, At("scales.{scale}.classifier")]


def decisive_of_auto_encoder(settings: Learning) -> dict[str, Any]:
    """What of the settings decides about stage 1, fit for JSON."""
    return {"lambda": settings.lambda_, "sgd": settings.sgd.model_dump(), "wae": settings.wae.model_dump()}


def decisive(settings: Learning, backbone: str, word: str) -> dict[str, Any]:
    """What of the settings decides about the stages 1 and 2 of a row, and no more, fit for JSON."""
    row, start = METHODS[word], first(word)
    found: dict[str, Any] = {
        "sgd": settings.sgd.model_dump(),
        "precision": settings.precision,
        "channel_norm": settings.channel_norm,
        "network": {**settings.network.model_dump(), "dropout": settings.network.dropout_of(start)},
        "classifier": {**settings.classifier.model_dump(), "learning_rate": settings.classifier.rate(backbone, start)},
    }
    if METHODS[start].frozen_encoder:
        found["stage_1"] = decisive_of_auto_encoder(settings)
    if row.stage == "joint":
        found |= {"lambda": settings.lambda_, "gamma": settings.gamma}
    return found
