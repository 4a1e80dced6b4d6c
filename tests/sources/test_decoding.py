"""Images that are equal, within a split, across splits and across classes."""

import numpy as np
import pytest
from PIL import Image

from study.data.collection import Collection, Listed
from study.settings.errors import InvalidData
from study.sources import decoding


def put(root, name: str, number: int) -> str:
    pixels = np.random.default_rng(number).integers(0, 256, (9, 12, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(root / name)
    return name


def collection(root, train: dict[str, tuple[int, int]], test: dict[str, tuple[int, int]]) -> Collection[Listed]:
    """Images by name: the number that decides their pixels, and their class."""
    splits = [
        Listed(
            tuple(put(root, name, number) for name, (number, _) in split.items()),
            np.array([c for _, c in split.values()]),
        )
        for split in (train, test)
    ]
    return Collection(("a", "b"), *splits, root)


def test_equal_pictures_of_one_class_and_split_are_said_alone(tmp_path, capsys):
    some = collection(tmp_path, {"0.png": (0, 0), "1.bmp": (0, 0), "2.png": (2, 1)}, {"3.png": (3, 0), "4.png": (4, 1)})
    assert decoding.check_pictures(some, "refused").tested_as_trained == 0
    assert "1 images occur once more, 0 of them to train and to test with, 0 in several classes: 0.png = 1.bmp" in (
        capsys.readouterr().out
    )


@pytest.mark.parametrize(
    ("train", "test", "words"),
    [
        (
            {"0.png": (0, 0), "1.png": (1, 1)},
            {"2.png": (0, 0), "3.png": (3, 1)},
            "1 of them to train and to test with, 0 in",
        ),
        (
            {"0.png": (0, 0), "1.png": (0, 1)},
            {"2.png": (2, 0), "3.png": (3, 1)},
            "0 of them to train and to test with, 1 in",
        ),
        (
            {"0.png": (0, 0), "1.png": (1, 1)},
            {"2.png": (2, 0), "3.png": (2, 1)},
            "0 of them to train and to test with, 1 in",
        ),
        (
            {"0.png": (0, 0), "1.png": (1, 1)},
            {"2.png": (0, 0), "3.png": (0, 1)},
            "2 of them to train and to test with, 1 in",
        ),
    ],
)
def test_equal_pictures_of_both_splits_or_of_several_classes_are_refused_unless_allowed(
    tmp_path, train, test, words, capsys
):
    some = collection(tmp_path, train, test)
    with pytest.raises(InvalidData) as caught:
        decoding.check_pictures(some, "refused")
    assert words in str(caught.value)
    assert "equal_images: allowed" in str(caught.value)
    assert decoding.check_pictures(some, "allowed").tested_as_trained == int(words[0])
    assert words in capsys.readouterr().out


def test_pictures_that_differ_in_one_pixel_are_not_equal(tmp_path, capsys):
    some = collection(tmp_path, {"0.png": (0, 0), "1.png": (1, 1)}, {"2.png": (0, 0), "3.png": (3, 1)})
    pixels = np.array(Image.open(tmp_path / "2.png"))
    pixels[0, 0, 0] ^= 1
    Image.fromarray(pixels).save(tmp_path / "2.png")
    decoding.check_pictures(some, "refused")
    assert capsys.readouterr().out == ""
