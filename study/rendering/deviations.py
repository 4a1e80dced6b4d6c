"""In what a scale departs from the paper's set-up."""

from collections.abc import Sequence

from study.paper.deviations import Setup
from study.rendering.table import Items, Page, left, table


def value_text(value: object) -> str:
    """A value of params.yaml as a reader would write it."""
    if value is None:
        return "not set"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(map(value_text, value)) or "none"
    return f"{value:g}" if isinstance(value, float) else str(value)


def page(stored: Setup) -> Page:
    """The deviations, the choices that the paper leaves open, and what is done otherwise at every scale."""
    columns = left("key", "paper", "here", "where the paper says so")
    found = [[one.key, value_text(one.paper), value_text(one.here), one.where] for one in stored.deviations]
    opened = [[one.key, value_text(one.here), one.where] for one in stored.open]
    return Page(
        f"Deviations of scale {stored.scale} from the paper's set-up",
        (
            table(columns, found) if found else "No key differs from what the paper states.",
            table(left("key", "here", "the paper"), opened, "What the paper leaves open"),
            Page("At every scale", (Items(stored.standing),)),
        ),
    )
