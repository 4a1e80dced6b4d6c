"""Times of the full-size networks."""

from typing import Any

from study.rendering import speeds
from study.rendering.section import as_table
from study.rendering.table import Page


def page(stored: dict[str, Any] | None) -> Page:
    """results/<scale>/timing.json; without a measurement, that there is none."""
    title = "Times of the full-size networks"
    if stored is None:
        return Page(title, ("Not measured.",))
    return Page(title, (*speeds.conditions(stored), *map(as_table, speeds.sections(stored))))
