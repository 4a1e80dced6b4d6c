"""The numbers that a claim is evaluated on: the paper's own cells, which are exact, or measured ones, which vary."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from study.judging.measured import Key, Measured
from study.judging.number import number
from study.judging.results import Metric, Results, name_of
from study.judging.tables import look_up
from study.measures.intervals import Estimate
from study.measures.words import at_chance, too_few
from study.paper.tables import Cell, Table
from study.settings.methods import label
from study.settings.protocol import protocol

# Signed cells, as (1 or -1, key), of which the sum is meant.
Terms = Sequence[tuple[int, str]]
ERRORS = ("top1_error_percent", "top5_error_percent", "accuracy_percent")
TIMES = ("cpu_ms", "cpu_speedup", "gpu_ms", "gpu_speedup")
OTHER_HARDWARE = "other hardware"


@dataclass(frozen=True)
class Printed:
    """The paper's cells by key, which are exact."""

    cells: Mapping[str, tuple[Table, Cell]]

    def lacks(self, key: str) -> str | None:
        """Why a cell cannot be computed with, or None."""
        return None if self.cells[key][1].text else f"{key} has no printed number"

    def value(self, terms: Terms) -> Decimal:
        """The sum in decimals, so that 12.98 - 11.98 is 1 and no less."""
        return sum((sign * Decimal(self.cells[key][1].text) for sign, key in terms), Decimal(0))

    def show(self, value: Decimal | float) -> str:
        """With the decimals of the printed numbers."""
        return str(value)


@dataclass(frozen=True)
class Spread:
    """A measured sum of cells with the ends of its 95 % interval; None where nothing is known of how it varies.

    `estimate` is there for errors and accuracies, to which `plus` is added: an accuracy is 100 less an error.
    """

    value: float
    low: float | None
    high: float | None
    estimate: Estimate | None = None
    plus: float = 0.0

    def p_value(self, threshold: float) -> float | None:
        """Two-sided p-value of "equal to the threshold", where it can be tested."""
        if self.estimate is None or not self.estimate.varies:
            return None
        return self.estimate.p_value(threshold - self.plus)


@dataclass(frozen=True)
class Here:
    """What was measured for the paper's cells, with one of the two errors in the place of the paper's top-5 error."""

    cells: Mapping[str, tuple[Table, Cell]]
    measured: Mapping[Key, Measured]
    results: Mapping[tuple[str, str], Results]
    metric: Metric

    def _quantity(self, cell: Cell) -> str:
        return f"{self.metric}_error_percent" if cell.quantity == "top5_error_percent" else cell.quantity

    def found(self, key: str) -> Measured | None:
        """What was measured for a cell."""
        table, cell = self.cells[key]
        return look_up(self.measured, table, cell.method, self._quantity(cell), cell.condition)

    def lacks(self, key: str) -> str | None:
        """Why a cell cannot be computed with, or None."""
        found = self.found(key)
        if found is None:
            return f"{key} is not measured"
        if found.failed is not None:
            return f"{key} failed: {found.failed}"
        if found.kind == "time" and not found.intervals and found.value != 1:
            return f"{key} has no interval"
        return None

    def is_error(self, key: str) -> bool:
        """Whether a cell is an error or an accuracy, which is measured on test images."""
        return self.cells[key][1].quantity in ERRORS

    def value(self, terms: Terms) -> float:
        """The sum of the measured numbers. Raises KeyError for a cell that `lacks` one."""
        return sum(sign * self._value(key) for sign, key in terms)

    def _value(self, key: str) -> float:
        found = self.found(key)
        if found is None or found.value is None:
            raise KeyError(key)
        return found.value

    def obstacle(self, terms: Terms) -> str:
        """Why no word may be said: a time that other work may have disturbed; too few seeds, a training that does not
        count, or a row that is not above chance. Empty if nothing."""
        for _, key in terms:
            if not self.is_error(key):
                found = self.found(key)
                if found and found.at and found.at.busy:
                    return "machine was busy"
                continue
            table, cell = self.cells[key]
            results = self.results[table.dataset, table.backbone]
            if few := too_few(len(results.seeds), protocol().seeds.least):
                return few
            name = label(cell.method, table.backbone)
            if results.unlearned(cell.method):
                return f"{name} {results.unlearned(cell.method)}"
            # Under noise a network may well be at chance: there that is the finding. Above it it must be when clean.
            if results.lacking(cell.method):
                return f"{name}: {results.lacking(cell.method)}"
            metric = self._metric(cell)
            error = results.crossed([(cell.method, "")], metric).estimate({cell.method: 1.0})
            if at_chance(error, results.ceiling_percent(metric), protocol().level):
                return f"not above chance: {name}"
        return ""

    def marks(self, keys: Iterable[str]) -> tuple[str, ...]:
        """What has to be said of the trainings behind cells, each under its row's name."""
        return tuple(
            dict.fromkeys(
                f"{label(self.cells[key][1].method, self.cells[key][0].backbone)} {mark}"
                for key in keys
                if (found := self.found(key))
                for mark in found.marks
            )
        )

    def unlike(self, keys: Iterable[str]) -> tuple[str, ...]:
        """Why the numbers of cells cannot be set against the paper's; empty if they can."""
        found = [(self.cells[key][1], self.found(key)) for key in keys]
        times = [OTHER_HARDWARE for cell, its in found if (its and its.kind == "time") or cell.quantity in TIMES]
        return tuple(dict.fromkeys([*(reason for _, its in found if its for reason in its.unlike), *times]))

    def _metric(self, cell: Cell) -> Metric:
        return self.metric if cell.quantity == "top5_error_percent" else "top1"

    def spread(self, terms: Terms) -> Spread:
        """The sum with its interval: errors are paired over seeds and units, intervals of times are added."""
        if any(self.is_error(key) for _, key in terms):
            return self._of_errors(terms)
        low = high = value = 0.0
        for sign, key in terms:
            found, its = self.found(key), self._value(key)
            ends = (its, its) if found is None or not found.intervals else next(iter(found.intervals.values()))
            # Added ends are too wide for two times that vary apart, and wide enough for two that drift together.
            low += min(sign * end for end in ends)
            high += max(sign * end for end in ends)
            value += sign * its
        return Spread(value, low, high)

    def _of_errors(self, terms: Terms) -> Spread:
        """Errors of one data set and backbone; an accuracy is 100 less the error."""
        table, first = self.cells[terms[0][1]]
        results = self.results[table.dataset, table.backbone]
        rows = list(dict.fromkeys((self.cells[key][1].method, self.cells[key][1].condition) for _, key in terms))
        contrast: dict[str, float] = {}
        plus = 0.0
        for sign, key in terms:
            cell = self.cells[key][1]
            accuracy = cell.quantity == "accuracy_percent"
            name = name_of(cell.method, cell.condition)
            contrast[name] = contrast.get(name, 0.0) + (-sign if accuracy else sign)
            plus += 100.0 * sign if accuracy else 0.0
        estimate = results.crossed(rows, self._metric(first)).estimate(contrast)
        low = high = None
        if estimate.varies:
            low, high = (end + plus for end in estimate.interval(protocol().level))
        return Spread(estimate.value + plus, low, high, estimate, plus)

    def show(self, value: Decimal | float) -> str:
        """As the tables show a measured number."""
        return number(float(value))
