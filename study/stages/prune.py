"""Prune a trained standard network and fine-tune it: filters are removed and recovered from in turns, then at length."""

from dataclasses import replace
from functools import partial

import torch

from study import config, paths
from study.errors import InvalidParameter
from study.models import plans
from study.models.build import build
from study.provenance import Record
from study.pruning.layers import prunable
from study.pruning.methods import METHODS
from study.pruning.procedures import Numbers, Unpruned
from study.stages import entry, inputs
from study.training.checkpoint import checkpoint
from study.training.device import device, make_deterministic, uses_bf16
from study.training.gradual import finetune, gradually
from study.training.loop import Diverged, Recipe
from study.training.objectives import by_classification
from study.training.run import as_csv, decided_by, record_failure, run_name, train
from study.training.schedule import Steps

PARAMS = ("sgd", "precision", "channel_norm", "pruning", "scales.{scale}.network", "scales.{scale}.prune")
STARTS_FROM = "standard"
TURNS = "turns.csv"


def filters(network) -> tuple[int, ...]:
    """Filters of the layers of a plan."""
    return tuple(layer.filters for layer in prunable(network))


def main(scale: str, dataset: str, backbone: str, method: str, seed: int) -> None:
    settings = config.load(scale, PARAMS)
    inputs.check_place(dataset, backbone)
    if method not in METHODS:
        raise InvalidParameter(f"method: must be one of {', '.join(METHODS)}, got {method!r}")
    record = Record("prune", settings.digest(), seed)
    data = inputs.read_data(scale, dataset)
    folder = paths.classifier(scale, dataset, backbone, method, seed)
    size = inputs.shape(data, settings.network, settings.channel_norm)
    _, network = inputs.trained_network(scale, dataset, backbone, STARTS_FROM, seed, size)
    if network is None:
        return record_failure(folder, record, "the standard network has no weights")

    pruning, pictures = METHODS[method], inputs.pictures(data, "train", method)
    unpruned = Unpruned(network, size.side)
    numbers = Numbers(images=settings.prune.images, maps=settings.prune.maps, **settings.pruning.model_dump())
    recovery = getattr(getattr(settings.prune, pruning.recovery), backbone)
    between = Recipe(
        recovery.between.learning_rate,
        settings.sgd.momentum,
        settings.sgd.weight_decay,
        recovery.between.batch,
        1,
        Steps(()),
        "loss",
    )
    on = device()
    bf16 = uses_bf16(settings.precision, on)
    make_deterministic(seed)
    title = run_name(folder)

    def remove(current, turn):
        return pruning.remove(current, unpruned, pictures, numbers, turn)

    def recover(current, turn):
        return finetune(
            current, pictures, between, recovery.between.updates, seed=turn, bf16=bf16, title=f"{title}, between"
        )

    def rebuild(kept):
        return build(backbone, method, replace(size, plan=plans.between(kept, unpruned.filters))).to(on)

    network.to(on, memory_format=torch.channels_last)
    key = decided_by(network, {"method": method, **settings.as_dict()}, seed, data.digest, on, bf16)
    with checkpoint(f"{title}-pruning", key) as saved:
        try:
            pruned, turns = gradually(
                network, remove, recover, filters=filters, rebuild=rebuild, seed=seed, checkpoint=saved
            )
        except Diverged as error:
            return record_failure(folder, record, f"pruning diverged: {error}")
        plan = plans.between(filters(pruned), unpruned.filters, pruning.average_pooled)

        def make():
            network = build(backbone, method, replace(size, plan=plan))
            for name in ("norm", "features") if plan.average_pooled else ("norm", "features", "head"):
                getattr(network, name).load_state_dict(getattr(pruned, name).state_dict())
            return by_classification(network)

        train(
            folder,
            make,
            pictures,
            inputs.recipe(recovery.final, recovery.final.learning_rate, settings.sgd, "top1_error_percent"),
            seed=seed,
            precision=settings.precision,
            settings={"method": method, **settings.as_dict()},
            data_digest=data.digest,
            record=record,
        )
    plans.write(folder, plan, unpruned.filters)
    paths.write_text(folder / TURNS, as_csv(turns))
    return None


if __name__ == "__main__":
    entry.run(main, "scale", "dataset", "backbone", "method", "seed")
