"""Comparisons that the paper lacks and a referee asks for: what of the result is whose doing."""

from collections.abc import Mapping
from dataclasses import dataclass

from study.judging.pairs import Difference, Pair, differences
from study.judging.results import METRICS, Results
from study.settings.methods import controls as questions
from study.settings.methods import label
from study.settings.records import Place


@dataclass(frozen=True)
class Comparison:
    """A question, a row and the row that answers it by their difference, in each of the two errors."""

    question: str
    dataset: str
    backbone: str
    row: str
    row_label: str
    against: str
    against_label: str
    differences: dict[str, Difference]


@dataclass(frozen=True)
class Controls:
    """Every comparison of a scale."""

    scale: str
    comparisons: tuple[Comparison, ...]


def controls(results: Mapping[Place, Results], scale: str) -> Controls:
    """Every comparison that a record of study.settings.rows asks for: one family for each error."""
    asked = [(control, row, place) for control, row, place in questions() if place in results]
    pairs = [Pair(results[place], row.word, control.against) for control, row, place in asked]
    by_metric = {metric: differences(pairs, metric) for metric in METRICS}
    return Controls(
        scale,
        tuple(
            Comparison(
                question=control.question,
                dataset=place[0],
                backbone=place[1],
                row=row.word,
                row_label=label(row.word, place[1]),
                against=control.against,
                against_label=label(control.against, place[1]),
                differences={metric: found[position] for metric, found in by_metric.items()},
            )
            for position, (control, row, place) in enumerate(asked)
        ),
    )
