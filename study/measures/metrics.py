"""Accuracy and reconstruction quality of batches."""

import torch
from torch import Tensor


def true_class_rank(logits: Tensor, labels: Tensor) -> Tensor:
    """How many classes lie above the true one: 0 is a top-1 hit, below 5 a top-5 hit; (batch,), int64.

    `logits` is (batch, classes), `labels` int64 (batch,).
    A class that ties with the true one and stands before it counts as above, so constant logits are no hit by luck.
    """
    true = logits.gather(1, labels[:, None])
    above = (logits > true).sum(dim=1)
    earlier = torch.arange(logits.shape[1], device=logits.device) < labels[:, None]
    return above + ((logits == true) & earlier).sum(dim=1)


def top1_error_percent(logits: Tensor, labels: Tensor) -> Tensor:
    """Share of the batch whose highest logit is not the true class, in percent, a scalar ().

    `logits` is (batch, classes), `labels` int64 (batch,).
    """
    return (true_class_rank(logits.float(), labels) > 0).float().mean() * 100


def psnr_db(image: Tensor, reconstructed: Tensor) -> Tensor:
    """Peak signal-to-noise ratio of a batch of images in [0, 1], in decibels, from its mean squared error: a scalar ().

    Both are (batch, 3, height, width). Equal images give infinity.
    """
    return -10 * torch.log10((image - reconstructed).square().mean())
