"""Several values of lambda and gamma side by side: errors, quality of the auto-encoder, and which claims turn."""

import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from study.judging.measured import SEEDS_AND_UNITS, Interval
from study.settings import paths
from study.settings.protocol import protocol

# What an experiment is read for, below results/<scale>/.
TABLE, RECONSTRUCTION, CLAIMS = "tables/table_1.json", "reconstruction/objects.json", "claims.json"
CHANNELS = "channels/channels.json"
FILES = (TABLE, RECONSTRUCTION, CLAIMS, CHANNELS)
ARRAYS = "channels/channels.npz"
METHOD, QUANTITY = "wae_cnn", "top1_error_percent"
AUTO_ENCODER = "auto_encoder"  # in the channels: the one of stage 1
WAE = "wae"  # the same, in the conditions of the stage `robustness`
PICTURES = ("photograph", *(f"{AUTO_ENCODER}.{name}" for name in ("low", "high", "reconstructed")))


@dataclass(frozen=True)
class OfSeed:
    """The auto-encoder of one seed on the test images: PSNR of the reconstruction in decibels, and the energy of I_H in
    percent of that of both channels."""

    seed: int
    psnr_db: float
    energy_share_percent: float


@dataclass(frozen=True)
class Point:
    """One experiment: its weights of the losses; the top-1 error of WAE+CNN with VGG16 on objects in percent, with the
    95 % interval over seeds if there are several, and seed by seed; mean over seeds of the reconstruction's PSNR in
    decibels and of the energy of I_H over that of I_L; what every claim comes to. `failed` says why there is nothing.

    `auto_encoders` are those of stage 1, seed by seed; `photographs` holds the PSNR of the embedded photographs that
    are shown, by name, of the auto-encoder of `shown_seed`. Their channels are an archive of arrays beside the sweep.
    """

    lambda_: float
    gamma: float
    error_percent: float | None = None
    interval: Interval | None = None
    psnr_db: float | None = None
    energy_ratio: float | None = None
    claims: dict[str, str] = field(default_factory=dict)
    failed: str = ""
    error_per_seed: tuple[float, ...] = ()
    auto_encoders: tuple[OfSeed, ...] = ()
    photographs: dict[str, float] = field(default_factory=dict)
    shown_seed: int | None = None

    @property
    def energy_share_percent(self) -> float | None:
        """The energy of I_H in percent of that of both channels, the mean over seeds."""
        shares = [one.energy_share_percent for one in self.auto_encoders]
        return sum(shares) / len(shares) if shares else None

    @property
    def archive(self) -> str:
        """The name of the file with the channels of the embedded photographs, beside the sweep's own."""
        return f"channels-lambda{self.lambda_:.12g}-gamma{self.gamma:.12g}.npz"


@dataclass(frozen=True)
class Sweep:
    """All experiments of a sweep at a scale."""

    scale: str
    points: tuple[Point, ...]


def point(lambda_: float, gamma: float, stored: Mapping[str, Mapping[str, Any]]) -> Point:
    """What an experiment's files, by their names in FILES, come to."""
    cell = next(one for one in stored[TABLE]["cells"] if (one["method"], one["quantity"]) == (METHOD, QUANTITY))
    interval = cell["intervals"].get(SEEDS_AND_UNITS)
    runs = [run for run in stored[RECONSTRUCTION]["runs"] if "psnr_db" in run]

    def mean(values: list[float]) -> float | None:
        return sum(values) / len(values) if values else None

    return Point(
        lambda_,
        gamma,
        cell["measured"],
        (interval[0], interval[1]) if interval else None,
        mean([run["psnr_db"] for run in runs]),
        mean([run["energy_high"] / run["energy_low"] for run in runs if run["energy_low"] > 0]),
        {claim["id"]: claim["in_this_experiment"] for claim in stored[CLAIMS]["claims"]},
        "" if cell["measured"] is not None else cell["verdict"],
        tuple(cell["per_seed"]),
        tuple(
            OfSeed(run["seed"], run["psnr_db"], 100 * run["energy_high"] / (run["energy_low"] + run["energy_high"]))
            for run in runs
            if run["energy_low"] + run["energy_high"] > 0
        ),
        *_shown(stored[CHANNELS]),
    )


def _shown(channels: Mapping[str, Any]) -> tuple[dict[str, float], int | None]:
    """The PSNR of every embedded photograph that is shown, and the seed of the auto-encoder that it is of."""
    seed = channels.get("seed_of_the_pictures")
    for run in channels.get("runs", []):
        if (run["network"], run["seed"]) == (AUTO_ENCODER, seed) and "photographs" in run:
            return {name: numbers["psnr_db"] for name, numbers in run["photographs"].items()}, seed
    return {}, None


def of_conditions(results: Path) -> list[Point]:
    """The registered values of lambda that the stage `robustness` was run with, smallest first; of each the seeds that
    were run. It keeps no channels, and its gamma is that of the main run, which is not stored with it."""
    found = []
    for value in sorted(protocol().robustness["lambda"]):
        files = sorted((results / "robustness" / "objects").glob(f"lambda-{value:g}-*.json"))
        runs = sorted(((run["seed"], run["trainings"]) for run in map(paths.read_json, files)), key=lambda run: run[0])
        if runs:
            found.append(_of_condition(float(value), runs))
    return found


def _of_condition(value: float, runs: Sequence[tuple[int, Sequence[Mapping[str, Any]]]]) -> Point:
    """One value of lambda from its seeds; no mean where a training failed, for the others are the luckier ones."""
    trained = {
        row: [(seed, one) for seed, trainings in runs for one in trainings if one["row"] == row and wanted in one]
        for row, wanted in ((METHOD, QUANTITY), (WAE, "psnr_db"))
    }
    errors = [one[QUANTITY] for _, one in trained[METHOD]]
    encoders = tuple(
        OfSeed(seed, one["psnr_db"], 100 * one["energy_ratio"] / (1 + one["energy_ratio"]))
        for seed, one in trained[WAE]
    )
    whole = len(runs) == len(errors) == len(encoders)
    return Point(
        value,
        math.nan,
        sum(errors) / len(errors) if whole else None,
        None,
        sum(one.psnr_db for one in encoders) / len(encoders) if whole else None,
        failed="" if whole else "a training left no weights",
        error_per_seed=tuple(errors),
        auto_encoders=encoders,
    )


def shown(channels: bytes) -> bytes | None:
    """Of the archive that the stage `channels` leaves, the photographs with what stage 1 made of them, as an archive;
    None where it has no auto-encoder."""
    with np.load(io.BytesIO(channels)) as arrays:
        found = {name: arrays[name] for name in PICTURES if name in arrays.files}
    if len(found) < len(PICTURES):
        return None
    file = io.BytesIO()
    np.savez_compressed(file, allow_pickle=False, **found)
    return file.getvalue()


def pictures(folder: Path, one: Point) -> dict[str, np.ndarray]:
    """The photographs of a point with their channels and reconstructions, as `shown` keeps them; none where it has no
    archive in the sweep's folder."""
    file = folder / one.archive
    if not file.exists():
        return {}
    with np.load(file) as arrays:
        return dict(arrays)


def of_one_gamma(points: Sequence[Point]) -> list[Point]:
    """The points that differ in lambda alone, of the gamma that most of them have, without those that failed."""
    there = [one for one in points if not one.failed]
    gammas = [one.gamma for one in there]
    chosen = max(dict.fromkeys(gammas), key=gammas.count, default=None)
    return sorted((one for one in there if one.gamma == chosen), key=lambda one: one.lambda_)


def turning(points: Sequence[Point]) -> list[str]:
    """Claims that do not come to the same at all points that have them."""
    names = dict.fromkeys(name for one in points for name in one.claims)
    return [name for name in names if len({one.claims[name] for one in points if name in one.claims}) > 1]
