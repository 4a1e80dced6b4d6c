"""Pages and tables as Markdown (CommonMark with tables)."""

import re
from collections.abc import Sequence

from study.rendering.table import Items, Page, Table
from study.settings.escaping import visible

TAG = re.compile(r"<(?=[A-Za-z/!?])")


def page(shown: Page, level: int = 1) -> str:
    """A page, its heading at a level."""
    return "\n\n".join(_blocks(shown, level)) + "\n"


def _blocks(shown: Page, level: int) -> list[str]:
    found = [f"{'#' * level} {_plain(shown.title)}"]
    for part in shown.parts:
        if isinstance(part, Page):
            found += _blocks(part, level + 1)
        elif isinstance(part, Table):
            found += [f"{'#' * (level + 1)} {part.title}"] if part.title else []
            found += [*map(_plain, part.before), table(part), *map(_plain, part.behind)]
        elif isinstance(part, Items):
            found.append("\n".join(f"- {_plain(text)}" for text in part.texts))
        else:
            found.append(_plain(part))
    return found


def table(shown: Table) -> str:
    """The rows of a table below its heads, without its title and sentences."""
    rules = ["---:" if column.align == "right" else "---" for column in shown.columns]
    lines = [_line([column.heading for column in shown.columns]), f"|{'|'.join(rules)}|"]
    return "\n".join([*lines, *map(_line, shown.rows)])


def _line(cells: Sequence[str]) -> str:
    escaped = (_plain(visible(cell)).replace("|", r"\|") for cell in cells)
    return f"| {' | '.join(escaped)} |"


def _plain(text: str) -> str:
    """A text without HTML that a reader of Markdown would obey; words between backticks are code and stay."""
    parts = visible(text, "\n").split("`")
    return "`".join(part if number % 2 else TAG.sub(r"\\<", part) for number, part in enumerate(parts))
