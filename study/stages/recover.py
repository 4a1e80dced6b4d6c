"""Control of pruning: a network of which nothing is removed, trained on by as many updates as a pruned one has had.

Pruning ends with updates at rates that no other row has. These rows have them too: the layers that pruning left,
trained from scratch before, and the full network itself.
"""

from typing import Annotated

from study.assembly.images import images, read_data
from study.assembly.networks import filters, shape_of, trained_network
from study.assembly.recipes import ClassifierSettings, brief_recipe, recipe, train_classifier
from study.models import plans
from study.settings import config, paths
from study.settings.config import At
from study.settings.methods import METHODS, row_of_stage
from study.settings.parameters.pruning import Prune
from study.settings.record import Record
from study.stages import entry
from study.training.checkpoint import checkpoint
from study.training.device import device, make_deterministic, uses_bf16
from study.training.gradual import finetune
from study.training.loop import Diverged
from study.training.objectives import ByClassification
from study.training.run import TURNS, decided_by, read_log, read_outcome, record_failure, run_name


class Settings(ClassifierSettings):
    """What this stage reads of params.yaml."""

    prune: Annotated[Prune, At("scales.{scale}.prune")]


def main(
    scale: entry.Scale, dataset: entry.Dataset, backbone: entry.Backbone, method: entry.Row, seed: entry.Seed
) -> None:
    settings = config.load(Settings, scale)
    row = row_of_stage("recover", dataset, backbone, method)
    recovery = settings.prune.recovery_of(METHODS[row.budget_of].recovery, backbone)
    record = Record("recover", settings, seed=seed, word=method, backbone=backbone)
    data = read_data(scale, dataset)
    folder = paths.classifier(scale, dataset, backbone, method, seed)
    shape = shape_of(data, settings.network, settings.channel_norm, method)
    _, network = trained_network(scale, dataset, backbone, row.starts_from, seed, shape)
    if network is None:
        return record_failure(folder, record, "what it starts from has no weights")
    like = paths.classifier(scale, dataset, backbone, row.budget_of, seed)
    if read_outcome(like)["outcome"] != "trained":
        return record_failure(folder, record, "the network whose number of updates it is given was not pruned")

    updates = len(read_log(like, TURNS)) * recovery.between.updates
    on = device()
    bf16 = uses_bf16(settings.precision, on)
    make_deterministic(seed)
    network.to(on)
    described = {"method": method, "updates": updates, **settings.as_dict()}
    # Open until all is done: who is interrupted in the final training need not repeat what comes before it.
    key = decided_by(network, described, seed, data.digest, on, bf16, record)
    with checkpoint(f"{run_name(folder)}-between", key, stored_by_dvc=True) as saved:
        try:
            finetune(
                network,
                images(data, "train", row),
                brief_recipe(recovery.between, settings.sgd),
                updates,
                seed=seed,
                bf16=bf16,
                title=run_name(folder),
                checkpoint=saved,
            )
        except Diverged as error:
            saved.keep = True
            return record_failure(folder, record, f"diverged: {error}")
        train_classifier(
            folder,
            lambda: ByClassification(network),
            data,
            row,
            recipe(recovery.final, recovery.final.learning_rate, settings.sgd),
            seed=seed,
            settings=settings,
            record=record,
        )
        plan = plans.read(paths.classifier(scale, dataset, backbone, row.starts_from, seed))
        if plan is not None:
            plans.write(folder, plan, filters(backbone, shape))
    return None


if __name__ == "__main__":
    entry.run(main)
