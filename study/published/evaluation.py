"""A published network on ImageNet's validation images."""

import hashlib
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from study.data.batches import central_plan
from study.data.collection import Collection, Listed
from study.data.duplicates import BATCH, fingerprints, groups
from study.evaluation import ranks
from study.published.network import Published, Resize
from study.published.pictures import SAID, ValidationPictures
from study.settings.errors import InvalidData
from study.sources.decoding import check_pictures
from study.sources.listing import listing_digest
from study.training.device import device, make_deterministic


@dataclass(frozen=True)
class Outcome:
    """Where a network put the true class of every image, 0 the best, and what was drawn independently, both (images,);
    facts of the images, as a manifest has them, and how the network saw them."""

    ranks: NDArray[np.int64]
    units: NDArray[np.int64]
    data: dict[str, Any]
    seen: dict[str, Any]


def need_classes(network: Published, collection: Collection[Listed]) -> None:
    """Raises InvalidData if the images have another number of classes than the network tells apart."""
    there = len(collection.classes)
    if there != network.classes:
        raise InvalidData(
            f"{collection.root}: images of {there} classes, where the network of the file has {network.classes}"
        )


def evaluate(network: Published, collection: Collection[Listed], resize: Resize, title: str) -> Outcome:
    """The network's answers on the test split, after every image was decoded once; each pass shows the time left.

    Raises InvalidData for images that cannot be decoded and for another number of classes, before the network runs.
    """
    need_classes(network, collection)
    make_deterministic(0)
    listing = listing_digest(collection)
    looked = check_pictures(collection, "allowed")
    pictures = ValidationPictures(collection, resize)
    units = _units(pictures)
    data = {
        "classes": len(collection.classes),
        "classes_sha256": hashlib.sha256("\n".join(sorted(collection.classes)).encode()).hexdigest(),
        "test_images": len(pictures),
        "test_images_per_class": sorted(set(np.bincount(pictures.labels.numpy()).tolist())),
        "units": len(np.unique(units)),
        "median_side": looked.median_side,
        "listing_sha256": listing,
    }
    seen = {"resize": resize, "said": SAID[resize], "side": pictures.side, "crop": pictures.crop}
    return Outcome(ranks.ranks(network.network, pictures, device(), title), units, data, seen)


def _units(pictures: ValidationPictures) -> NDArray[np.int64]:
    """The group of near-duplicates of each image, (images,): what the protocol takes for independent in ImageNet."""
    plan = central_plan(len(pictures), BATCH, pictures.margin)
    batches = tqdm(pictures.batches(plan), total=len(plan), desc="near-duplicates", unit="batch", mininterval=1.0)
    return groups(np.concatenate([fingerprints(images) for images, _ in batches]))
