"""Pictures of one's own through the auto-encoder of stage 1, for the figures of channels.

Only where asked for: what the pipeline draws and git holds are embedded photographs.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from study.cli import pipeline
from study.evaluation import decompositions
from study.figures.channels import AUTO_ENCODER
from study.models.wae import WaveletLikeAutoEncoder
from study.settings import paths
from study.settings.errors import InvalidData
from study.training.run import read_weights

DATASET, SIDE = "objects", 160  # pixels of the middle square of a picture


def square(file: Path) -> np.ndarray:
    """The middle square of a picture, grey, uint8 (SIDE, SIDE). Raises InvalidData for a file that is no picture."""
    try:
        with Image.open(file) as opened:
            grey = ImageOps.exif_transpose(opened).convert("L")
    except (UnidentifiedImageError, OSError) as error:
        raise InvalidData(f"{file}: not a picture that can be read ({error})") from None
    return np.asarray(ImageOps.fit(grey, (SIDE, SIDE), Image.Resampling.LANCZOS))


def channels(files: Sequence[Path], scale: str, seed: int) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """What the stage `channels` leaves of embedded photographs, here of these pictures and nowhere stored.

    Raises InvalidData, naming the command, if the auto-encoder is not trained here.
    """
    folder = paths.auto_encoder(scale, DATASET, seed)
    weights = read_weights(folder) if folder.exists() else None
    if weights is None:
        command = pipeline.at(scale, f"dvc repro wae@{scale}-{DATASET}-{seed}")
        raise InvalidData(f"{folder}: no trained auto-encoder; to train it: {command}")
    auto_encoder = WaveletLikeAutoEncoder()
    auto_encoder.load_state_dict(weights)
    grey = np.stack([square(file) for file in files])
    bands = decompositions.wavelet(decompositions.as_images(grey))
    arrays: dict[str, np.ndarray] = {"photograph": grey, **{name: of[:, 0].numpy() for name, of in bands.items()}}
    found, numbers = decompositions.of_photographs(auto_encoder.encoder, auto_encoder.decoder, grey)
    arrays |= {f"{AUTO_ENCODER}.{name}": values for name, values in found.items()}
    names = [str(file) for file in files]
    run = {"network": AUTO_ENCODER, "seed": seed, "outcome": "trained", "reason": None}
    info = {
        "scale": scale,
        "photographs": names,
        "seed_of_the_pictures": seed,
        "amplification": decompositions.amplifications(arrays),
        "runs": [run | {"photographs": dict(zip(names, numbers, strict=True))}],
    }
    return info, arrays
