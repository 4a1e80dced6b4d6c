"""Gaussian noise on test images (Sec. Noisy image classification)."""

import numpy as np
import torch
from numpy.typing import NDArray
from skimage.util import random_noise
from torch import Tensor


def noisy(images: Tensor, numbers: NDArray[np.int64], variance: float, seed: int) -> Tensor:
    """Images (batch, 3, height, width) in [0, 1] with Gaussian noise of mean zero, clipped to [0, 1].

    `numbers` (batch,) are the images' numbers in their split: the noise of an image depends on its number and the
    seed alone, not on the batch or the network, and a larger variance scales the same draw. Raises ValueError for a
    negative variance.
    """
    if variance < 0:
        raise ValueError(f"noise variance must be >= 0, got {variance}")
    if variance == 0:
        return images
    disturbed = [
        random_noise(image.numpy(), mode="gaussian", var=variance, clip=True, rng=np.random.default_rng([seed, number]))
        for image, number in zip(images, numbers.tolist(), strict=True)
    ]
    return torch.from_numpy(np.stack(disturbed)).to(images.dtype)
