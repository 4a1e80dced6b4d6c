"""The paper's claims and what they come to."""

from study.judging.claims import Claims
from study.judging.measured import HEADLINE_NEEDS_CLASSES
from study.rendering.table import Page, left, table


def page(stored: Claims) -> Page:
    """A line a claim: what it comes to on the paper's own cells, then on measured ones, and by which numbers."""
    columns = [
        *left("claim"),
        *left("sentence", "where", detail=True),
        *left("about"),
        *left("on the paper's numbers"),
        *left("numbers of the paper", detail=True),
        *left("here", "numbers here"),
    ]
    rows = []
    for claim in stored.claims:
        paper, here = claim.on_the_papers_numbers, claim.here
        sentence = f"{claim.claim} ({claim.reading})" if claim.reading else claim.claim
        numbers = ["; ".join(finding.numbers) for finding in (paper, here)]
        rows.append([claim.id, sentence, claim.where, claim.about, paper.outcome, numbers[0], here.outcome, numbers[1]])
    return Page(
        f"The paper's claims at scale {stored.scale}",
        (
            stored.summary,
            "A claim about a direction can be reproduced on other data; one about a number, or about hardware, is "
            "about the paper's data or machine.",
            "`≈`: equal at the rounding of the claim. `not clear of`: the interval lies on both sides. Accuracies are "
            "compared on the same test images, with the seeds as a level; times and speed-ups by their intervals. With "
            f"fewer than {HEADLINE_NEEDS_CLASSES} classes the top-1 error stands for the top-5 error.",
            table(columns, rows),
        ),
    )
