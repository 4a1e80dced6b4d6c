"""Several values of lambda and gamma side by side: errors, quality of the auto-encoder, and which claims turn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from study.judging.measured import SEEDS_AND_UNITS, Interval

# What an experiment is read for, below results/<scale>/.
TABLE, RECONSTRUCTION, CLAIMS = "tables/table_1.json", "reconstruction/objects.json", "claims.json"
FILES = (TABLE, RECONSTRUCTION, CLAIMS)
METHOD, QUANTITY = "wae_cnn", "top1_error_percent"


@dataclass(frozen=True)
class Point:
    """One experiment: its weights of the losses; the top-1 error of WAE+CNN with VGG16 on objects in percent, with the
    95 % interval over seeds if there are several; mean over seeds of the reconstruction's PSNR in decibels and of the
    energy of I_H over that of I_L; what every claim comes to. `failed` says why there is nothing."""

    lambda_: float
    gamma: float
    error_percent: float | None = None
    interval: Interval | None = None
    psnr_db: float | None = None
    energy_ratio: float | None = None
    claims: dict[str, str] = field(default_factory=dict)
    failed: str = ""


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
    )


def turning(points: Sequence[Point]) -> list[str]:
    """Claims that do not come to the same at all points that have them."""
    names = dict.fromkeys(name for one in points for name in one.claims)
    return [name for name in names if len({one.claims[name] for one in points if name in one.claims}) > 1]
