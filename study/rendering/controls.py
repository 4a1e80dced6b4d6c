"""The controls: what of the result is whose doing."""

from study.judging.controls import Controls
from study.judging.number import number
from study.rendering.cells import reasoned, signed
from study.rendering.table import Page, left, right, table
from study.settings.methods import BACKBONES


def page(stored: Controls) -> Page:
    """A line a comparison, under its question."""
    columns = [
        *left("question", detail=True),
        *left("data", "backbone", "network", "compared with"),
        *right("error, %", "its error, %", "difference, points"),
        *left("the network's error is"),
    ]
    rows = [
        [
            one.question,
            one.dataset,
            BACKBONES[one.backbone].label,
            one.row_label,
            one.against_label,
            number(one.row_error_percent),
            number(one.against_error_percent),
            signed(one.difference, one.interval),
            reasoned(one.outcome, one.reason),
        ]
        for one in stored.comparisons
    ]
    return Page(
        f"Controls at scale {stored.scale}",
        (
            "Networks of this study, not of the paper. Top-1 errors. A difference is paired (same test images, seeds "
            "as a level), with its 95 % interval. `lower` means a lower error. The intervals are not widened for "
            "their number.",
            table(columns, rows),
        ),
    )
