"""The drawn faces: the same arguments give the same bytes, and identities can be told apart, with effort."""

from dataclasses import fields, replace

import numpy as np
import pytest

from study.data.collection import SPLITS
from study.sources.face_drawing import draw, skin_texture
from study.sources.face_shape import DEPTH, Face, Occasion, bump, drawn, grid, turned_head
from study.sources.rendered_faces import IDENTITY, rendered_faces

SIDE = 32


@pytest.fixture(scope="module")
def faces():
    return rendered_faces(20, 16, 6, SIDE, seed=0)


def middling(kind):
    """A Face or an Occasion with every field in the middle of its range."""
    return kind(**{each.name: sum(each.metadata["range"]) / 2 for each in fields(kind)})


def picture(face=None, occasion=None, side=64):
    """An image without texture, the same background and noise each time, as integers that can be subtracted."""
    face, occasion = face or middling(Face), occasion or middling(Occasion)
    texture = np.zeros_like(skin_texture(face, np.random.default_rng(0)))
    return draw(face, texture, occasion, side, np.random.default_rng(0)).astype(int)


def test_the_same_arguments_give_the_same_bytes():
    first, again = (rendered_faces(3, 4, 2, SIDE, seed=0) for _ in range(2))
    assert again.train.images.tobytes() == first.train.images.tobytes()
    assert again.test.images.tobytes() == first.test.images.tobytes()


def test_another_seed_gives_other_people(faces):
    other = rendered_faces(1, 16, 0, SIDE, seed=1)
    assert not np.array_equal(other.train.images, faces.train.images[:16])


def test_more_identities_and_pictures_do_not_change_the_first_ones(faces):
    fewer = rendered_faces(3, 2, 1, SIDE, seed=0)
    for few, many, count in ((fewer.train, faces.train, 16), (fewer.test, faces.test, 6)):
        of_each = many.images.reshape(20, count, SIDE, SIDE, 3)[:3, : len(few) // 3]
        assert np.array_equal(few.images, of_each.reshape(few.images.shape))


def test_no_picture_occurs_twice_within_or_across_the_splits(faces):
    pictures = [image.tobytes() for split in (faces.train, faces.test) for image in split.images]
    assert len(set(pictures)) == len(pictures) == 20 * 22


def test_an_identity_shares_no_randomness_with_its_pictures():
    own = drawn(Face, np.random.default_rng([0, 0, IDENTITY]))
    for split in range(len(SPLITS)):  # numpy pads a short key with zeros: [0, 0] would equal [0, 0, 0, 0]
        assert own != drawn(Face, np.random.default_rng([0, 0, split, 0]))


def test_pictures_are_packed_as_rgb_bytes_grouped_by_identity(faces):
    assert faces.classes == tuple(f"{identity:03d}" for identity in range(20))
    assert faces.train.images.shape == (320, SIDE, SIDE, 3)
    assert faces.test.images.shape == (120, SIDE, SIDE, 3)
    assert faces.train.images.dtype == faces.test.images.dtype == np.uint8
    assert np.array_equal(faces.train.labels, np.repeat(np.arange(20), 16))
    assert np.array_equal(faces.test.labels, np.repeat(np.arange(20), 6))


@pytest.mark.parametrize("side", [1, 33, 96])
def test_any_side_can_be_drawn(side):
    assert rendered_faces(1, 1, 0, side, seed=0).train.images.shape == (1, side, side, 3)


def test_pixels_use_the_range_without_being_mostly_black_or_white(faces):
    assert 60 < faces.train.images.mean() < 180
    assert np.mean((faces.train.images == 0) | (faces.train.images == 255)) < 0.1


def test_a_linear_classifier_tells_identities_better_than_chance(faces):
    train, test = (split.images.reshape(len(split), -1) / 255.0 for split in (faces.train, faces.test))
    mean = train.mean(axis=0)
    kernel = (train - mean) @ (train - mean).T
    targets = np.eye(20)[faces.train.labels] - 1 / 20
    weights = np.linalg.solve(kernel + 10 * np.eye(len(train)), targets)
    guesses = ((test - mean) @ (train - mean).T @ weights).argmax(axis=1)
    accuracy = np.mean(guesses == faces.test.labels)
    assert 3 / 20 < accuracy < 0.9  # learnable, and not by colour alone


def test_every_parameter_of_a_face_shows():
    low_high = {each.name: each.metadata["range"] for each in fields(Face)}
    side_lit = replace(middling(Occasion), age=0.8, shaving=0.0, smile=0.8, mouth_opening=0.08, yaw=0.25)
    base = replace(middling(Face), beard=0.5, hair_redness=0.3, cleft=0.03, recession=0.3, hair_length=0.3)
    for name in low_high.keys() - {"freckles", "moles"}:
        ends = [picture(replace(base, **{name: end}), side_lit) for end in low_high[name]]
        assert np.abs(ends[0] - ends[1]).max() > 5, name


def test_every_parameter_of_an_occasion_shows():
    base = replace(middling(Face), beard=0.5, recession=0.3)
    for each in fields(Occasion):
        ends = [picture(base, replace(middling(Occasion), **{each.name: end})) for end in each.metadata["range"]]
        assert np.abs(ends[0] - ends[1]).max() > 5, each.name


def test_freckles_and_moles_are_fine_detail():
    face = replace(middling(Face), freckles=30.0, moles=4.0)
    texture = skin_texture(face, np.random.default_rng(0))
    spotted, plain = (
        draw(face, layer, middling(Occasion), 56, np.random.default_rng(0)).astype(float)
        for layer in (texture, texture * np.array([0, 1], np.float32).reshape(2, 1, 1))
    )
    difference = (plain - spotted).mean(axis=2)
    halved = difference.reshape(28, 2, 28, 2).mean(axis=(1, 3))
    lost = 1 - (halved**2).mean() / (difference**2).mean()
    assert lost > 0.25  # at half the resolution a good part of their energy is gone


def test_a_head_turned_to_the_right_shows_its_left_cheek():
    x, y = (1.3 * line for line in grid(65))
    middle = 32
    for yaw, sign in ((0.3, -1), (0.0, 0), (-0.3, 1)):
        occasion = replace(middling(Occasion), yaw=yaw, pitch=0.0)
        assert np.sign(turned_head(middling(Face), occasion, x, y, 0.04).u[middle, middle]) == sign


def test_a_straight_head_is_as_deep_as_declared_and_covers_its_centre_alone():
    x, y = (1.3 * line for line in grid(65))
    head = turned_head(middling(Face), replace(middling(Occasion), yaw=0.0, pitch=0.0), x, y, 0.04)
    assert head.near[32, 32] == pytest.approx(DEPTH)
    assert head.coverage[32, 32] == 1
    assert head.coverage[[0, 0, -1, -1], [0, -1, 0, -1]].max() == 0


def test_a_bump_is_one_in_its_centre_and_nothing_beyond_its_radii():
    assert bump(np.float32(0), 0, 0.2, 0.1) == 1
    assert bump(np.array([0.2, 0.3]), np.array([0.0, 0.0]), 0.2, 0.1).tolist() == [0, 0]
    assert bump(0.0, 0.05, 1, 0.1) == pytest.approx(0.5625)
