"""Groups of images that are alike but for compression, scaling or brightness."""

import io

import numpy as np
import pytest
import torch
from PIL import Image
from skimage import data

from study.data import duplicates
from study.data.batches import Pictures
from study.data.collection import Collection, Packed
from study.evaluation.ranks import described

SIDE = 72


def photograph(name: str) -> Image.Image:
    return Image.fromarray(getattr(data, name)()).convert("RGB").resize((256, 256))


def as_jpeg(image: Image.Image) -> Image.Image:
    file = io.BytesIO()
    image.save(file, "jpeg", quality=75)
    return Image.open(file).convert("RGB")


def pictures(*images: Image.Image) -> Pictures:
    pixels = np.stack([np.asarray(image.resize((SIDE, SIDE), Image.Resampling.BILINEAR)) for image in images])
    packed = Packed(pixels, np.arange(len(images)) % 2)
    return Pictures(Collection(("a", "b"), packed, packed), "test", side=SIDE, crop=SIDE)


@pytest.mark.parametrize(
    "changed",
    [
        as_jpeg,
        lambda image: image.resize((128, 128)),
        lambda image: image.point(lambda value: 0.8 * value),
    ],
    ids=["compressed", "half the side", "darker"],
)
def test_a_copy_is_in_the_group_of_its_original_and_other_photographs_are_not(changed):
    first, second, third = photograph("astronaut"), photograph("coffee"), photograph("chelsea")
    found = duplicates.near_duplicates(pictures(first, second, changed(first), third))
    assert found[0] == found[2]
    assert len(set(found.tolist())) == 3


def test_images_without_content_are_one_group():
    assert set(duplicates.near_duplicates(pictures(*[Image.new("RGB", (SIDE, SIDE))] * 5)).tolist()) == {0}


def test_a_chain_of_near_fingerprints_is_one_group_also_over_batches(monkeypatch):
    monkeypatch.setattr(duplicates, "BATCH", 2)
    words = np.zeros((5, 4), dtype=np.uint64)
    step = np.uint64(2**duplicates.NEAR - 1)
    words[1, 0], words[2, :2], words[3, 2] = step, step, ~np.uint64(0)
    assert duplicates.groups(words).tolist() == [0, 0, 0, 1, 0]


def test_the_fingerprint_says_where_the_grey_value_rises():
    rising = torch.arange(34).repeat(2, 34, 1)[:, None].expand(-1, 3, -1, -1).to(torch.uint8)
    found = duplicates.fingerprints(torch.cat([rising, rising.flip(3)]))
    assert np.bitwise_count(found).sum(axis=1).tolist() == [256, 256, 0, 0]


@pytest.mark.parametrize(("source", "units"), [("folder", [0, 1, 0]), ("photographs", [0, 1, 0]), ("cacd", [0, 1, 0])])
def test_units_are_groups_of_near_duplicates_where_the_class_is_no_unit(source, units):
    first = photograph("astronaut")
    shown = pictures(first, photograph("coffee"), as_jpeg(first))
    assert described(shown, source)["unit"].tolist() == units


def test_a_unit_is_not_its_class_in_a_folder():
    shown = pictures(photograph("astronaut"), photograph("coffee"), photograph("chelsea"))
    columns = described(shown, "folder")
    assert (columns["label"].tolist(), len(set(columns["unit"].tolist()))) == ([0, 1, 0], 3)
