"""What is minimised in more than one stage."""

from typing import Any

import torch
from torch import Tensor, nn

from study.measures.losses import classification_loss, energy_loss, joint_loss, reconstruction_loss, transform_loss
from study.measures.metrics import psnr_db, top1_error_percent
from study.models.classifiers import averaged
from study.training.loop import Objective


def by_transform_loss(auto_encoder: nn.Module, lambda_: float) -> tuple[nn.Module, Objective]:
    """An auto-encoder, image -> (low, high, reconstructed), to be trained by the transform loss (Eq. 5), and that
    objective."""

    def objective(image: Tensor, _: Tensor) -> tuple[Tensor, dict[str, Tensor]]:
        low, high, reconstructed = auto_encoder(image)
        reconstruction, energy = reconstruction_loss(image, reconstructed), energy_loss(high)
        numbers = {
            "reconstruction": reconstruction,
            "energy_high": energy,
            "energy_low": energy_loss(low.detach()),
            "psnr_db": psnr_db(image, reconstructed.detach()),
        }
        return transform_loss(reconstruction, energy, lambda_), numbers

    return auto_encoder, objective


def by_classification(network: nn.Module, *, averaged_loss: bool = False) -> tuple[nn.ModuleDict, Objective]:
    """A classifier in training mode, to be trained by the classification loss alone (Eq. 7), and that objective.

    `averaged_loss` takes the mean over the streams in the place of their sum.
    """

    def objective(images: Tensor, labels: Tensor) -> tuple[Tensor, dict[str, Tensor]]:
        logits = network(images)
        numbers = {"top1_error_percent": top1_error_percent(averaged(logits).detach(), labels)}
        return classification_loss(logits, labels, averaged=averaged_loss), numbers

    return nn.ModuleDict({"classifier": network}).train(), objective


def by_joint_loss(network: Any, decoder: nn.Module, lambda_: float, gamma: float) -> tuple[nn.ModuleDict, Objective]:
    """A two-stream classifier and a decoder in training mode, to be trained by the joint loss (Eq. 9), and that
    objective.

    `network` is a study.models.classifiers.TwoStream whose decomposer is an encoder that the decoder inverts.
    """

    def objective(image: Tensor, labels: Tensor) -> tuple[Tensor, dict[str, Tensor]]:
        low, high = network.decompose(image)
        with torch.autocast(image.device.type, enabled=False):
            reconstructed = decoder(low, high)
            transform = transform_loss(reconstruction_loss(image, reconstructed), energy_loss(high), lambda_)
        logits = network.classify(low, high)
        classification = classification_loss(logits, labels)
        numbers = {
            "top1_error_percent": top1_error_percent(averaged(logits).detach(), labels),
            "classification": classification,
            "transform": transform,
            "psnr_db": psnr_db(image, reconstructed.detach()),
        }
        return joint_loss(classification, transform, gamma), numbers

    return nn.ModuleDict({"classifier": network, "decoder": decoder}).train(), objective
