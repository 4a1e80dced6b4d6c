"""Control: a network that needs no auto-encoder, trained on as long and as slowly as stage 3 trains ours.

Ours has three stages, the networks it is compared with have one; these rows have the epochs of stages 2 and 3.
"""

from study.models.build import build
from study.settings import config, paths
from study.settings.provenance import Record
from study.stages import entry, inputs
from study.training.objectives import by_classification
from study.training.run import part, read_weights, record_failure

PARAMS = ("sgd", "precision", "channel_norm", "scales.{scale}.network", "scales.{scale}.finetune")
STARTS_FROM = {"full_extended": "full", "decomposition_cnn_extended": "decomposition_cnn"}


def main(scale: str, dataset: str, backbone: str, method: str, seed: int) -> None:
    settings = config.load(scale, PARAMS)
    inputs.check_method(dataset, backbone, method)
    record = Record("longer", settings.digest(), seed)
    data = inputs.read_data(scale, dataset)
    folder = paths.classifier(scale, dataset, backbone, method, seed)
    weights = read_weights(paths.classifier(scale, dataset, backbone, STARTS_FROM[method], seed))
    if weights is None:
        return record_failure(folder, record, "what it starts from has no weights")

    def make():
        network = build(backbone, method, inputs.shape(data, settings.network, settings.channel_norm))
        network.load_state_dict(part(weights, "classifier"))
        return by_classification(network)

    training = settings.finetune
    inputs.train_classifier(
        folder, make, data, method, training, training.learning_rate, seed=seed, settings=settings, record=record
    )
    return None


if __name__ == "__main__":
    entry.run(main, "scale", "dataset", "backbone", "method", "seed")
