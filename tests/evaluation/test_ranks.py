import numpy as np
import pytest
import torch
from torch import nn

from study.data.batches import Pictures
from study.data.collection import Collection, Packed
from study.evaluation.ranks import ranks

CPU = torch.device("cpu")


class ByBrightness(nn.Module):
    """Scores for three classes: how near the mean of an image is to 0, 0.5 and 1. Keeps what it has seen."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[torch.Tensor] = []

    def forward(self, image: torch.Tensor) -> tuple[torch.Tensor]:
        self.seen.append(image)
        return (-(image.mean(dim=(1, 2, 3))[:, None] - torch.tensor([0.0, 0.5, 1.0])).abs(),)


WRONG = np.arange(200) % 9 < 3


@pytest.fixture
def pictures():
    """200 grey images of three brightnesses, more than a batch; where WRONG, the label is the next class."""
    brightness = np.arange(200) % 3
    images = np.broadcast_to((brightness * 127)[:, None, None, None], (200, 12, 12, 3)).astype(np.uint8)
    split = Packed(images, np.where(WRONG, (brightness + 1) % 3, brightness))
    return Pictures(Collection(("a", "b", "c"), split, split), "test", 12, 8)


def test_ranks_are_those_of_the_true_class_in_the_order_of_the_pictures(pictures):
    assert ((ranks(ByBrightness(), pictures, CPU, "test") > 0) == WRONG).all()


def test_noise_of_variance_zero_changes_no_rank_and_noise_is_the_same_for_every_network(pictures):
    clean = ranks(ByBrightness(), pictures, CPU, "test")
    assert (ranks(ByBrightness(), pictures, CPU, "test", variance=0.0, noise_seed=3) == clean).all()
    first, second = ByBrightness(), ByBrightness()
    for network in (first, second):
        ranks(network, pictures, CPU, "test", variance=0.01)
    assert all(torch.equal(a, b) for a, b in zip(first.seen, second.seen, strict=True))
    assert first.seen[0].std() > 0.3  # three brightnesses; with noise, more values than three
    assert len(first.seen[0].unique()) > 1000


def test_a_score_that_is_not_a_number_ranks_last(pictures):
    class Broken(nn.Module):
        def forward(self, image):
            return (torch.full((len(image), 3), float("nan")),)

    assert (ranks(Broken(), pictures, CPU, "test") == 2).all()
