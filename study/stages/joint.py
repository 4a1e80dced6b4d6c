"""Control: auto-encoder and classifier trained jointly from scratch, which the paper calls inferior (Sec. Learning).

The joint loss of stage 3 (Eq. 9) with the length and the rate of stage 2.
"""

from typing import Annotated

from pydantic import Field

from study.assembly import stage_3
from study.assembly.images import read_data
from study.assembly.networks import shape_of
from study.assembly.recipes import ClassifierSettings, recipe, train_classifier
from study.settings import config, paths
from study.settings.config import At
from study.settings.methods import row_of_stage
from study.settings.parameters.training import ClassifierTraining
from study.settings.parameters.types import NotNegative
from study.settings.record import Record
from study.stages import entry


class Settings(ClassifierSettings):
    """What this stage reads of params.yaml."""

    lambda_: Annotated[NotNegative, Field(alias="lambda")]
    gamma: NotNegative
    classifier: Annotated[ClassifierTraining, At("scales.{scale}.classifier")]


def main(
    scale: entry.Scale, dataset: entry.Dataset, backbone: entry.Backbone, method: entry.Row, seed: entry.Seed
) -> None:
    settings = config.load(Settings, scale)
    row = row_of_stage("joint", dataset, backbone, method)
    record = Record("joint", settings, seed=seed, word=method, backbone=backbone)
    data = read_data(scale, dataset)
    folder = paths.classifier(scale, dataset, backbone, method, seed)
    shape = shape_of(data, settings.network, settings.channel_norm, method)
    train_classifier(
        folder,
        lambda: stage_3.jointly(backbone, method, shape, settings.lambda_, settings.gamma),
        data,
        row,
        recipe(settings.classifier, settings.classifier.rate(backbone, method), settings.sgd),
        seed=seed,
        settings=settings,
        record=record,
    )


if __name__ == "__main__":
    entry.run(main, ranks=True)
