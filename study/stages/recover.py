"""Control of pruning: a network of which nothing is removed, trained on by as many updates as a pruned one has had.

Pruning ends with updates at rates that no other row has. These rows have them too: the layers that pruning left,
trained from scratch before, and the standard network itself.
"""

from study.models import plans
from study.models.build import BACKBONES
from study.pruning.methods import METHODS
from study.settings import config, paths
from study.settings.methods import TRAINED_ON_LIKE
from study.settings.provenance import Record
from study.stages import entry, inputs
from study.training.checkpoint import checkpoint
from study.training.device import device, make_deterministic, uses_bf16
from study.training.gradual import finetune
from study.training.loop import Diverged
from study.training.objectives import by_classification
from study.training.run import TURNS, decided_by, read_log, read_outcome, record_failure, run_name

PARAMS = ("sgd", "precision", "channel_norm", "scales.{scale}.network", "scales.{scale}.prune")


def main(scale: str, dataset: str, backbone: str, method: str, seed: int) -> None:
    settings = config.load(scale, PARAMS)
    inputs.check_method(dataset, backbone, method)
    start, pruned = TRAINED_ON_LIKE[backbone][method]
    record = Record("recover", settings.digest(), seed)
    data = inputs.read_data(scale, dataset)
    folder = paths.classifier(scale, dataset, backbone, method, seed)
    shape = inputs.shape(data, settings.network, settings.channel_norm)
    _, network = inputs.trained_network(scale, dataset, backbone, start, seed, shape)
    if network is None:
        return record_failure(folder, record, "what it starts from has no weights")
    like = paths.classifier(scale, dataset, backbone, pruned, seed)
    if read_outcome(like)["outcome"] != "trained":
        return record_failure(folder, record, "the network that it is trained on like was not pruned")

    recovery = getattr(getattr(settings.prune, METHODS[backbone][pruned].recovery), backbone)
    updates = len(read_log(like, TURNS)) * recovery.between.updates
    on = device()
    bf16 = uses_bf16(settings.precision, on)
    make_deterministic(seed)
    network.to(on)
    # Open until all is done: who is interrupted in the final training need not repeat what comes before it.
    key = decided_by(network, {"method": method, "updates": updates, **settings.as_dict()}, seed, data.digest, on, bf16)
    with checkpoint(f"{run_name(folder)}-between", key) as saved:
        try:
            finetune(
                network,
                inputs.pictures(data, "train", method),
                inputs.brief_recipe(recovery.between, settings.sgd),
                updates,
                seed=seed,
                bf16=bf16,
                title=run_name(folder),
                checkpoint=saved,
            )
        except Diverged as error:
            return record_failure(folder, record, f"diverged: {error}")
        final = recovery.final
        inputs.train_classifier(
            folder,
            lambda: by_classification(network),
            data,
            method,
            final,
            final.learning_rate,
            seed=seed,
            settings=settings,
            record=record,
        )
        plan = plans.read(paths.classifier(scale, dataset, backbone, start, seed))
        if plan is not None:
            plans.write(folder, plan, BACKBONES[backbone].filters(shape.width))
    return None


if __name__ == "__main__":
    entry.run(main, "scale", "dataset", "backbone", "method", "seed")
