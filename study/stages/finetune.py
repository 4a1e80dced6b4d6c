"""Stage 3: fine-tune auto-encoder and classifier jointly, by the joint loss (Sec. Learning, stage 3; Eq. 9)."""

from typing import Annotated

from pydantic import Field

from study.assembly import stage_3
from study.assembly.images import read_data
from study.assembly.networks import shape_of
from study.assembly.recipes import ClassifierSettings, recipe, train_classifier
from study.settings import config, paths
from study.settings.config import At
from study.settings.methods import row_of_stage
from study.settings.parameters.training import RatedTraining
from study.settings.parameters.types import NotNegative
from study.settings.record import Record
from study.stages import entry
from study.training.run import part, read_weights, record_failure


class Settings(ClassifierSettings):
    """What this stage reads of params.yaml."""

    lambda_: Annotated[NotNegative, Field(alias="lambda")]
    gamma: NotNegative
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
    shape = shape_of(data, settings.network, settings.channel_norm, method)
    start = part(classifier, "classifier"), part(auto_encoder, "decoder")
    train_classifier(
        folder,
        lambda: stage_3.finetuned(backbone, method, shape, *start, settings.lambda_, settings.gamma),
        data,
        row,
        recipe(settings.finetune, settings.finetune.learning_rate, settings.sgd),
        seed=seed,
        settings=settings,
        record=record,
    )
    return None


if __name__ == "__main__":
    entry.run(main, ranks=True)
