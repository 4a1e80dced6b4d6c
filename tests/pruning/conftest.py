"""Small networks and images to prune."""

import numpy as np
import pytest
import torch

from study.data.batches import Pictures
from study.data.collection import Collection, Packed
from study.models.build import build
from study.models.shape import Shape
from study.pruning.examples import Evidence, Examples

CPU = torch.device("cpu")


@pytest.fixture
def pictures():
    """48 images of noise, 32 x 32, in 4 classes."""
    random = np.random.default_rng(0)
    packed = Packed(random.integers(0, 256, (48, 32, 32, 3), dtype=np.uint8), np.arange(48) % 4)
    return Pictures(Collection(tuple("abcd"), packed, packed), "train", 32, 32)


@pytest.fixture
def make():
    """A network of a sixteenth of the width, in evaluation mode; its BatchNorm has seen what the images are like."""

    def make(backbone: str = "vgg16", batch_norm: bool = True, **changes):
        torch.manual_seed(0)
        shape = Shape(side=32, classes=4, width=1 / 16, batch_norm=batch_norm, **changes)
        network = build(backbone, "full", shape).train()
        with torch.no_grad():
            for _ in range(8):
                network(torch.rand(16, 3, 32, 32))
        return network.eval()

    return make


@pytest.fixture
def evidence(pictures):
    """What a criterion may look at, of a network."""

    def evidence(network, count: int = 48, locations: int = 10):
        return Evidence(network, Examples(pictures, np.arange(count), CPU), seed=0, locations=locations)

    return evidence
