"""The controls: what of the result is whose doing."""

from study.judging.controls import Controls
from study.judging.number import number
from study.judging.pairs import Difference
from study.rendering.cells import reasoned, remarks, signed
from study.rendering.table import Column, Page, folded, left, right, table
from study.settings.methods import BACKBONES

ERRORS = {"top1": "top-1", "top5": "top-5"}
WORDS = (
    "A difference is paired over seeds and independent test units, with its 95 % interval. Equivalent: within the "
    "margin by two one-sided tests; better or worse: a lower or a higher error; else inconclusive. P-values are "
    "corrected by Holm within the family, all comparisons of this page in one error, measured or not."
)


def columns_of_differences() -> list[Column]:
    """The columns of one difference in each error."""
    found: list[Column] = []
    for name in ERRORS.values():
        found += [*right(f"{name} difference, points"), *left(f"{name}, in a word")]
        found += right(f"{name} p", f"{name} p, adjusted", f"{name} margin", detail=True)
    return found


def cells_of_differences(differences: dict[str, Difference]) -> list[str]:
    """The cells of one difference in each error."""
    found = []
    for metric in ERRORS:
        one = differences.get(metric)
        if one is None:
            found += [""] * 5
            continue
        found += [signed(one.difference, one.interval), reasoned(one.word, one.reason)]
        found += [_p(one.p_difference), _p(one.p_difference_adjusted), number(one.margin)]
    return found


def _p(value: float | None) -> str:
    return "" if value is None else f"{value:.2g}"


def page(stored: Controls) -> Page:
    """A line a comparison, under its question."""
    columns = [
        *left("question", detail=True),
        *left("data", "backbone", "network", "compared with"),
        *right("top-1 error, %", "its top-1 error, %"),
        *columns_of_differences(),
        *left("remarks"),
    ]
    rows = [
        [
            one.question,
            one.dataset,
            BACKBONES[one.backbone].label,
            one.row_label,
            one.against_label,
            number(one.differences["top1"].row_error_percent),
            number(one.differences["top1"].against_error_percent),
            *cells_of_differences(one.differences),
            remarks(one.differences["top1"].marks),
        ]
        for one in stored.comparisons
    ]
    return Page(
        f"Controls at scale {stored.scale}",
        (f"Networks of this study, not of the paper. {WORDS}", folded(table(columns, rows), ())),
    )
