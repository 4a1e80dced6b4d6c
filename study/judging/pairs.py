"""Differences of two rows' errors, and the words that they may carry by the protocol."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from study.judging.measured import Interval
from study.judging.results import CLEAN, Metric, Results
from study.measures.intervals import Estimate
from study.measures.words import Comparison, Verdict, verdicts
from study.settings.methods import label
from study.settings.protocol import protocol

CANNOT_TELL: Literal["cannot tell"] = "cannot tell"
FULL, HALF = "full", "half"


@dataclass(frozen=True)
class Difference:
    """One error of a row less that of another, in points, paired over seeds and units, and its word.

    The errors are in percent. `word` is equivalent, better, worse or inconclusive, or cannot tell with its `reason`;
    `margin` is within how many points the two are equivalent. P-values are raw, and adjusted by Holm within the
    family; they are None where nothing was tested. `marks` are what has to be said of either row's training.
    """

    row_error_percent: float | None
    against_error_percent: float | None
    difference: float | None
    interval: Interval | None
    margin: float | None
    word: str
    reason: str
    p_difference: float | None = None
    p_difference_adjusted: float | None = None
    p_equivalence: float | None = None
    p_equivalence_adjusted: float | None = None
    marks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Pair:
    """A row and the one that it is compared with, on a data set and backbone."""

    results: Results
    row: str
    against: str

    def lacking(self) -> str:
        """Why there is no difference; empty if there is one."""
        names = {row: label(row, self.results.backbone) for row in (self.row, self.against)}
        return "; ".join(
            f"{name}: {self.results.lacking(row)}" if self.results.tried(row) else f"{name}: not measured"
            for row, name in names.items()
            if self.results.lacking(row)
        )

    @property
    def unlearned(self) -> str:
        """Why the trainings of a row do not count; empty if they do."""
        return "; ".join(
            f"{label(row, self.results.backbone)} {why}"
            for row in (self.row, self.against)
            if (why := self.results.unlearned(row))
        )

    @property
    def marks(self) -> tuple[str, ...]:
        """What has to be said of either row's training, under its name."""
        return marks_of(self.results, (self.row, self.against))


def marks_of(results: Results, rows: Sequence[str]) -> tuple[str, ...]:
    """What has to be said of the trainings of rows, each under its name."""
    return tuple(f"{label(row, results.backbone)} {mark}" for row in rows for mark in results.marks(row))


def margin(results: Results, metric: Metric) -> float:
    """Within how many points two rows are equivalent: a share of the resolution loss that was measured, or the least
    that the protocol allows where that is more or no loss was measured."""
    if results.lacking(FULL) or results.lacking(HALF):
        return protocol().margin_points(0.0)
    loss = results.crossed([(HALF, CLEAN), (FULL, CLEAN)], metric).estimate({HALF: 1.0, FULL: -1.0}).value
    return protocol().margin_points(max(0.0, loss))


@dataclass(frozen=True)
class _Estimated:
    """What was measured of a pair: either error, their difference, and within what they are equivalent."""

    row: Estimate
    against: Estimate
    difference: Estimate
    margin: float

    def with_word(self, verdict: Verdict, marks: tuple[str, ...]) -> Difference:
        """As it is shown."""
        return Difference(
            self.row.value,
            self.against.value,
            self.difference.value,
            self.difference.interval(protocol().level) if self.difference.varies else None,
            self.margin,
            verdict.word,
            verdict.reason,
            verdict.p_difference,
            verdict.p_difference_adjusted,
            verdict.p_equivalence,
            verdict.p_equivalence_adjusted,
            marks,
        )


def differences(pairs: Sequence[Pair], metric: Metric) -> list[Difference]:
    """The difference of every pair in one of the two errors, corrected for their number as one family.

    Chance and margins are those of each pair's own data set. A pair that lacks a seed, or of which a training does not
    count, has no word and counts in the family all the same.
    """
    there = {
        position: _estimated(pair, metric)
        for position, pair in enumerate(pairs)
        if pair.results.shown(metric) and not pair.lacking()
    }
    judged = _judged(pairs, metric, there)
    found = []
    for position, pair in enumerate(pairs):
        if position in there:
            found.append(there[position].with_word(judged[position], pair.marks))
            continue
        why = (
            pair.lacking() or f"the {metric.replace('top', 'top-')} error of {pair.results.classes} classes cannot vary"
        )
        found.append(Difference(*_values(pair, metric), None, None, None, CANNOT_TELL, why, marks=pair.marks))
    return found


def _estimated(pair: Pair, metric: Metric) -> _Estimated:
    together = pair.results.crossed([(row, CLEAN) for row in dict.fromkeys((pair.row, pair.against))], metric)
    return _Estimated(
        together.estimate({pair.row: 1.0}),
        together.estimate({pair.against: 1.0}),
        together.estimate({pair.row: 1.0, pair.against: -1.0}),
        margin(pair.results, metric),
    )


def _judged(pairs: Sequence[Pair], metric: Metric, there: Mapping[int, _Estimated]) -> dict[int, Verdict]:
    """The words of all pairs as one family, by position, whatever the chance level of their data sets."""
    found = {position: Verdict(CANNOT_TELL, pairs[position].unlearned) for position in there}
    comparisons = {
        str(position): Comparison(
            its.difference,
            its.margin,
            {
                label(pairs[position].row, pairs[position].results.backbone): its.row,
                label(pairs[position].against, pairs[position].results.backbone): its.against,
            },
            pairs[position].results.ceiling_percent(metric),
        )
        for position, its in there.items()
        if not pairs[position].unlearned
    }
    untested = [
        str(position)
        for position, pair in enumerate(pairs)
        if str(position) not in comparisons and pair.results.shown(metric)
    ]
    judged = verdicts(
        comparisons, minimum_seeds=protocol().seeds.least, significance=protocol().level, untested=untested
    )
    return found | {int(name): verdict for name, verdict in judged.items()}


def _values(pair: Pair, metric: Metric) -> tuple[float | None, float | None]:
    """The two errors as far as they are there, in percent."""
    found = []
    for row in (pair.row, pair.against):
        whole = not pair.results.lacking(row) and pair.results.shown(metric)
        found.append(pair.results.crossed([(row, CLEAN)], metric).estimate({row: 1.0}).value if whole else None)
    return found[0], found[1]
