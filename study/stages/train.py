"""Stage 2: train a classifier by the classification loss; the auto-encoder, where there is one, stays fixed (Eq. 7)."""

from torch import nn

from study import config, paths
from study.losses import classification_loss
from study.metrics import top1_error_percent
from study.models.build import build
from study.models.classifiers import averaged
from study.provenance import Record
from study.stages import entry, inputs
from study.training.run import part, read_weights, record_failure, train

PARAMS = ("sgd", "precision", "channel_norm", "scales.{scale}.network", "scales.{scale}.classifier")
ON_FIXED_ENCODER = ("ours_fixed",)


def main(scale: str, dataset: str, backbone: str, method: str, seed: int) -> None:
    settings = config.load(scale, PARAMS)
    inputs.check_method(dataset, backbone, method)
    record = Record("train", settings.digest(), seed)
    data = inputs.read_data(scale, dataset)
    folder = paths.classifier(scale, dataset, backbone, method, seed)
    weights = None
    if method in ON_FIXED_ENCODER:
        weights = read_weights(paths.auto_encoder(scale, dataset, seed))
        if weights is None:
            return record_failure(folder, record, "its auto-encoder has no weights")

    def make():
        network = build(method, inputs.shape(data, settings.network, settings.channel_norm))
        if weights is not None:
            network.decomposer.load_state_dict(part(weights, "encoder"))
            network.decomposer.requires_grad_(False)
        trained = nn.ModuleDict({"classifier": network}).train()

        def objective(images, labels):
            scores = network(images)
            numbers = {"top1_error_percent": top1_error_percent(averaged(scores).detach(), labels)}
            return classification_loss(scores, labels), numbers

        return trained, objective

    train(
        folder,
        make,
        inputs.pictures(data, "train", method),
        inputs.recipe(
            settings.classifier,
            getattr(settings.classifier, backbone).learning_rate,
            settings.sgd,
            "top1_error_percent",
        ),
        seed=seed,
        precision=settings.precision,
        settings={"method": method, **settings.as_dict()},
        data_digest=data.digest,
        record=record,
    )
    return None


if __name__ == "__main__":
    entry.run(main, "scale", "dataset", "backbone", "method", "seed")
