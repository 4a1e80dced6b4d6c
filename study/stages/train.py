"""Stage 2: train a classifier by the classification loss; an encoder of stage 1 stays as it is (Eq. 7).

So are the controls of pruning trained: the network that pruning left, from scratch.
"""

from dataclasses import replace
from typing import Annotated

from study.assembly import gate, stage_2
from study.assembly.images import read_data
from study.assembly.networks import filters, shape_of
from study.assembly.recipes import ClassifierSettings, recipe, train_classifier
from study.models import plans
from study.settings import config, paths
from study.settings.config import At
from study.settings.methods import row_of_stage
from study.settings.parameters.training import ClassifierTraining
from study.settings.record import Record
from study.stages import entry
from study.training.run import part, read_weights, record_failure


class Settings(ClassifierSettings):
    """What this stage reads of params.yaml."""

    classifier: Annotated[ClassifierTraining, At("scales.{scale}.classifier")]


def main(
    scale: entry.Scale, dataset: entry.Dataset, backbone: entry.Backbone, method: entry.Row, seed: entry.Seed
) -> None:
    settings = config.load(Settings, scale)
    row = row_of_stage("train", dataset, backbone, method)
    gate.check(scale, dataset, backbone)
    record = Record("train", settings, seed=seed, word=method, backbone=backbone)
    data = read_data(scale, dataset)
    folder = paths.classifier(scale, dataset, backbone, method, seed)
    shape = shape_of(data, settings.network, settings.channel_norm, method)
    encoder = None
    if row.frozen_encoder:
        weights = read_weights(paths.auto_encoder(scale, dataset, seed))
        if weights is None:
            return record_failure(folder, record, "its auto-encoder has no weights")
        encoder = part(weights, "encoder")
    if row.plan_of:
        plan = plans.read(paths.classifier(scale, dataset, backbone, row.plan_of, seed))
        if plan is None:
            return record_failure(folder, record, "the pruned network, whose layers it takes, left no plan")
        shape = replace(shape, plan=plan)
    how = recipe(settings.classifier, settings.classifier.rate(backbone, method), settings.sgd)
    train_classifier(
        folder,
        lambda: stage_2.classifier(backbone, method, shape, encoder),
        data,
        row,
        how,
        seed=seed,
        settings=settings,
        record=record,
    )
    if shape.plan is not None:
        plans.write(folder, shape.plan, filters(backbone, shape))
    return None


if __name__ == "__main__":
    entry.run(main, ranks=True)
