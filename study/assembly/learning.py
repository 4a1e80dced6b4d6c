"""What each stage of the learning starts from and what it minimises (Sec. Learning): a module and its objective."""

from typing import Annotated, Any

from pydantic import Field
from torch import Tensor, nn

from study.assembly.networks import first
from study.models.build import build
from study.models.initialisation import initialised
from study.models.shape import Shape
from study.models.wae import Decoder, WaveletLikeAutoEncoder
from study.settings.config import At, StageSettings
from study.settings.methods import METHODS
from study.settings.parameters.training import SGD, AutoEncoderTraining, ClassifierTraining, Network
from study.settings.parameters.types import NotNegative, Precision
from study.training.loop import Objective
from study.training.objectives import by_classification, by_joint_loss, by_transform_loss

Weights = dict[str, Tensor]  # of one part of a network, by their names inside it


def auto_encoder(lambda_: float) -> tuple[nn.Module, Objective]:
    """Stage 1: a new auto-encoder, by the transform loss (Eq. 5)."""
    return by_transform_loss(initialised(WaveletLikeAutoEncoder()), lambda_)


def classifier(backbone: str, word: str, shape: Shape, encoder: Weights | None = None) -> tuple[nn.Module, Objective]:
    """Stage 2: a row's new classifier, by the classification loss (Eq. 7); an encoder of stage 1 stays as it is."""
    network = build(backbone, word, shape)
    if encoder is not None:
        decomposer = network.get_submodule("decomposer")
        decomposer.load_state_dict(encoder)
        decomposer.requires_grad_(False)
    return by_classification(network, averaged_loss=METHODS[word].averaged_loss)


def finetuned(
    backbone: str, word: str, shape: Shape, trained: Weights, decoder: Weights, lambda_: float, gamma: float
) -> tuple[nn.Module, Objective]:
    """Stage 3: a trained classifier and the decoder of its encoder, by the joint loss (Eq. 9)."""
    network = build(backbone, word, shape)
    network.load_state_dict(trained)
    synthesis = Decoder()
    synthesis.load_state_dict(decoder)
    return by_joint_loss(network, synthesis, lambda_, gamma)


def jointly(backbone: str, word: str, shape: Shape, lambda_: float, gamma: float) -> tuple[nn.Module, Objective]:
    """Control: a new classifier and a new decoder, by the joint loss (Eq. 9)."""
    network = build(backbone, word, shape)
    return by_joint_loss(network, initialised(Decoder()), lambda_, gamma)


class Learning(StageSettings):
    """What stages 1 and 2 of the learning read of params.yaml, for all rows."""

    lambda_: Annotated[NotNegative, Field(alias="lambda")]
    gamma: NotNegative
    sgd: SGD
    precision: Precision
    channel_norm: bool
    network: Annotated[Network, At("scales.{scale}.network")]
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
