"""The page of the data says which folder it was."""

from dataclasses import replace

import pytest

from study.judging.data import Described, OfClass
from study.rendering import data

OWN = Described(
    dataset="objects",
    backbone="vgg16",
    source="folder",
    own=True,
    train_images=80,
    train_per_class=None,
    test_images=20,
    units=20,
    unit="image",
    smallest=10,
    largest=10,
    chance_percent={"top1": 50.0},
    majority_percent={"top1": 50.0},
    error="top1",
    classes=(OfClass("class 0", 10, {}), OfClass("class 1", 10, {})),
    not_better_than_majority=(),
    listing="0123456789abcdef" * 4,
    tested_as_trained=0,
)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, "(10). Listing digest of the folder: `0123456789ab`, as `study doctor` names it."),
        ({"tested_as_trained": 3}, "3 test images are equal to a training image, pixel by pixel."),
        ({"listing": None, "tested_as_trained": None}, "as many test images in each class (10)."),
    ],
)
def test_a_folder_is_named_by_its_digest_and_its_equal_images_counted(changed, said):
    assert data.counts(replace(OWN, **changed)).endswith(said)
