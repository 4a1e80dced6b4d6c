"""Which images are alike but for compression, scaling or brightness."""

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from torch import Tensor
from torch.nn import functional

from study.data.batches import Pictures, central_plan

BATCH = 256
SIDE = 16  # of the grid of a fingerprint, SIDE * SIDE bits
# Bits by which near fingerprints may differ. Of 1,500 photographs of 128 pixels, 99 in 100 are this near to their copy
# at half the side and 90 to one saved as JPEG of quality 60; of the 1.1 million pairs of two photographs none is
# (least: 19).
NEAR = 12
GREY = torch.tensor([0.299, 0.587, 0.114])


def fingerprints(images: Tensor) -> NDArray[np.uint64]:
    """The difference hash of images, uint8 (n, 3, h, w), as (n, 4) words of 64 bits.

    A bit says whether the grey value rises from one cell of a 16 x 16 grid to the next on its right.
    """
    grey = torch.einsum("nchw,c->nhw", images.float(), GREY)[:, None]
    cells = functional.interpolate(grey, size=(SIDE, SIDE + 1), mode="bilinear", antialias=True, align_corners=False)
    rises = (cells[:, 0].diff(dim=2) > 0).flatten(1).numpy()
    return np.packbits(rises, axis=1).view(np.uint64)


def groups(found: NDArray[np.uint64]) -> NDArray[np.int64]:
    """By image, the number of its group, (n,): images are in one if a chain of near fingerprints leads over."""
    count = len(found)
    pairs = []
    for start in range(0, count, BATCH):
        later = found[start:]
        differing = sum(
            np.bitwise_count(later[None, :, word] ^ found[start : start + BATCH, None, word]).astype(np.uint16)
            for word in range(found.shape[1])
        )
        one, other = np.nonzero(np.asarray(differing) <= NEAR)
        pairs.append(np.stack([one, other]) + start)
    one, other = np.concatenate(pairs, axis=1) if pairs else np.zeros((2, 0), dtype=np.int64)
    near = coo_array((np.ones(len(one), dtype=bool), (one, other)), shape=(count, count))
    return connected_components(near, directed=False)[1].astype(np.int64)


def near_duplicates(pictures: Pictures) -> NDArray[np.int64]:
    """By image of a split, in order, the number of its group of near-duplicates, (images,)."""
    plan = central_plan(len(pictures), BATCH, pictures.margin)
    return groups(np.concatenate([fingerprints(images) for images, _ in pictures.whole.batches(plan)]))
