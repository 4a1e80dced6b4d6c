"""Whether a number is of the paper's data under the paper's settings: from what was recorded, never from a name."""

from collections.abc import Mapping, Sequence
from typing import Any

from study.settings.protocol import PaperData, protocol

OTHER_DATA = "other data"


def unlike_the_paper(data: Mapping[str, Any], deviations: Sequence[str]) -> tuple[str, ...]:
    """Why errors on a data set cannot be set against the paper's; empty if they can.

    `data` are the facts of the data set's manifest as results/<scale>/evaluation has them; `deviations` are the keys of
    params.yaml in which the scale departs from the paper. CACD is never the paper's: its subset was not published.
    """
    reasons = [f"{OTHER_DATA}: {reason}" for reason in _unlike(data, protocol().paper_data["imagenet"])]
    return (*reasons, *([f"other settings: {', '.join(deviations)}"] if deviations else []))


def _unlike(data: Mapping[str, Any], imagenet: PaperData) -> list[str]:
    """In what a data set is not ImageNet as its publishers have it."""
    if not data:
        return ["nothing is recorded of it"]
    wanted = {
        "classes": imagenet.classes,
        "classes_sha256": imagenet.wnids_sha256,
        "train_images": imagenet.train_images,
        "test_images": imagenet.test_images,
    }
    found = [
        f"{name.replace('_', ' ')} {data.get(name)}, ImageNet has {value}"
        for name, value in wanted.items()
        if data.get(name) != value
    ]
    if set(data.get("test_images_per_class", [])) != {imagenet.test_images_per_class}:
        found.append(f"test images per class are not {imagenet.test_images_per_class} everywhere")
    side = data.get("median_side")
    if side is None or side < imagenet.least_median_side:
        found.append(f"median side of its files {side}, at least {imagenet.least_median_side} is wanted")
    return found
