"""Comparisons that the paper lacks and a referee asks for: what of the result is whose doing."""

from collections.abc import Mapping
from dataclasses import dataclass

from study.judging.measured import Interval, Key, Measured
from study.measures.statistics import paired_interval
from study.settings.methods import controls as questions
from study.settings.methods import label

LOWER, HIGHER, CANNOT_TELL = "lower", "higher", "cannot tell"


@dataclass(frozen=True)
class Comparison:
    """Top-1 errors of a row and of the one that it is compared with, in percent, and their paired difference in points
    with its 95 % interval over seeds and test images; `reason` says why there is none."""

    question: str
    dataset: str
    backbone: str
    row: str
    row_label: str
    against: str
    against_label: str
    row_error_percent: float | None
    against_error_percent: float | None
    difference: float | None
    interval: Interval | None
    outcome: str
    reason: str = ""


@dataclass(frozen=True)
class Controls:
    """Every comparison of a scale."""

    scale: str
    comparisons: tuple[Comparison, ...]


def controls(measured: Mapping[Key, Measured], scale: str) -> Controls:
    """Every comparison that a record of study.settings.rows asks for, question by question."""
    return Controls(
        scale,
        tuple(
            _comparison(measured, control.question, place, row.word, control.against)
            for control, row, place in questions()
        ),
    )


def _comparison(
    measured: Mapping[Key, Measured], question: str, place: tuple[str, str], row: str, against: str
) -> Comparison:
    dataset, backbone = place
    pair = [measured.get((dataset, backbone, method, "top1_error_percent", "")) for method in (row, against)]
    labels = [label(method, backbone) for method in (row, against)]
    lacking = [
        f"{name} {'is not measured' if found is None else f'failed: {found.failed}'}"
        for name, found in zip(labels, pair, strict=True)
        if found is None or found.failed is not None
    ]
    mine, its = (found.value if found else None for found in pair)
    difference, interval, outcome = None, None, CANNOT_TELL
    if not lacking and mine is not None and its is not None:
        wrong = [found.wrong for found in pair if found is not None and found.wrong is not None]
        interval = paired_interval(*wrong)
        outcome = LOWER if interval[1] < 0 else HIGHER if interval[0] > 0 else CANNOT_TELL
        difference = mine - its
    return Comparison(
        question=question,
        dataset=dataset,
        backbone=backbone,
        row=row,
        row_label=labels[0],
        against=against,
        against_label=labels[1],
        row_error_percent=mine,
        against_error_percent=its,
        difference=difference,
        interval=interval,
        outcome=outcome,
        reason="; ".join(lacking),
    )
