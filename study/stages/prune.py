"""Prune a trained standard network: remove filters and recover from it in turns, then fine-tune at length."""

from dataclasses import replace

import torch

from study.models import plans
from study.models.build import build
from study.pruning.layers import filters
from study.pruning.methods import METHODS
from study.pruning.procedures import Numbers, Unpruned, inherit
from study.settings import config, paths
from study.settings.errors import InvalidParameter
from study.settings.provenance import Record
from study.stages import entry, inputs
from study.training.checkpoint import checkpoint
from study.training.device import device, make_deterministic, uses_bf16
from study.training.gradual import finetune, gradually
from study.training.loop import Diverged
from study.training.objectives import by_classification
from study.training.run import TURNS, as_csv, decided_by, record_failure, run_name

PARAMS = ("sgd", "precision", "channel_norm", "pruning", "scales.{scale}.network", "scales.{scale}.prune")
STARTS_FROM = "full"


def main(scale: str, dataset: str, backbone: str, method: str, seed: int) -> None:
    settings = config.load(scale, PARAMS)
    inputs.check_place(dataset, backbone)
    known = METHODS[backbone]
    if method not in known:
        raise InvalidParameter(f"method: must be one of {', '.join(known)} on {backbone}, got {method!r}")
    record = Record("prune", settings.digest(), seed)
    data = inputs.read_data(scale, dataset)
    folder = paths.classifier(scale, dataset, backbone, method, seed)
    shape = inputs.shape(data, settings.network, settings.channel_norm)
    _, network = inputs.trained_network(scale, dataset, backbone, STARTS_FROM, seed, shape)
    if network is None:
        return record_failure(folder, record, "the standard network, from which it starts, has no weights")

    pruning, pictures = known[method], inputs.pictures(data, "train", method)
    unpruned = Unpruned(network, shape.side)
    numbers = Numbers(images=settings.prune.images, maps=settings.prune.maps, **settings.pruning.model_dump())
    recovery = getattr(getattr(settings.prune, pruning.recovery), backbone)
    described = {"method": method, **settings.as_dict()}
    on = device()
    bf16 = uses_bf16(settings.precision, on)
    make_deterministic(seed)
    network.to(on, memory_format=torch.channels_last)

    def remove(current, turn_seed):
        return pruning.remove(current, unpruned, pictures, numbers, turn_seed)

    def recover(current, turn_seed):
        recipe, updates = inputs.brief_recipe(recovery.between, settings.sgd), recovery.between.updates
        return finetune(current, pictures, recipe, updates, seed=turn_seed, bf16=bf16, title=run_name(folder))

    def rebuild(kept):
        return build(backbone, method, replace(shape, plan=plans.between(kept, unpruned.filters))).to(on)

    # Open until all is done: who is interrupted in the final training need not prune again.
    key = decided_by(network, described, seed, data.digest, on, bf16)
    with checkpoint(f"{run_name(folder)}-turns", key) as saved:
        try:
            pruned, turns = gradually(
                network, remove, recover, filters=filters, rebuild=rebuild, seed=seed, checkpoint=saved
            )
        except Diverged as error:
            return record_failure(folder, record, f"diverged while it was pruned: {error}")
        plan = plans.between(filters(pruned), unpruned.filters, pruning.average_pooled)

        def make():
            last = build(backbone, method, replace(shape, plan=plan))
            inherit(last, pruned, plan.average_pooled)
            return by_classification(last)

        final = recovery.final
        inputs.train_classifier(
            folder, make, data, method, final, final.learning_rate, seed=seed, settings=settings, record=record
        )
        plans.write(folder, plan, unpruned.filters)
        paths.write_text(folder / TURNS, as_csv(turns))
    return None


if __name__ == "__main__":
    entry.run(main, "scale", "dataset", "backbone", "method", "seed")
