"""What is minimised in more than one stage: each a module that holds the networks to be trained under the names that
their weights are stored by."""

from typing import Any

import torch
from torch import Tensor, nn

from study.measures.losses import classification_loss, energy_loss, joint_loss, reconstruction_loss, transform_loss
from study.measures.metrics import psnr_db, top1_error_percent
from study.models.classifiers import averaged
from study.training.loop import Objective


class ByTransformLoss(Objective):
    """An encoder image -> (low, high) and the decoder that inverts it, by the transform loss (Eq. 5)."""

    def __init__(self, encoder: nn.Module, decoder: nn.Module, lambda_: float) -> None:
        super().__init__()
        self.encoder, self.decoder = encoder, decoder
        self.lambda_ = lambda_

    def forward(self, images: Tensor, _: Tensor) -> tuple[Tensor, dict[str, Tensor]]:
        """As every objective; also the energies of I_L and I_H (Eq. 4), and PSNR in decibels."""
        low, high = self.encoder(images)
        reconstructed = self.decoder(low, high)
        reconstruction, energy = reconstruction_loss(images, reconstructed), energy_loss(high)
        numbers = {
            "reconstruction": reconstruction,
            "energy_high": energy,
            "energy_low": energy_loss(low.detach()),
            "psnr_db": psnr_db(images, reconstructed.detach()),
        }
        return transform_loss(reconstruction, energy, self.lambda_), numbers


class ByClassification(Objective):
    """A classifier, put in training mode, by the classification loss alone (Eq. 7).

    `averaged_loss` takes the mean over the streams in the place of their sum.
    """

    def __init__(self, network: nn.Module, *, averaged_loss: bool = False) -> None:
        super().__init__()
        self.classifier = network
        self.averaged_loss = averaged_loss
        self.train()

    def forward(self, images: Tensor, labels: Tensor) -> tuple[Tensor, dict[str, Tensor]]:
        """As every objective; also the top-1 error in percent."""
        logits = self.classifier(images)
        numbers = {"top1_error_percent": top1_error_percent(averaged(logits).detach(), labels)}
        return classification_loss(logits, labels, averaged=self.averaged_loss), numbers


class ByJointLoss(Objective):
    """A two-stream classifier and a decoder, put in training mode, by the joint loss (Eq. 9).

    `network` is a study.models.classifiers.TwoStream whose decomposer is an encoder that the decoder inverts.
    """

    def __init__(self, network: Any, decoder: nn.Module, lambda_: float, gamma: float) -> None:
        super().__init__()
        self.classifier, self.decoder = network, decoder
        self.lambda_, self.gamma = lambda_, gamma
        self.train()

    def forward(self, images: Tensor, labels: Tensor) -> tuple[Tensor, dict[str, Tensor]]:
        """As every objective; also both parts of the loss, the top-1 error in percent and PSNR in decibels."""
        low, high = self.classifier.decompose(images)
        with torch.autocast(images.device.type, enabled=False):
            reconstructed = self.decoder(low, high)
            transform = transform_loss(reconstruction_loss(images, reconstructed), energy_loss(high), self.lambda_)
        logits = self.classifier.classify(low, high)
        classification = classification_loss(logits, labels)
        numbers = {
            "top1_error_percent": top1_error_percent(averaged(logits).detach(), labels),
            "classification": classification,
            "transform": transform,
            "psnr_db": psnr_db(images, reconstructed.detach()),
        }
        return joint_loss(classification, transform, self.gamma), numbers
