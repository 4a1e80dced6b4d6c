"""The objectives of the three training stages (Eqs. 3-5, 7 and 9).

Images hold values in [0, 1]; squared errors are summed over pixels and colours and averaged over the batch. The paper
lost the reduction and the range; decision 0002 measures the candidates.
"""

import operator
from functools import reduce

from torch import Tensor
from torch.nn import functional


def reconstruction_loss(image: Tensor, reconstructed: Tensor) -> Tensor:
    """Squared error between I and I' (Eq. 3): sum over pixels, mean over the batch.

    Both are (batch, 3, height, width); the loss is a scalar ().
    """
    return (image - reconstructed).square().sum(dim=(1, 2, 3)).mean()


def energy_loss(high: Tensor) -> Tensor:
    """Energy of the high-frequency channel (Eq. 4): mean over the batch of the squared norm of I_H.

    `high` is (batch, 3, height, width); the loss is a scalar ().
    """
    return high.square().sum(dim=(1, 2, 3)).mean()


def transform_loss(reconstruction: Tensor, energy: Tensor, lambda_: float) -> Tensor:
    """Reconstruction loss plus `lambda` times the energy of I_H (Eq. 5)."""
    return reconstruction + lambda_ * energy


def classification_loss(logits: tuple[Tensor, ...], labels: Tensor, *, averaged: bool = False) -> Tensor:
    """Cross entropy of all logits, summed (Eqs. 6 and 7): low stream and fused streams, or the only stream.

    Each of `logits` is (batch, classes), `labels` int64 (batch,); the loss is the batch mean, a scalar (), in fp32.
    With `averaged` it is the mean over streams: the features that two streams share then get one gradient, not two.
    """
    losses = (functional.cross_entropy(one.float(), labels) for one in logits)
    total = reduce(operator.add, losses)
    return total / len(logits) if averaged else total


def joint_loss(classification: Tensor, transform: Tensor, gamma: float) -> Tensor:
    """Classification loss plus `gamma` times the transform loss (Eq. 9)."""
    return classification + gamma * transform
