"""Whether stage 1 is done: the rule of the reconstruction that has flattened."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

# paper_tables/protocol.yaml, training.stage_1; a test compares.
LEAST_PSNR_DB = 35.0
MOST_ENERGY_RATIO = 0.01
LAST_FIFTH_GAINS_LESS_THAN_DB = 0.5
LAST = 5  # one part in so many of the epochs, rounded up


@dataclass(frozen=True)
class Flattening:
    """How a stage 1 ended, on training images: PSNR in decibels, mean square of I_H over that of I_L, and by how many
    decibels the last fifth of the epochs raised the PSNR. None is a number that the log does not give."""

    psnr_db: float | None
    energy_ratio: float | None
    last_fifth_gain_db: float | None

    @property
    def flattened(self) -> bool:
        """Whether all three numbers are as registered."""
        return (
            self.psnr_db is not None
            and self.energy_ratio is not None
            and self.last_fifth_gain_db is not None
            and self.psnr_db >= LEAST_PSNR_DB
            and self.energy_ratio <= MOST_ENERGY_RATIO
            and self.last_fifth_gain_db < LAST_FIFTH_GAINS_LESS_THAN_DB
        )


def of_log(rows: Sequence[Mapping[str, Any]]) -> Flattening:
    """The rule on a stage-1 log, a row an epoch with psnr_db, energy_low and energy_high.

    The last fifth is measured from the epoch before it; a log of one epoch has none.
    """
    if not rows:
        return Flattening(None, None, None)
    psnr = [float(row["psnr_db"]) for row in rows]
    low, high = float(rows[-1]["energy_low"]), float(rows[-1]["energy_high"])
    before = len(rows) - 1 - math.ceil(len(rows) / LAST)
    return Flattening(
        psnr[-1] if math.isfinite(psnr[-1]) else None,
        high / low if low > 0 else None,
        psnr[-1] - psnr[before] if before >= 0 else None,
    )
