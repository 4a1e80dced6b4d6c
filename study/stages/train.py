"""Stage 2: train a classifier by the classification loss; the auto-encoder, where there is one, stays fixed (Eq. 7).

So are the controls of pruning trained: the network that pruning left, from scratch.
"""

from dataclasses import replace

from study.models import plans
from study.models.build import BACKBONES, build
from study.settings import config, paths
from study.settings.methods import PLAN_OF
from study.settings.provenance import Record
from study.stages import entry, inputs
from study.training.objectives import by_classification
from study.training.run import part, read_weights, record_failure

PARAMS = ("sgd", "precision", "channel_norm", "scales.{scale}.network", "scales.{scale}.classifier")
ON_FIXED_ENCODER = ("low", "wae_cnn_frozen", "wae_cnn_frozen_unnormalised")


def main(scale: str, dataset: str, backbone: str, method: str, seed: int) -> None:
    settings = config.load(scale, PARAMS)
    inputs.check_method(dataset, backbone, method)
    record = Record("train", settings.digest(), seed)
    data = inputs.read_data(scale, dataset)
    folder = paths.classifier(scale, dataset, backbone, method, seed)
    shape = inputs.shape(data, settings.network, settings.channel_norm)
    weights = None
    if method in ON_FIXED_ENCODER:
        weights = read_weights(paths.auto_encoder(scale, dataset, seed))
        if weights is None:
            return record_failure(folder, record, "its auto-encoder has no weights")

    if method in PLAN_OF:
        plan = plans.read(paths.classifier(scale, dataset, backbone, PLAN_OF[method], seed))
        if plan is None:
            return record_failure(folder, record, "the pruned network, whose layers it takes, left no plan")
        shape = replace(shape, plan=plan)

    def make():
        network = build(backbone, method, shape)
        if weights is not None:
            network.decomposer.load_state_dict(part(weights, "encoder"))
            network.decomposer.requires_grad_(False)
        return by_classification(network)

    rate = getattr(settings.classifier, backbone).learning_rate
    inputs.train_classifier(
        folder, make, data, method, settings.classifier, rate, seed=seed, settings=settings, record=record
    )
    if shape.plan is not None:
        plans.write(folder, shape.plan, BACKBONES[backbone].filters(shape.width))
    return None


if __name__ == "__main__":
    entry.run(main, "scale", "dataset", "backbone", "method", "seed")
