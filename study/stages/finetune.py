"""Stage 3: fine-tune auto-encoder and classifier jointly, by the joint loss (Sec. Learning, stage 3; Eq. 9)."""

from typing import Annotated

from pydantic import Field
from torch import nn

from study.assembly.images import read_data
from study.assembly.networks import shape_of
from study.assembly.recipes import recipe, train_classifier
from study.models.build import build
from study.models.wae import Decoder
from study.settings import config, paths
from study.settings.config import At, StageSettings
from study.settings.methods import row_of_stage
from study.settings.parameters.training import SGD, Network, RatedTraining
from study.settings.parameters.types import NotNegative, Precision
from study.settings.record import Record
from study.stages import entry
from study.training.loop import Objective
from study.training.objectives import by_joint_loss
from study.training.run import part, read_weights, record_failure


class Settings(StageSettings):
    """What this stage reads of params.yaml."""

    lambda_: Annotated[NotNegative, Field(alias="lambda")]
    gamma: NotNegative
    sgd: SGD
    precision: Precision
    channel_norm: bool
    network: Annotated[Network, At("scales.{scale}.network")]
    finetune: Annotated[RatedTraining, At("scales.{scale}.finetune")]


def main(
    scale: entry.Scale, dataset: entry.Dataset, backbone: entry.Backbone, method: entry.Row, seed: entry.Seed
) -> None:
    settings = config.load(Settings, scale)
    row = row_of_stage("finetune", dataset, backbone, method)
    record = Record("finetune", settings, seed=seed, word=method, backbone=backbone)
    data = read_data(scale, dataset)
    folder = paths.classifier(scale, dataset, backbone, method, seed)
    auto_encoder = read_weights(paths.auto_encoder(scale, dataset, seed))
    classifier = read_weights(paths.classifier(scale, dataset, backbone, row.starts_from, seed))
    if classifier is None or auto_encoder is None:
        return record_failure(folder, record, "what it starts from has no weights")

    def make() -> tuple[nn.Module, Objective]:
        network = build(backbone, method, shape_of(data, settings.network, settings.channel_norm))
        network.load_state_dict(part(classifier, "classifier"))
        decoder = Decoder()
        decoder.load_state_dict(part(auto_encoder, "decoder"))
        return by_joint_loss(network, decoder, settings.lambda_, settings.gamma)

    train_classifier(
        folder,
        make,
        data,
        row,
        recipe(settings.finetune, settings.finetune.learning_rate, settings.sgd),
        seed=seed,
        precision=settings.precision,
        settings=settings.as_dict(),
        record=record,
    )
    return None


if __name__ == "__main__":
    entry.run(main)
