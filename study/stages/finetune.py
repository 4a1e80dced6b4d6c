"""Stage 3: fine-tune auto-encoder and classifier jointly, by the joint loss (Sec. Learning, stage 3; Eq. 9)."""

import torch
from torch import nn

from study.measures.losses import classification_loss, energy_loss, joint_loss, reconstruction_loss, transform_loss
from study.measures.metrics import psnr_db, top1_error_percent
from study.models.build import build
from study.models.classifiers import averaged
from study.models.wae import Decoder
from study.settings import config, paths
from study.settings.provenance import Record
from study.stages import entry, inputs
from study.training.run import part, read_weights, record_failure

PARAMS = (
    "lambda",
    "gamma",
    "sgd",
    "precision",
    "channel_norm",
    "scales.{scale}.network",
    "scales.{scale}.finetune",
)
STARTS_FROM = {"wae_cnn": "wae_cnn_frozen"}


def main(scale: str, dataset: str, backbone: str, method: str, seed: int) -> None:
    settings = config.load(scale, PARAMS)
    inputs.check_method(dataset, backbone, method)
    record = Record("finetune", settings.digest(), seed)
    data = inputs.read_data(scale, dataset)
    folder = paths.classifier(scale, dataset, backbone, method, seed)
    auto_encoder = read_weights(paths.auto_encoder(scale, dataset, seed))
    classifier = read_weights(paths.classifier(scale, dataset, backbone, STARTS_FROM[method], seed))
    if classifier is None or auto_encoder is None:
        return record_failure(folder, record, "what it starts from has no weights")

    def make():
        network = build(backbone, method, inputs.shape(data, settings.network, settings.channel_norm))
        network.load_state_dict(part(classifier, "classifier"))
        decoder = Decoder()
        decoder.load_state_dict(part(auto_encoder, "decoder"))
        joint = nn.ModuleDict({"classifier": network, "decoder": decoder}).train()

        def objective(image, labels):
            low, high = network.decompose(image)
            with torch.autocast(image.device.type, enabled=False):
                reconstructed = decoder(low, high)
                transform = transform_loss(
                    reconstruction_loss(image, reconstructed), energy_loss(high), settings.lambda_
                )
            scores = network.classify(low, high)
            classification = classification_loss(scores, labels)
            numbers = {
                "top1_error_percent": top1_error_percent(averaged(scores).detach(), labels),
                "classification": classification,
                "transform": transform,
                "psnr_db": psnr_db(image, reconstructed.detach()),
            }
            return joint_loss(classification, transform, settings.gamma), numbers

        return joint, objective

    training = settings.finetune
    inputs.train_classifier(
        folder, make, data, method, training, training.learning_rate, seed=seed, settings=settings, record=record
    )
    return None


if __name__ == "__main__":
    entry.run(main, "scale", "dataset", "backbone", "method", "seed")
