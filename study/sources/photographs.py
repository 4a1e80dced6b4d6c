"""Patches of the real photographs that come inside scikit-image and PyWavelets: no download, resolution matters."""

from collections.abc import Callable

import numpy as np
import pywt
from numpy.typing import NDArray
from skimage import data as skimage_data
from skimage.color import rgb2gray
from skimage.transform import downscale_local_mean

from study.data.collection import Collection, Packed
from study.settings.errors import InvalidData

# The right image of the stereo pair shows the same motorcycle, and the right part of the clock is flat: left out.
NAMES = (
    "aero", "ascent", "astronaut", "brick", "camera", "cell", "chelsea", "coffee", "coins", "grass",
    "gravel", "hubble_deep_field", "immunohistochemistry", "moon", "page", "retina", "rocket", "stereo_motorcycle",
    "text",
)  # fmt: skip
TRAIN_WIDTH = 0.7  # share of a photograph's width, from the left, that training patches come from
GAP = 16  # pixels between the two regions, so that no test patch continues a training patch
FLAT = 6.0  # grey levels; a patch whose standard deviation is below shows nothing
ATTEMPTS = 200  # positions tried for each wanted patch before the photograph counts as too flat
WITHIN_TRAINING = 2  # a key of the randomness of validation, which neither split has
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


def parted(columns: range, share: float) -> tuple[range, range]:
    """The left `share` of some columns and the rest of them; GAP columns lie between."""
    border = columns.start + round(len(columns) * share)
    return range(columns.start, border - GAP // 2), range(border + GAP // 2, columns.stop)


def regions(width: int) -> tuple[range, range]:
    """The columns of a photograph for training and for testing."""
    return parted(range(width), TRAIN_WIDTH)


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
    return _cut(regions, (train_per_class, test_per_class), side, reduce, (seed,))


def within_training(
    per_class: int, validation_fraction: float, side: int, reduce: int, seed: int
) -> Collection[Packed]:
    """Patches as in `photographs`, all from the columns that training patches come from: those in the place of the test
    patches are for validation.

    They are the given share of `per_class` patches and come from the right part of the columns, so that they meet
    neither those that are trained on nor a test patch. Raises InvalidData as `photographs` does.
    """
    validated = round(per_class * validation_fraction)

    def columns(width: int) -> tuple[range, range]:
        return parted(regions(width)[0], 1 - validation_fraction)

    return _cut(columns, (per_class - validated, validated), side, reduce, (seed, WITHIN_TRAINING))


def _cut(
    columns_of: Callable[[int], tuple[range, range]],
    per_class: tuple[int, int],
    side: int,
    reduce: int,
    keys: tuple[int, ...],
) -> Collection[Packed]:
    """So many patches of every photograph for each of two splits, from the columns that its width gives for each."""
    splits: tuple[list[NDArray[np.uint8]], ...] = ([], [])
    for number, name in enumerate(NAMES):
        grey = photograph(name, reduce)
        for key, columns in enumerate(columns_of(grey.shape[1])):
            random = np.random.default_rng([*keys, number, key])
            splits[key].append(_patches(name, grey, columns, per_class[key], side, random))

    def packed(key: int) -> Packed:
        labels = np.repeat(np.arange(len(NAMES)), per_class[key])
        return Packed(np.repeat(np.concatenate(splits[key])[..., None], 3, axis=-1), labels)

    return Collection(NAMES, packed(0), packed(1))
