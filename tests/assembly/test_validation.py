"""Validation images: off the training images, never of the test images, never overlapping what is trained on."""

import numpy as np
import pytest

from study.assembly import validation
from study.data import prepared
from study.data.collection import Collection, Listed, Packed
from study.settings import paths
from study.settings.errors import InvalidData
from study.settings.parameters.data import RenderedFaces

FACES = RenderedFaces(
    source="rendered_faces", resize=36, crop=32, identities=20, train_per_identity=10, test_per_identity=2, split_seed=0
)


def packed(labels: list[int], first: int) -> Packed:
    """Images whose every pixel is their number."""
    numbers = np.arange(first, first + len(labels), dtype=np.uint8)
    return Packed(np.tile(numbers[:, None, None, None], (1, 36, 36, 3)), np.array(labels, dtype=np.int64))


@pytest.fixture
def faces(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    data = Collection(("a", "b", "c"), packed([0] * 10 + [1] * 20 + [2] * 2, 0), packed([0, 1, 2], 100))
    folder = paths.prepared("smoke", "faces")
    prepared.write(folder, data, source="rendered_faces", side=36, crop=32, aspect="warp", upright=True, listing=None)
    return folder


def numbers(split: Packed) -> set[int]:
    return set(split.images[:, 0, 0, 0].tolist())


def test_training_and_validation_images_are_the_training_images_and_each_is_one_of_them(faces):
    data = validation.read_data("smoke", "faces", FACES, 0.2, 1000).collection
    assert numbers(data.train) | numbers(data.test) == set(range(32))
    assert not numbers(data.train) & numbers(data.test)
    assert np.bincount(data.test.labels).tolist() == [2, 4, 1]


def test_the_test_images_are_not_read(faces):
    for file in faces.glob("test_*"):
        file.unlink()
    validation.read_data("smoke", "faces", FACES, 0.2, 1000)


def test_another_seed_splits_in_another_way_and_has_another_digest(faces):
    one, same, other = (validation.read_data("smoke", "faces", FACES, 0.2, seed) for seed in (1, 1, 2))
    assert numbers(one.collection.test) == numbers(same.collection.test) != numbers(other.collection.test)
    assert one.digest == same.digest != other.digest
    assert prepared.read_manifest(faces)["splits"]["train"]["images"] == 32


def test_a_class_of_one_image_cannot_be_split():
    with pytest.raises(InvalidData, match="class 1: 1 training image"):
        validation.drawn(np.array([0, 0, 1]), 0.2, 0)


def test_pictures_that_are_listed_stay_listed(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    root = paths.outside("faces")
    root.mkdir(parents=True)
    names = tuple(f"{number}.png" for number in range(8))
    for name in names:
        (root / name).touch()
    split = Listed(names, np.repeat([0, 1], 4))
    folder = paths.prepared("smoke", "faces")
    prepared.write(
        folder,
        Collection(("a", "b"), split, split),
        source="folder",
        side=36,
        crop=32,
        aspect="warp",
        upright=True,
        listing="",
    )
    data = validation.read_data("smoke", "faces", FACES.model_copy(update={"source": "folder"}), 0.25, 0).collection
    assert sorted(data.train.paths + data.test.paths) == sorted(names)
    assert data.test.labels.tolist() == [0, 1]
