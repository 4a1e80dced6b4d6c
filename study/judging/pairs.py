"""Differences of two rows' errors, and the words that they may carry by the protocol."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from study.judging.measured import Interval
from study.judging.results import CLEAN, Metric, Results
from study.measures.intervals import Estimate
from study.measures.words import Comparison, Verdict, verdicts
from study.settings.methods import label
from study.settings.protocol import protocol

CANNOT_TELL = "cannot tell"
FULL, HALF = "full", "half"


@dataclass(frozen=True)
class Difference:
    """One error of a row less that of another, in points, paired over seeds and units, and its word.

    The errors are in percent. `word` is equivalent, better, worse or inconclusive, or cannot tell with its `reason`;
    `margin` is within how many points the two are equivalent. P-values are raw, and adjusted by Holm within the
    family; they are None where nothing was tested.
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


def margin(results: Results, metric: Metric) -> float | None:
    """Within how many points two rows are equivalent, from the resolution loss that was measured; None without it."""
    if results.lacking(FULL) or results.lacking(HALF):
        return None
    loss = results.crossed([(HALF, CLEAN), (FULL, CLEAN)], metric).estimate({HALF: 1.0, FULL: -1.0}).value
    return protocol().margin_points(max(0.0, loss))


def differences(pairs: Sequence[Pair], metric: Metric) -> list[Difference]:
    """The difference of every pair in one of the two errors, corrected for their number as one family.

    Chance and margins are those of each pair's own data set.
    """
    found: dict[int, Difference] = {}
    comparisons: dict[tuple[float, float], dict[str, Comparison]] = {}
    estimates: dict[int, tuple[Estimate, Estimate, Estimate, float | None]] = {}
    for position, pair in enumerate(pairs):
        results = pair.results
        lacking = pair.lacking()
        if lacking or not results.shown(metric):
            why = lacking or f"the {metric.replace('top', 'top-')} error of {results.classes} classes cannot vary"
            found[position] = Difference(*_values(pair, metric), None, None, None, CANNOT_TELL, why)
            continue
        together = results.crossed([(pair.row, CLEAN), (pair.against, CLEAN)], metric)
        difference = together.estimate({pair.row: 1.0, pair.against: -1.0})
        alone = {row: together.estimate({row: 1.0}) for row in (pair.row, pair.against)}
        limit = margin(results, metric)
        estimates[position] = (alone[pair.row], alone[pair.against], difference, limit)
        names = {label(row, results.backbone): estimate for row, estimate in alone.items()}
        comparisons.setdefault((results.chance_error_percent(metric), results.majority_error_percent(metric)), {})[
            str(position)
        ] = Comparison(difference, limit or protocol().margins.equivalent.least_points, names)
    judged = _judged(comparisons)
    for position, (row, against, difference, limit) in estimates.items():
        verdict = judged[str(position)]
        found[position] = Difference(
            row.value,
            against.value,
            difference.value,
            difference.interval(protocol().level) if difference.varies else None,
            limit,
            verdict.word,
            verdict.reason,
            verdict.p_difference,
            verdict.p_difference_adjusted,
            verdict.p_equivalence,
            verdict.p_equivalence_adjusted,
        )
    return [found[position] for position in range(len(pairs))]


def _judged(by_chance: Mapping[tuple[float, float], Mapping[str, Comparison]]) -> dict[str, Verdict]:
    """The words of all comparisons as one family, whatever the chance level of their data sets."""
    if not by_chance:
        return {}
    # Chance decides about each comparison alone, the correction about all of them: each data set is judged with all
    # comparisons in the family, and its own are kept.
    everything = {name: one for its in by_chance.values() for name, one in its.items()}
    found: dict[str, Verdict] = {}
    for (chance, majority), its in by_chance.items():
        judged = verdicts(
            everything,
            minimum_seeds=protocol().seeds.least,
            chance_error_percent=chance,
            majority_error_percent=majority,
            significance=protocol().level,
        )
        found |= {name: judged[name] for name in its}
    return found


def _values(pair: Pair, metric: Metric) -> tuple[float | None, float | None]:
    """The two errors as far as they are there, in percent."""
    found = []
    for row in (pair.row, pair.against):
        whole = not pair.results.lacking(row) and pair.results.shown(metric)
        found.append(pair.results.crossed([(row, CLEAN)], metric).estimate({row: 1.0}).value if whole else None)
    return found[0], found[1]
