"""Which candidate of a search each row takes, by its validation error: the rule that the protocol registers."""

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from study.settings.errors import InvalidData

C = TypeVar("C", bound=Hashable)


@dataclass(frozen=True)
class Validated:
    """A validation error and its standard error over the images, both in percent."""

    error_percent: float
    standard_error: float


def validated(error_percent: float, images: int) -> Validated:
    """The error of so many images, each right or wrong."""
    share = error_percent / 100
    return Validated(error_percent, 100 * math.sqrt(share * (1 - share) / images))


def mean(several: Sequence[Validated]) -> Validated:
    """The mean over data sets."""
    error = sum(one.error_percent for one in several) / len(several)
    return Validated(error, math.sqrt(sum(one.standard_error**2 for one in several)) / len(several))


def near(errors: Mapping[C, Validated]) -> set[C]:
    """The candidates within one standard error of the lowest error."""
    lowest = min(errors.values(), key=lambda one: one.error_percent)
    bound = lowest.error_percent + lowest.standard_error
    return {candidate for candidate, found in errors.items() if found.error_percent <= bound}


def choose(rows: Mapping[str, Mapping[C, Validated]]) -> dict[str, C]:
    """By row, the candidate that it takes, of those within one standard error of its lowest validation error.

    Where there are several it is the one that is among them for most rows, then the one of the lowest mean error over
    rows, then the first. Raises InvalidData for rows that were not all tried with the same candidates.
    """
    candidates = list(next(iter(rows.values()), {}))
    for row, errors in rows.items():
        if set(errors) != set(candidates):
            raise InvalidData(f"{row}: tried with {list(errors)}, others with {candidates}; finish the search")
    taken = {row: near(errors) for row, errors in rows.items()}

    def rank(candidate: C) -> tuple[int, float, int]:
        rows_near = sum(candidate in of_row for of_row in taken.values())
        total = sum(errors[candidate].error_percent for errors in rows.values())
        return -rows_near, total, candidates.index(candidate)

    ranking = sorted(candidates, key=rank)
    return {row: next(candidate for candidate in ranking if candidate in taken[row]) for row in rows}
