"""Where a classifier puts the true class of every test image, clean or with noise."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from study.data.batches import Pictures, central_plan, resized
from study.data.duplicates import near_duplicates
from study.measures.metrics import true_class_rank
from study.measures.noise import noisy
from study.measures.units import UNIT_IS_THE_CLASS, units
from study.models.classifiers import averaged
from study.models.layout import lay_out
from study.settings import arrays
from study.settings.bars import progress_bar

BATCH = 128


@torch.inference_mode()
def ranks(
    network: nn.Module,
    pictures: Pictures,
    device: torch.device,
    title: str,
    *,
    variance: float = 0.0,
    noise_seed: int = 0,
) -> NDArray[np.int64]:
    """Rank of the true class, 0 the best, for every image in order (images,), from averaged logits in fp32.

    Centre crop, single view, as in the paper. `variance` is that of Gaussian noise on the crop with values in [0, 1].
    An image with a logit that is not a number ranks last.
    """
    lay_out(network.eval().to(device))
    found = []
    plan = central_plan(len(pictures), BATCH, pictures.margin)
    shown = pictures.whole if variance > 0 else pictures
    batches = zip(plan, shown.batches(plan), strict=True)
    for picks, (images, labels) in progress_bar(batches, total=len(plan), desc=title, unit="batch"):
        images = images.float() / 255.0
        if variance > 0:
            # Noise comes before resizing: it is in the image, whatever a network makes of that.
            images = resized(noisy(images, picks.numbers, variance, noise_seed), pictures.seen)
        logits = averaged(network(images.to(device, memory_format=torch.channels_last)))
        rank = true_class_rank(logits, labels.to(device))
        found.append(torch.where(logits.isfinite().all(dim=1), rank, logits.shape[1] - 1).cpu().numpy())
    return np.concatenate(found)


def errors_percent(found: NDArray[np.integer[Any]]) -> dict[str, float]:
    """Both errors, in percent, from the ranks of every image, (images,)."""
    return {
        "top1_error_percent": float(np.mean(found > 0) * 100),
        "top5_error_percent": float(np.mean(found > 4) * 100),
    }


def described(pictures: Pictures, source: str) -> dict[str, NDArray[np.int64]]:
    """What stands beside the ranks of every image: "label", its class, and "unit", what was drawn independently."""
    labels = pictures.labels.numpy()
    by_class = source in UNIT_IS_THE_CLASS
    return {"label": labels, "unit": units(labels, source) if by_class else near_duplicates(pictures)}


def archive(columns: Mapping[str, NDArray[np.int64]]) -> bytes:
    """Columns (images,) of numbers below 65,536 or, for units, of any, as a compressed .npz; equal ones give equal
    bytes."""
    return arrays.archive(
        {
            name: values.astype(np.uint16 if values.max(initial=0) < 2**16 else np.uint32)
            for name, values in columns.items()
        }
    )
