import hashlib

import numpy as np
import pytest

from study.settings.errors import InvalidData
from study.sources import photographs as source
from study.sources.photographs import FLAT, GAP, NAMES, photograph, photographs, regions


def test_the_same_seed_gives_the_same_patches_and_another_seed_others():
    first, again = photographs(3, 2, 32, 1, seed=0), photographs(3, 2, 32, 1, seed=0)
    assert np.array_equal(first.train.images, again.train.images)
    assert not np.array_equal(first.train.images, photographs(3, 2, 32, 1, seed=1).train.images)


def test_more_patches_do_not_change_the_first_ones_nor_the_other_split():
    few, many = photographs(2, 2, 32, 1, seed=0), photographs(4, 2, 32, 1, seed=0)
    first_of_each = many.train.images.reshape(len(NAMES), 4, 32, 32, 3)[:, :2]
    assert np.array_equal(few.train.images.reshape(first_of_each.shape), first_of_each)
    assert np.array_equal(few.test.images, many.test.images)


@pytest.mark.parametrize("name", NAMES)
def test_training_and_test_regions_lie_apart(name):
    train, test = regions(photograph(name, 1).shape[1])
    assert test.start - train.stop == GAP


def test_every_photograph_is_a_class_of_the_same_size():
    collection = photographs(3, 2, 32, 1, seed=0)
    assert np.bincount(collection.train.labels).tolist() == [3] * len(NAMES)
    assert np.bincount(collection.test.labels).tolist() == [2] * len(NAMES)


def test_patches_are_grey_and_show_something():
    images = photographs(3, 2, 32, 1, seed=0).train.images
    assert np.array_equal(images[..., 0], images[..., 2])
    assert images.reshape(len(images), -1).std(axis=1).min() > FLAT * 0.3


def test_a_patch_larger_than_a_photograph_is_refused_by_name():
    with pytest.raises(InvalidData, match="photograph aero: .* give no patch of side 400"):
        photographs(1, 1, 400, 1, seed=0)


def test_the_patches_are_those_that_the_committed_results_were_measured_on():
    collection = photographs(2, 1, 32, 1, seed=0)
    digest = hashlib.sha256(collection.train.images.tobytes() + collection.test.images.tobytes()).hexdigest()
    assert digest[:16] == "cf6758e30950610e"


def test_validation_patches_and_training_patches_never_share_a_column(monkeypatch):
    # A photograph in which every pixel is the number of its column, shown as it is.
    monkeypatch.setattr(source, "photograph", lambda name, reduce: np.tile(np.arange(250.0), (80, 1)))
    monkeypatch.setattr(source, "GAIN", (1.0, 1.0))
    monkeypatch.setattr(source, "OFFSET", (0.0, 0.0))
    collection = source.within_training(200, 0.25, 24, 1, seed=1000)
    trained, validated = set(collection.train.images.ravel()), set(collection.test.images.ravel())
    train, test = regions(250)
    assert min(validated) - max(trained) > GAP
    assert max(validated) in train and test.start - max(validated) > GAP
    assert len(trained) > 2 * len(validated)


def test_validation_takes_its_share_of_the_training_patches_of_every_photograph():
    collection = source.within_training(10, 0.2, 32, 1, seed=1000)
    assert np.bincount(collection.train.labels).tolist() == [8] * len(NAMES)
    assert np.bincount(collection.test.labels).tolist() == [2] * len(NAMES)
