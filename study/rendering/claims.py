"""The paper's claims and what they come to."""

from collections.abc import Callable

from study.judging.claims import Claims
from study.judging.predicates import Finding
from study.rendering.cells import remarks
from study.rendering.table import Page, folded, left, table

ERRORS = {"top1": "top-1", "top5": "top-5", "": ""}


def page(stored: Claims) -> Page:
    """A line a claim: on the paper's own cells, in this experiment, and what that says of the paper's claim."""
    columns = [
        *left("claim"),
        *left("sentence", "where", detail=True),
        *left("about", detail=True),
        *left("on the paper's numbers"),
        *left("numbers of the paper", detail=True),
        *left("in this experiment", "the paper's claim", "numbers here", "remarks"),
        *left("p, raw and adjusted", "family", detail=True),
    ]
    rows = []
    for claim in stored.claims:
        paper = claim.on_the_papers_numbers
        rows.append(
            [
                claim.id,
                f"{claim.claim} ({claim.reading})" if claim.reading else claim.claim,
                claim.where,
                claim.about,
                paper.outcome,
                "; ".join(paper.numbers),
                claim.in_this_experiment,
                claim.of_the_papers_claim,
                _by_error(claim.here, lambda finding: "; ".join(finding.numbers)),
                remarks(claim.marks),
                _by_error(claim.here, _p_values),
                claim.family,
            ]
        )
    return Page(
        f"The paper's claims at scale {stored.scale}",
        (
            stored.summary,
            "A claim about a direction can be reproduced on other data; one about a number, or about hardware, is "
            "about the paper's data or machine, and is never failed by others. A claim that the two errors decide "
            "differently depends on the metric.",
            "`≈`: equal at the rounding of the claim. `not clear of`: the p-value, corrected by Holm within the "
            "family, is not below the level. Errors are compared on the same test images and seeds; times and "
            "speed-ups by their intervals, machine by machine.",
            folded(table(columns, rows), ()),
        ),
    )


def _by_error(here: dict[str, Finding], text: Callable[[Finding], str]) -> str:
    return " | ".join(
        f"{ERRORS[name]}: {text(finding)}" if name else text(finding) for name, finding in here.items() if text(finding)
    )


def _p_values(finding: Finding) -> str:
    pairs = zip(finding.p_values, finding.adjusted, strict=True)
    return ", ".join(f"{raw:.2g}, {adjusted:.2g}" for raw, adjusted in pairs)
