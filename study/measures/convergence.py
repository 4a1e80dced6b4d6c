"""Whether a row has converged: half the epochs against all of them."""

from dataclasses import asdict, dataclass
from typing import Any

# paper_tables/protocol.yaml, training.converged; a test compares.
MOVES_LESS_THAN_POINTS = 1.0


@dataclass(frozen=True)
class Convergence:
    """Top-1 test errors of one row and seed after half the epochs and after all, and its last training error, in
    percent."""

    half_error_percent: float
    whole_error_percent: float
    training_error_percent: float

    @property
    def moved_points(self) -> float:
        """By how many points the second half of the epochs lowers the error."""
        return self.half_error_percent - self.whole_error_percent

    @property
    def converged(self) -> bool:
        """Whether the error moves by less than the registered points, up or down."""
        return abs(self.moved_points) < MOVES_LESS_THAN_POINTS

    def as_dict(self) -> dict[str, Any]:
        """The errors and the verdict, fit for JSON."""
        return {**asdict(self), "moved_points": self.moved_points, "converged": self.converged}
