"""Pages and tables as plain text for a terminal, a file or a pipe."""

import textwrap
from collections.abc import Sequence

from study.rendering.table import Items, Page, Table, without_details

WIDTH = 120  # characters of a line of sentences


def page(shown: Page) -> str:
    """A page, its heading in capitals."""
    blocks = [shown.title.upper()]
    for part in shown.parts:
        if isinstance(part, Page):
            blocks.append(page(part).rstrip("\n"))
        elif isinstance(part, Table):
            blocks.append(table(part).rstrip("\n"))
        elif isinstance(part, Items):
            blocks.append(items(part))
        else:
            blocks.append(textwrap.fill(part, WIDTH))
    return "\n\n".join(blocks) + "\n"


def items(shown: Items) -> str:
    """A list, an item a paragraph."""
    return "\n".join(textwrap.fill(f"- {text}", WIDTH, subsequent_indent="  ") for text in shown.texts)


def table(shown: Table) -> str:
    """A table with its title and sentences, without its details."""
    short = without_details(shown)
    blocks = [short.title, wrapped(short.before), aligned(short), wrapped(short.behind)]
    return "\n\n".join(block for block in blocks if block) + "\n"


def aligned(shown: Table) -> str:
    """Heads, a rule and rows as columns of equal width."""
    heads = [column.heading for column in shown.columns]
    widths = [max(map(len, column)) for column in zip(heads, *shown.rows, strict=True)]
    rule = "  ".join("-" * min(width, WIDTH // 2) for width in widths)  # a last column of sentences needs no more

    def line(cells: Sequence[str]) -> str:
        return "  ".join(
            cell.rjust(width) if column.align == "right" else cell.ljust(width)
            for cell, width, column in zip(cells, widths, shown.columns, strict=True)
        ).rstrip()

    return "\n".join([line(heads), rule, *map(line, shown.rows)])


def wrapped(sentences: Sequence[str]) -> str:
    """Sentences as paragraphs, a line each where it is short enough."""
    return "\n".join(textwrap.fill(sentence, WIDTH) for sentence in sentences)
