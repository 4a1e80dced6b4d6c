"""Drawn faces of invented people: a stand-in for a face set where none is given, with variation in age, pose and light.

Identities differ by little, part of it fine detail (freckles, moles, eyes, brows); images of one identity differ by
much. Nobody is depicted.
"""

import numpy as np
from numpy.typing import NDArray

from study.data.collection import SPLITS, Collection, Packed
from study.sources.face_drawing import draw, skin_texture
from study.sources.face_shape import Face, Occasion, drawn

IDENTITY = len(SPLITS)  # third key of an identity's own randomness, which no split has


def _pictures(identity: int, counts: dict[str, int], side: int, seed: int) -> dict[str, NDArray[np.uint8]]:
    """The images of one identity for each split: uint8, (count, side, side, 3)."""
    random = np.random.default_rng([seed, identity, IDENTITY])
    face = drawn(Face, random)
    texture = skin_texture(face, random)
    pictures = {}
    for key, (split, count) in enumerate(counts.items()):
        pictures[split] = np.empty((count, side, side, 3), np.uint8)
        for number in range(count):
            random = np.random.default_rng([seed, identity, key, number])
            pictures[split][number] = draw(face, texture, drawn(Occasion, random), side, random)
    return pictures


def rendered_faces(
    identities: int, train_per_identity: int, test_per_identity: int, side: int, seed: int
) -> Collection[Packed]:
    """Images (n, side, side, 3) of `identities` invented people, grouped by identity; the class is the identity.

    The randomness of an image is keyed by (seed, identity, split, number): more images or more identities do not
    change the first ones.
    """
    counts = dict(zip(SPLITS, (train_per_identity, test_per_identity), strict=True))
    people = [_pictures(identity, counts, side, seed) for identity in range(identities)]

    def packed(split: str) -> Packed:
        images = np.concatenate([pictures[split] for pictures in people])
        return Packed(images, np.repeat(np.arange(identities), counts[split]))

    return Collection(tuple(f"{identity:03d}" for identity in range(identities)), packed("train"), packed("test"))
