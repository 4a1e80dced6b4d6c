"""An image from a file is prepared as the data set's own images are."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from study.data import prepared
from study.data.batches import central_plan
from study.data.collection import Collection, Listed, Packed
from study.data.pictures import load_picture
from study.export.preprocessing import Preprocessing, as_input, of
from study.settings.errors import InvalidData

WARP = Preprocessing(side=36, crop=32, aspect="warp", divisor=1, packed=True, upright=False, reduce=None)


@pytest.fixture
def picture(tmp_path) -> Path:
    pixels = np.random.default_rng(0).integers(0, 256, (90, 120, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(tmp_path / "picture.png")
    return tmp_path / "picture.png"


@pytest.mark.parametrize("divisor", [1, 2])
@pytest.mark.parametrize("packed", [True, False])
def test_a_picture_is_what_the_prepared_set_makes_of_it(tmp_path, picture, packed, divisor):
    labels = np.zeros(1, dtype=np.int64)
    split = Packed(load_picture(picture, 36, "keep")[None], labels) if packed else Listed((picture.name,), labels)
    data = prepared.PreparedSet(Collection(("a",), split, split, tmp_path), "folder", 36, 32, "keep", True, "")
    evaluated = data.pictures("test", divisor)
    (picks,) = central_plan(1, 1, evaluated.margin)
    seen = replace(WARP, aspect="keep", packed=packed, upright=True, divisor=divisor)
    assert seen.picture(picture).equal(evaluated[picks][0])
    assert seen.picture(picture).shape == (1, 3, seen.input_side, seen.input_side)


def test_of_patches_the_middle_is_seen_in_grey_at_its_own_resolution(tmp_path):
    pixels = np.zeros((50, 60, 3), dtype=np.uint8)
    pixels[:, :, 1] = np.arange(60)
    Image.fromarray(pixels).save(tmp_path / "green.png")
    found = replace(WARP, reduce=1).picture(tmp_path / "green.png")
    # Columns 14 to 45: the patch of 36 in the middle of 60 starts at 12, its central 32 at 14. Green weighs 0.7154.
    expected = torch.from_numpy(np.rint(0.7154 * np.arange(14, 46))).to(torch.uint8)
    assert found.equal(expected.expand(1, 3, 32, 32))


def test_photographs_are_reduced_before_a_patch_is_taken(tmp_path):
    Image.fromarray(np.full((72, 72), 100, dtype=np.uint8)).save(tmp_path / "flat.png")
    assert replace(WARP, reduce=2).picture(tmp_path / "flat.png").unique().tolist() == [100]
    with pytest.raises(InvalidData, match="24 x 24 pixels of grey; this network sees patches of 36 x 36"):
        replace(WARP, reduce=3).picture(tmp_path / "flat.png")


def test_only_a_data_set_of_patches_is_seen_in_patches():
    manifest = {
        "source": "photographs",
        "side": 44,
        "crop": 40,
        "aspect": "warp",
        "upright": True,
        "splits": {"test": {"form": "packed"}},
    }
    assert of(manifest, 2, 1) == Preprocessing(44, 40, "warp", 2, True, True, 1)
    assert of({**manifest, "source": "folder"}, 1, None).reduce is None


def test_values_are_in_zero_to_one():
    assert as_input(torch.tensor([0, 51, 255], dtype=torch.uint8)).tolist() == pytest.approx([0, 0.2, 1])


def test_what_is_no_picture_is_one_line(tmp_path):
    with pytest.raises(InvalidData, match=r"nothing\.png: no such file"):
        WARP.picture(tmp_path / "nothing.png")
    (tmp_path / "text.png").write_text("no image")
    with pytest.raises(InvalidData, match="cannot be decoded"):
        WARP.picture(tmp_path / "text.png")


@pytest.mark.parametrize(
    ("seen", "sentence"),
    [
        (WARP, "the whole image, squashed to 36 x 36 pixels, of which the central 32 x 32 are seen"),
        (
            replace(WARP, reduce=1),
            "the grey patch of 36 x 36 pixels in the middle of the image, of which the central",
        ),
        (replace(WARP, aspect="keep", divisor=2), "the central 32 x 32 are seen, at 16 x 16"),
    ],
)
def test_what_is_seen_can_be_said(seen, sentence):
    assert sentence in seen.described()
