"""The numbers that a claim is evaluated on: the paper's own cells, which are exact, or measured ones, which vary."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from study.judging.measured import HEADLINE_NEEDS_CLASSES, Interval, Key, Measured
from study.judging.number import number
from study.judging.tables import look_up
from study.judging.verdict import NO_NUMBER, NOT_COMPARABLE, verdict
from study.measures.statistics import paired_interval
from study.paper.tables import Cell, Table

# Signed cells, as (1 or -1, key), of which the sum is meant.
Terms = Sequence[tuple[int, str]]


@dataclass(frozen=True)
class Estimate:
    """A sum of cells between the ends of its interval, all in the cells' unit; `spread` names the interval."""

    value: Decimal | float
    low: Decimal | float
    high: Decimal | float
    spread: str = ""


@dataclass(frozen=True)
class Printed:
    """The paper's cells by key, which are exact."""

    cells: dict[str, tuple[Table, Cell]]

    def lacks(self, key: str) -> str | None:
        """Why a cell cannot be computed with, or None."""
        return None if self.cells[key][1].text else f"{key} has no printed number"

    def incomparable(self, key: str) -> str | None:
        """Why a cell cannot be set against an exact number of the paper: never."""
        return None

    def about(self, terms: Terms) -> str:
        """What has to be said before the numbers: nothing."""
        return ""

    def value(self, terms: Terms) -> Decimal:
        """The sum in decimals, so that 12.98 - 11.98 is 1 and no less."""
        return sum((sign * Decimal(self.cells[key][1].text) for sign, key in terms), Decimal(0))

    def estimate(self, terms: Terms) -> Estimate:
        """The sum; nothing varies."""
        value = self.value(terms)
        return Estimate(value, value, value)

    def show(self, value: Decimal | float) -> str:
        """With the decimals of the printed numbers."""
        return str(value)


@dataclass(frozen=True)
class Here:
    """What was measured for the paper's cells."""

    cells: dict[str, tuple[Table, Cell]]
    measured: Mapping[Key, Measured]

    def _found(self, key: str) -> Measured | None:
        table, cell = self.cells[key]
        found = look_up(self.measured, table, cell.method, cell.quantity, cell.condition)
        if cell.quantity == "top5_error_percent" and _has_few_classes(found):
            return look_up(self.measured, table, cell.method, "top1_error_percent", cell.condition)
        return found

    def lacks(self, key: str) -> str | None:
        """Why a cell cannot be computed with, or None."""
        found = self._found(key)
        if found is None:
            return f"{key} is not measured"
        if found.failed is not None:
            return f"{key} failed: {found.failed}"
        if found.kind == "accuracy" and found.wrong is None:
            return f"{key} has no result per image"
        if found.kind == "time" and "repeats" not in found.intervals:
            return f"{key} has no interval"
        return None

    def incomparable(self, key: str) -> str | None:
        """Why a measured cell cannot be set against an exact number of the paper, or None: as its verdict says."""
        judged = verdict(self.cells[key][1], self._found(key), "lower")
        return str(judged) if judged.word in (NOT_COMPARABLE, NO_NUMBER) else None

    def about(self, terms: Terms) -> str:
        """Which error it is, where it is not the one that the claim names."""
        for _, key in terms:
            found = self._found(key)
            if found is not None and self.cells[key][1].quantity == "top5_error_percent" and _has_few_classes(found):
                return f"top-1 errors, {found.classes} classes: "
        return ""

    def value(self, terms: Terms) -> float:
        """The sum of the measured numbers. Raises KeyError for a cell that `lacks` one."""
        return sum(sign * self._there(key)[1] for sign, key in terms)

    def _there(self, key: str) -> tuple[Measured, float]:
        found = self._found(key)
        if found is None or found.value is None:
            raise KeyError(key)
        return found, found.value

    def estimate(self, terms: Terms) -> Estimate:
        """The sum with its interval: accuracies are paired over seeds and images, intervals of times are added."""
        found = [(sign, *self._there(key)) for sign, key in terms]
        if any(part.kind == "accuracy" for _, part, _ in found):
            low, high = paired_interval(self._per_image(terms, 1), self._per_image(terms, -1))
            return Estimate(self.value(terms), low, high, "95 % interval")
        spreads = [_spread(part, value) for _, part, value in found]
        ends = [sorted(sign * end for end in ends) for (sign, *_), (ends, _) in zip(found, spreads, strict=True)]
        # Added ends are too wide for two times that vary apart, and wide enough for two that drift together.
        low, high = (sum(column) for column in zip(*ends, strict=True))
        return Estimate(self.value(terms), low, high, " and ".join(dict.fromkeys(name for _, name in spreads if name)))

    def _per_image(self, terms: Terms, sign: int) -> np.ndarray:
        """(seeds, images): the sum over the cells of one sign of 1 for each wrong image, or each right one."""
        wrong_of = {key: wrong for _, key in terms if (wrong := self._there(key)[0].wrong) is not None}
        total = np.zeros(wrong_of[terms[0][1]].shape, dtype=np.int64)
        for its_sign, key in terms:
            if its_sign == sign:
                total += ~wrong_of[key] if self.cells[key][1].quantity == "accuracy_percent" else wrong_of[key]
        return total

    def show(self, value: Decimal | float) -> str:
        """As the tables show a measured number."""
        return number(float(value))


def _has_few_classes(found: Measured | None) -> bool:
    # With few classes five guesses are too many: the top-1 error is the headline.
    return (
        found is not None
        and found.kind == "accuracy"
        and found.classes is not None
        and found.classes < HEADLINE_NEEDS_CLASSES
    )


def _spread(found: Measured, value: float) -> tuple[Interval, str]:
    """Between which ends a count or a time lies, and the name of that; a count is exact."""
    if found.kind == "count":
        return (value, value), ""
    return found.intervals["repeats"], "95 % interval"
