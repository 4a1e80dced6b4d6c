"""Prune a trained full network: remove filters and recover from it in turns, then fine-tune at length."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated

from study.assembly.images import images, read_data
from study.assembly.networks import shape_of, trained_network
from study.assembly.recipes import ClassifierSettings, brief_recipe, recipe, train_classifier
from study.models import plans
from study.models.build import backbone_of, narrow
from study.models.classifiers import OneStream
from study.models.initialisation import initialised
from study.pruning.layers import filters
from study.pruning.procedures import Numbers, Unpruned, inherit, procedure
from study.settings import config, paths
from study.settings.config import At
from study.settings.methods import row_of_stage
from study.settings.parameters.pruning import Prune, Pruning
from study.settings.record import Record
from study.stages import entry
from study.training.checkpoint import checkpoint
from study.training.device import device, make_deterministic, uses_bf16
from study.training.gradual import finetune, gradually
from study.training.loop import Diverged, Objective
from study.training.objectives import ByClassification
from study.training.run import TURNS, as_csv, decided_by, record_failure, run_name


class Settings(ClassifierSettings):
    """What this stage reads of params.yaml."""

    pruning: Pruning
    prune: Annotated[Prune, At("scales.{scale}.prune")]


def main(
    scale: entry.Scale, dataset: entry.Dataset, backbone: entry.Backbone, method: entry.Row, seed: entry.Seed
) -> None:
    settings = config.load(Settings, scale)
    row = row_of_stage("prune", dataset, backbone, method)
    recovery = settings.prune.recovery_of(row.recovery, backbone)
    record = Record("prune", settings, seed=seed, word=method, backbone=backbone)
    data = read_data(scale, dataset)
    folder = paths.classifier(scale, dataset, backbone, method, seed)
    shape = shape_of(data, settings.network, settings.channel_norm, method)
    _, network = trained_network(scale, dataset, backbone, row.starts_from, seed, shape)
    if network is None:
        return record_failure(folder, record, "the network that it starts from has no weights")

    assert isinstance(network, OneStream)  # what a pruned row starts from has one stream
    pruning, pictures = procedure(row), images(data, "train", row)
    unpruned = Unpruned(network, shape.side)
    numbers = Numbers(images=settings.prune.images, maps=settings.prune.maps, **settings.pruning.model_dump())
    described = {"method": method, **settings.as_dict()}
    on = device()
    bf16 = uses_bf16(settings.precision, on)
    make_deterministic(seed)
    network.to(on)

    def remove(current: OneStream, turn_seed: int) -> int:
        return pruning.remove(current, unpruned, pictures, numbers, turn_seed)

    def recover(current: OneStream, turn_seed: int) -> dict[str, float]:
        how, updates = brief_recipe(recovery.between, settings.sgd), recovery.between.updates
        return finetune(current, pictures, how, updates, seed=turn_seed, bf16=bf16, title=run_name(folder))

    def rebuild(kept: Sequence[int]) -> OneStream:
        plan = plans.between(kept, unpruned.filters)
        return narrow(backbone_of(backbone), replace(shape, plan=plan), plan).to(on)

    # Open until all is done: who is interrupted in the final training need not prune again.
    key = decided_by(network, described, seed, data.digest, on, bf16, record)
    with checkpoint(f"{run_name(folder)}-turns", key, stored_by_dvc=True) as saved:
        try:
            pruned, turns = gradually(
                network, remove, recover, filters=filters, rebuild=rebuild, seed=seed, checkpoint=saved
            )
        except Diverged as error:
            saved.keep = True
            return record_failure(folder, record, f"diverged while it was pruned: {error}")
        plan = plans.between(filters(pruned), unpruned.filters, pruning.average_pooled)

        def make() -> Objective:
            last = narrow(backbone_of(backbone), shape, plan)
            initialised(last, shape.initialisation)
            inherit(last, pruned, plan.average_pooled)
            return ByClassification(last)

        train_classifier(
            folder,
            make,
            data,
            row,
            recipe(recovery.final, recovery.final.learning_rate, settings.sgd),
            seed=seed,
            settings=settings,
            record=record,
        )
        plans.write(folder, plan, unpruned.filters)
        paths.write_text(folder / TURNS, as_csv(turns))
    return None


if __name__ == "__main__":
    entry.run(main)
