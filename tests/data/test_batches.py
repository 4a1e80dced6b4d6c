import numpy as np
import pytest
import torch
from PIL import Image
from torch.testing import assert_close

from study.data.batches import Pictures, central_plan, resized, training_plan
from study.data.collection import Collection, Listed, Packed
from study.settings.errors import InvalidData


@pytest.fixture
def collection() -> Collection:
    """Ten images of side 8; the value of a pixel tells image and column."""
    images = np.arange(10)[:, None, None, None] * 20 + np.arange(8)[None, None, :, None]
    images = np.broadcast_to(images, (10, 8, 8, 3)).astype(np.uint8)
    packed = Packed(images, np.arange(10) % 3)
    return Collection(("a", "b", "c"), packed, packed)


def everything(plan):
    return np.concatenate([picks.numbers for picks in plan])


def test_an_epoch_shows_every_picture_at_most_once_in_full_batches():
    plan = training_plan(103, 10, 4, seed=0, epoch=0)
    assert [len(picks.numbers) for picks in plan] == [10] * 10
    assert len(set(everything(plan))) == 100


def test_a_set_smaller_than_a_batch_is_one_batch():
    assert [len(picks.numbers) for picks in training_plan(5, 64, 4, seed=0, epoch=0)] == [5]


def test_epochs_and_seeds_differ_and_the_same_pair_repeats():
    first, again = training_plan(50, 10, 4, seed=1, epoch=2), training_plan(50, 10, 4, seed=1, epoch=2)
    for left, right in zip(first, again, strict=True):
        assert all(np.array_equal(vars(left)[name], vars(right)[name]) for name in vars(left))
    assert not np.array_equal(everything(first), everything(training_plan(50, 10, 4, seed=1, epoch=3)))
    assert not np.array_equal(everything(first), everything(training_plan(50, 10, 4, seed=2, epoch=2)))


def test_crops_reach_every_offset_and_no_further():
    plan = training_plan(2000, 100, 3, seed=0, epoch=0)
    tops = np.concatenate([picks.tops for picks in plan])
    assert set(tops) == {0, 1, 2, 3}


def test_half_of_the_pictures_are_mirrored():
    mirrored = np.concatenate([picks.mirrored for picks in training_plan(10_000, 100, 3, seed=0, epoch=0)])
    assert abs(mirrored.mean() - 0.5) < 0.02


def test_a_crop_is_the_window_that_the_plan_names(collection):
    pictures = Pictures(collection, "train", side=8, crop=4)
    picks = training_plan(10, 10, pictures.margin, seed=0, epoch=0)[0]
    images, labels = pictures[picks]
    assert images.shape == (10, 3, 4, 4)
    for image, label, number, left, mirrored in zip(
        images, labels, picks.numbers, picks.lefts, picks.mirrored, strict=True
    ):
        columns = number * 20 + left + np.arange(4)
        assert image[0, 0].tolist() == (columns[::-1] if mirrored else columns).tolist()
        assert label == number % 3


def test_evaluation_shows_every_picture_once_in_order_at_its_centre(collection):
    pictures = Pictures(collection, "test", side=8, crop=4)
    plan = central_plan(10, 4, pictures.margin)
    assert everything(plan).tolist() == list(range(10))
    images = torch.cat([images for images, _ in pictures.batches(plan)])
    assert images[:, 0, 0].tolist() == [[number * 20 + column for column in (2, 3, 4, 5)] for number in range(10)]


def test_half_the_side_shows_the_same_picture_averaged():
    checks = torch.arange(4).repeat_interleave(2).repeat_interleave(8).reshape(1, 1, 8, 8).repeat(1, 3, 1, 1) * 60
    half = resized(checks.to(torch.uint8), 4)
    assert half.shape == (1, 3, 4, 4)
    assert_close(half.float().mean(), checks.float().mean(), atol=1.0, rtol=0)


def test_the_same_side_is_left_untouched():
    images = torch.randint(0, 256, (2, 3, 8, 8), dtype=torch.uint8)
    assert resized(images, 8) is images


def test_listed_pictures_give_the_same_batches_as_packed_ones(tmp_path):
    random = np.random.default_rng(0)
    images = random.integers(0, 256, (6, 8, 8, 3), dtype=np.uint8)
    for number, image in enumerate(images):
        Image.fromarray(image).save(tmp_path / f"{number}.png")
    labels = np.arange(6) % 2
    packed = Packed(images, labels)
    listed = Listed(tuple(f"{number}.png" for number in range(6)), labels)
    plan = training_plan(6, 3, 4, seed=0, epoch=0)
    batches = [
        list(Pictures(Collection(("a", "b"), split, split, tmp_path), "train", side=8, crop=4).batches(plan))
        for split in (packed, listed)
    ]
    for (images_a, labels_a), (images_b, labels_b) in zip(*batches, strict=True):
        assert torch.equal(images_a, images_b)
        assert torch.equal(labels_a, labels_b)


@pytest.mark.parametrize("form", [Packed, Listed])
def test_chosen_pictures_are_those_of_their_numbers_and_leave_the_others_alone(tmp_path, form):
    images = np.random.default_rng(0).integers(0, 256, (6, 8, 8, 3), dtype=np.uint8)
    for number, image in enumerate(images):
        Image.fromarray(image).save(tmp_path / f"{number}.png")
    labels = np.arange(6)
    split = Packed(images, labels) if form is Packed else Listed(tuple(f"{n}.png" for n in range(6)), labels)
    every = Pictures(Collection(tuple("abcdef"), split, split, tmp_path), "train", side=8, crop=8)
    numbers = np.array([4, 0, 4])
    chosen = every.only(numbers)
    found, found_labels = chosen[central_plan(len(chosen), 3, 0)[0]]
    assert found_labels.tolist() == [4, 0, 4]
    assert torch.equal(found, torch.from_numpy(images[numbers]).permute(0, 3, 1, 2))
    assert len(every) == 6


def test_a_picture_that_breaks_while_training_is_named(tmp_path):
    (tmp_path / "broken.jpg").write_bytes(b"no image")
    listed = Listed(("broken.jpg",), np.array([0]))
    pictures = Pictures(Collection(("a",), listed, listed, tmp_path), "train", side=8, crop=8)
    with pytest.raises(InvalidData, match=r"broken\.jpg: cannot be decoded"):
        pictures[training_plan(1, 1, 0, seed=0, epoch=0)[0]]
