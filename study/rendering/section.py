"""A table under a heading, as every program that prints one needs it, and its plain text."""

import textwrap
from dataclasses import dataclass, field

from study.rendering.table import Table, left, right, table

WIDTH = 120  # characters of a line of sentences


@dataclass(frozen=True)
class Section:
    """A table under a heading, its first row the head, with sentences before and behind it. The first `left` columns
    are text and stand to the left, the others to the right."""

    title: str
    rows: list[list[str]]
    before: list[str] = field(default_factory=list)
    behind: list[str] = field(default_factory=list)
    left: int = 1


def aligned(rows: list[list[str]], left: int = 1) -> str:
    """Rows of text as columns of equal width, the first `left` to the left, the others right, a rule under row 1."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [
        "  ".join(
            text.ljust(width) if column < left else text.rjust(width)
            for column, (text, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
    rule = "  ".join("-" * min(width, WIDTH // 2) for width in widths)  # a last column of sentences needs no more
    return "\n".join([lines[0], rule, *lines[1:]])


def wrapped(sentences: list[str]) -> str:
    """Sentences as paragraphs, a line each where it is short enough."""
    return "\n".join(textwrap.fill(sentence, WIDTH) for sentence in sentences)


def plain(section: Section) -> str:
    """A section as text for a file or a pipe."""
    blocks = [section.title, wrapped(section.before), aligned(section.rows, section.left), wrapped(section.behind)]
    return "\n\n".join(block for block in blocks if block)


def as_table(section: Section) -> Table:
    """The section as a table."""
    head, *rows = section.rows
    columns = [*left(*head[: section.left]), *right(*head[section.left :])]
    return table(columns, rows, section.title, section.before, section.behind)
