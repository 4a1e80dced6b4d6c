"""Whether a number is of the paper's data under the paper's settings: from what was recorded, never from a name."""

from collections.abc import Mapping, Sequence
from typing import Any

from study.judging.results import Results
from study.paper import deviations
from study.settings.protocol import protocol

OTHER_DATA, OTHER_SETTINGS = "other data", "other settings"
OBJECTS = "objects"
NAMED = 3  # so many keys are named where a number stands, the others on their own page
UNPUBLISHED = "the paper's subset of CACD was not published"


def unlike_the_paper(results: Results, changed: Sequence[str]) -> tuple[str, ...]:
    """Why errors on a data set cannot be set against the paper's; empty if they can.

    The data are judged by the facts of their manifest, the settings by what every training recorded; `changed` are the
    keys of params.yaml in which the scale departs from the paper, for what no training records, such as the crop.
    """
    if results.dataset == OBJECTS:
        reasons = [f"{OTHER_DATA}: {reason}" for reason in unlike_imagenet(results.data)]
    else:
        reasons = [f"{OTHER_DATA}: {UNPUBLISHED}"]
    if not results.settings or not all(results.settings):
        reasons.append(f"{OTHER_SETTINGS}: not every training recorded its own")
    recorded = [one.key for its in results.settings for one in deviations.departing(deviations.flat(its))]
    keys = list(dict.fromkeys([*changed, *recorded]))
    if keys:
        more = f" and {len(keys) - NAMED} more (deviations.md)" if len(keys) > NAMED else ""
        reasons.append(f"{OTHER_SETTINGS}: {', '.join(keys[:NAMED])}{more}")
    return tuple(reasons)


def in_short(unlike: Sequence[str]) -> str:
    """Only what kind of reasons there are, for where many numbers have the same."""
    return ", ".join(dict.fromkeys(reason.partition(":")[0] for reason in unlike))


def unlike_imagenet(data: Mapping[str, Any], *, trained_here: bool = True) -> list[str]:
    """In what a data set is not ImageNet as its publishers have it; of a network that others trained, only the test
    images can be looked at."""
    imagenet = protocol().paper_data["imagenet"]
    if not data:
        return ["nothing is recorded of it"]
    wanted = {
        "classes": imagenet.classes,
        "classes_sha256": imagenet.wnids_sha256,
        **({"train_images": imagenet.train_images} if trained_here else {}),
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
