"""Control: a network that needs no auto-encoder, trained on as long and as slowly as stage 3 trains the paper's.

WAE+CNN has three stages, the networks that it is compared with have one; these rows have the epochs of stages 2 and 3.
"""

from typing import Annotated

from study.assembly.images import read_data
from study.assembly.networks import shape_of
from study.assembly.recipes import ClassifierSettings, recipe, train_classifier
from study.models.build import build
from study.settings import config, paths
from study.settings.config import At
from study.settings.methods import row_of_stage
from study.settings.parameters.training import RatedTraining
from study.settings.record import Record
from study.stages import entry
from study.training.loop import Objective
from study.training.objectives import ByClassification
from study.training.run import part, read_weights, record_failure


class Settings(ClassifierSettings):
    """What this stage reads of params.yaml."""

    finetune: Annotated[RatedTraining, At("scales.{scale}.finetune")]


def main(
    scale: entry.Scale, dataset: entry.Dataset, backbone: entry.Backbone, method: entry.Row, seed: entry.Seed
) -> None:
    settings = config.load(Settings, scale)
    row = row_of_stage("extend", dataset, backbone, method)
    record = Record("extend", settings, seed=seed, word=method, backbone=backbone)
    data = read_data(scale, dataset)
    folder = paths.classifier(scale, dataset, backbone, method, seed)
    weights = read_weights(paths.classifier(scale, dataset, backbone, row.starts_from, seed))
    if weights is None:
        return record_failure(folder, record, "what it starts from has no weights")

    def make() -> Objective:
        network = build(backbone, method, shape_of(data, settings.network, settings.channel_norm, method))
        network.load_state_dict(part(weights, "classifier"))
        return ByClassification(network)

    train_classifier(
        folder,
        make,
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
