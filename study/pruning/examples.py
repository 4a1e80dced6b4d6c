"""What a criterion may look at."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from study.data.batches import Pictures, central_plan

BATCH = 128


class Examples:
    """Some images of a split, centre crops without reflection, as batches; can be gone through again and again."""

    def __init__(self, pictures: Pictures, numbers: np.ndarray, device: torch.device) -> None:
        self._pictures = pictures.only(numbers)
        self._device = device

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor]]:
        """Images (batch, 3, side, side) in [0, 1] and labels (batch,)."""
        plan = central_plan(len(self._pictures), BATCH, self._pictures.margin)
        for images, labels in self._pictures.batches(plan):
            yield images.to(self._device).float() / 255.0, labels.to(self._device)


@dataclass(frozen=True)
class Evidence:
    """The network as it is, training images, and a seed for whatever a criterion draws from them; `locations` is how
    many outputs of a layer to draw from an image."""

    network: nn.Module
    examples: Examples
    seed: int
    locations: int = 1


def of_every_class(labels: np.ndarray, count: int, random: np.random.Generator) -> np.ndarray:
    """Numbers of `count` random images of every class, or of all that a class has."""
    order = random.permutation(len(labels))
    return np.concatenate([order[labels[order] == label][:count] for label in np.unique(labels)])
