"""How published networks see an image."""

import numpy as np
import pytest
import torch
from PIL import Image
from torch.testing import assert_close
from torchvision import transforms

from study.data.batches import central_plan
from study.data.collection import Collection, Listed
from study.published.network import Resize
from study.published.pictures import ValidationPictures, squashed


def picture(height: int = 375, width: int = 500) -> np.ndarray:
    """Waves and noise."""
    random = np.random.default_rng(0)
    rows, columns = np.mgrid[:height, :width]
    waves = 128 + 100 * np.sin(rows / 9)[..., None] * np.cos(columns[..., None] / (5, 7, 11))
    return np.clip(waves + random.normal(0, 9, (height, width, 3)), 0, 255).astype(np.uint8)


def seen(tmp_path, resize: Resize) -> torch.Tensor:
    Image.fromarray(picture()).save(tmp_path / "picture.png")
    split = Listed(("picture.png",), np.zeros(1, np.int64))
    pictures = ValidationPictures(Collection(("a",), split, split, tmp_path), resize)
    (picks,) = central_plan(1, 1, pictures.margin)
    return pictures[picks][0][0]


def test_keep_is_torchvisions_own_preparation(tmp_path):
    found = seen(tmp_path, "keep")
    theirs = transforms.Compose([transforms.Resize(256), transforms.CenterCrop(224), transforms.PILToTensor()])
    difference = (found.int() - theirs(Image.fromarray(picture())).int()).abs()
    assert difference.max() <= 1


def test_warp_is_pillows_smoothed_square(tmp_path):
    whole = np.array(Image.fromarray(picture()).resize((256, 256), Image.Resampling.BILINEAR))
    assert_close(seen(tmp_path, "warp"), torch.from_numpy(whole[16:240, 16:240]).permute(2, 0, 1))


def test_caffe_is_opencvs_resizing(tmp_path):
    cv2 = pytest.importorskip("cv2")
    for shape in ((375, 500), (200, 120), (333, 256)):
        expected = torch.from_numpy(cv2.resize(picture(*shape), (256, 256))).permute(2, 0, 1)
        assert (squashed(picture(*shape), 256).int() - expected.int()).abs().max() <= 1
    assert_close(seen(tmp_path, "caffe"), squashed(picture(), 256)[:, 16:240, 16:240])


def test_caffes_resizing_takes_the_four_nearest_pixels_alone():
    # Halved, the middle of every 2 x 2 block; a quarter, of the inner four of 4 x 4: what lies outside does not count.
    whole = torch.arange(16, dtype=torch.uint8).reshape(4, 4)[..., None].expand(-1, -1, 3).numpy()
    assert squashed(whole, 2)[0].tolist() == [[2, 4], [10, 12]]
    spot = np.zeros((8, 8, 3), np.uint8)
    spot[0, 0] = 255
    assert squashed(spot, 2).max() == 0
