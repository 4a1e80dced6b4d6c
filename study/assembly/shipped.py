"""Small trained networks that lie in the repository, in weights/: what a fresh clone predicts, exports and shows with.

Each is a folder named after its row: its tensors in half precision, a file that says what they are, and a model card.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from safetensors.torch import load, save

from study.data.prepared import Manifest
from study.settings import paths
from study.settings.errors import InvalidData
from study.training.run import Weights, read_outcome, read_weights

FOLDER = Path("weights")
TENSORS, DESCRIPTION, CARD = "weights.safetensors", "network.json", "README.md"
AUTO_ENCODER = "auto_encoder"
DATASET, BACKBONE = "objects", "vgg16"
ROWS = ("full", "half", "wavelet_cnn", "wae_cnn")
FORMAT = 1


@dataclass(frozen=True)
class Shipped:
    """A network of the repository: its weights, and what a training and its data left beside them."""

    scale: str
    seed: int
    weights: Weights
    outcome: dict[str, Any]
    manifest: Manifest
    commit: str  # of the code that trained it


def trained_in(row: str, scale: str, seed: int) -> Path:
    """The folder in which the pipeline leaves a network that can be shipped."""
    if row == AUTO_ENCODER:
        return paths.auto_encoder(scale, DATASET, seed)
    return paths.classifier(scale, DATASET, BACKBONE, row, seed)


def store(row: str, scale: str, seed: int, manifest: Manifest, card: str) -> int:
    """Write a trained network into weights/; returns the bytes of its tensors. Raises InvalidData if it has none."""
    folder = trained_in(row, scale, seed)
    weights = read_weights(folder)
    if weights is None:
        raise InvalidData(f"{folder}: holds no weights")
    tensors = save({name: value.half() if value.is_floating_point() else value for name, value in weights.items()})
    record = paths.record(folder)
    target = FOLDER / row
    digest = hashlib.sha256(tensors).hexdigest()
    paths.write_bytes(target / TENSORS, tensors)
    paths.write_json(
        target / DESCRIPTION,
        {
            "format": FORMAT,
            "row": row,
            "scale": scale,
            "seed": seed,
            "weights_sha256": digest,
            "commit": paths.read_json(record)["code_commit"] if record.exists() else "unknown",
            "outcome": read_outcome(folder),
            "manifest": manifest,
        },
    )
    paths.write_text(target / CARD, f"{card.rstrip()}\n\nSHA-256 of `{TENSORS}`: `{digest}`\n")
    return len(tensors)


def read(row: str) -> Shipped | None:
    """The network of a row in weights/, None if there is none. Raises InvalidData if it is not as it was written."""
    folder = FOLDER / row
    if not (folder / DESCRIPTION).is_file():
        return None
    try:
        known = paths.read_json(folder / DESCRIPTION)
        tensors = (folder / TENSORS).read_bytes()
        if known["format"] != FORMAT or hashlib.sha256(tensors).hexdigest() != known["weights_sha256"]:
            raise ValueError(f"{TENSORS} is not what {DESCRIPTION} was written with")
        weights = {name: value.float() if value.is_floating_point() else value for name, value in load(tensors).items()}
        found = Shipped(known["scale"], known["seed"], weights, known["outcome"], known["manifest"], known["commit"])
    except (OSError, KeyError, TypeError, ValueError, InvalidData) as error:
        raise InvalidData(f"{folder}: {error}; get it back with: git restore {folder}") from None
    return found


def stands_for(row: str, scale: str, dataset: str, backbone: str, seed: int) -> Shipped | None:
    """The network in weights/ that is the one of this run, or None."""
    if (dataset, backbone) != (DATASET, BACKBONE):
        return None
    found = read(row)
    return found if found and (found.scale, found.seed) == (scale, seed) else None


def auto_encoder(scale: str, seed: int) -> Weights:
    """The weights of the auto-encoder of stage 1: those that the pipeline left, or else those of the repository.

    Raises InvalidData, naming the command that trains it, if there are neither.
    """
    folder = trained_in(AUTO_ENCODER, scale, seed)
    if not folder.exists():
        found = stands_for(AUTO_ENCODER, scale, DATASET, BACKBONE, seed)
        if found:
            return found.weights
    weights = read_weights(folder)
    if weights is None:
        raise InvalidData(f"{folder}: holds no weights")
    return weights
