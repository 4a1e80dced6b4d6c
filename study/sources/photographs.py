"""Patches of the real photographs that come inside scikit-image and PyWavelets: no download, resolution matters."""

import numpy as np
import pywt
from numpy.typing import NDArray
from skimage import data as skimage_data
from skimage.color import rgb2gray
from skimage.transform import downscale_local_mean

from study.data.collection import Collection, Packed
from study.settings.errors import InvalidData

# The right picture of the stereo pair shows the same motorcycle, and the right part of the clock is flat: left out.
NAMES = (
    "aero", "ascent", "astronaut", "brick", "camera", "cell", "chelsea", "coffee", "coins", "grass",
    "gravel", "hubble_deep_field", "immunohistochemistry", "moon", "page", "retina", "rocket", "stereo_motorcycle",
    "text",
)  # fmt: skip
TRAIN_WIDTH = 0.7  # share of a photograph's width, from the left, that training patches come from
GAP = 16  # pixels between the two regions, so that no test patch continues a training patch
FLAT = 6.0  # grey levels; a patch whose standard deviation is below shows nothing
ATTEMPTS = 200  # positions tried for each wanted patch before the photograph counts as too flat
GAIN = (0.6, 1.4)  # contrast and ...
OFFSET = (-40.0, 40.0)  # ... brightness (grey levels) vary, so that they do not give the photograph away


def photograph(name: str, reduce: int) -> NDArray[np.float64]:
    """One photograph in grey, float64 in 0..255, (height, width), reduced by averaging `reduce` x `reduce` pixels."""
    picture = getattr(pywt.data, name)() if name in ("aero", "ascent") else getattr(skimage_data, name)()
    if isinstance(picture, tuple):
        picture = picture[0]
    grey: NDArray[np.float64]
    grey = rgb2gray(picture[..., :3]) * 255.0 if picture.ndim == 3 else picture.astype(np.float64)
    if reduce > 1:
        grey = downscale_local_mean(grey, (reduce, reduce))
    return grey


def regions(width: int) -> tuple[range, range]:
    """The columns of a photograph for training and for testing; GAP columns lie between them."""
    border = round(width * TRAIN_WIDTH)
    return range(border - GAP // 2), range(border + GAP // 2, width)


def _patches(
    name: str, grey: NDArray[np.float64], columns: range, count: int, side: int, random: np.random.Generator
) -> NDArray[np.uint8]:
    """`count` patches that are not flat, from the given columns, with varied contrast and brightness.

    The patches are (count, side, side). Raises InvalidData for a photograph that is too small or too flat.
    """
    height, room = grey.shape[0] - side, len(columns) - side
    if height < 0 or room < 0:
        raise InvalidData(f"photograph {name}: {len(columns)}x{grey.shape[0]} pixels give no patch of side {side}")
    patches = []
    for _ in range(count * ATTEMPTS):
        top, left = random.integers(height + 1), columns.start + random.integers(room + 1)
        gain, offset = random.uniform(*GAIN), random.uniform(*OFFSET)
        patch = grey[top : top + side, left : left + side]
        if patch.std() < FLAT:
            continue
        varied = (patch - patch.mean()) * gain + patch.mean() + offset
        patches.append(np.clip(np.rint(varied), 0, 255).astype(np.uint8))
        if len(patches) == count:
            return np.stack(patches)
    raise InvalidData(
        f"photograph {name}: fewer than {count} of {count * ATTEMPTS} patches of side {side} are not flat"
    )


def photographs(train_per_class: int, test_per_class: int, side: int, reduce: int, seed: int) -> Collection[Packed]:
    """Patches (n, side, side, 3) of every photograph; the class is the photograph.

    Training patches come from the left part, test patches from the right part, so the regions never overlap. The
    randomness of a split is keyed by (seed, photograph, split): more test patches do not change the training set.
    Raises InvalidData if a photograph is too small or too flat.
    """
    counts = {"train": train_per_class, "test": test_per_class}
    splits: dict[str, list[NDArray[np.uint8]]] = {name: [] for name in counts}
    for number, name in enumerate(NAMES):
        grey = photograph(name, reduce)
        for key, (split, columns) in enumerate(zip(counts, regions(grey.shape[1]), strict=True)):
            random = np.random.default_rng([seed, number, key])
            splits[split].append(_patches(name, grey, columns, counts[split], side, random))

    def packed(split: str) -> Packed:
        grey = np.concatenate(splits[split])
        labels = np.repeat(np.arange(len(NAMES)), counts[split])
        return Packed(np.repeat(grey[..., None], 3, axis=-1), labels)

    return Collection(NAMES, packed("train"), packed("test"))
