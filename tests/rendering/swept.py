"""A sweep over lambda that was made up, with channels of random photographs."""

import io
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from study.judging.sweep import OfSeed, Point, Sweep
from study.rendering import stored
from study.settings import paths

PHOTOGRAPHS = ("one", "two")


def arrays(strength: float = 1.0) -> dict[str, np.ndarray]:
    """What the stage `channels` leaves of stage 1, as small arrays."""
    random = np.random.default_rng(0)
    return {
        "photograph": random.integers(0, 256, (2, 16, 16), dtype=np.uint8),
        "auto_encoder.low": random.normal(size=(2, 3, 8, 8)).astype(np.float16),
        "auto_encoder.high": (strength * random.normal(size=(2, 3, 8, 8))).astype(np.float16),
        "auto_encoder.reconstructed": random.integers(0, 256, (2, 16, 16, 3), dtype=np.uint8),
    }


def archive(found: dict[str, np.ndarray]) -> bytes:
    """The arrays as an .npz."""
    file = io.BytesIO()
    np.savez_compressed(file, allow_pickle=False, **found)
    return file.getvalue()


def point(lambda_: float) -> Point:
    """One value with two seeds."""
    return Point(
        lambda_,
        0.001,
        40.0,
        (39.0, 41.0),
        30.0,
        0.1,
        error_per_seed=(39.5, 40.5),
        auto_encoders=(OfSeed(0, 29.0, 8.0), OfSeed(1, 31.0, 10.0)),
        photographs=dict.fromkeys(PHOTOGRAPHS, 28.0),
        shown_seed=0,
    )


def sweep(folder: Path, lambdas: Sequence[float]) -> None:
    """Write a sweep as `study sweep run` does."""
    points = tuple(point(value) for value in lambdas)
    for place, one in enumerate(points):
        paths.write_bytes(folder / one.archive, archive(arrays(1 / (1 + place))))
    paths.write_text(folder / "sweep.json", stored.as_json(Sweep("desk", points)))
