"""Output that a person reads in colour and a program as plain text."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, ClassVar

from study.settings.escaping import visible

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderResult

    from study.rendering.table import Page, Table

LAYOUT = "\n\t"  # control characters that lay out a text; others, of names from outside, are written out
GOOD, MIDDLING, BAD = "green", "yellow", "red"
STYLES = {
    "ok": GOOD,
    "warning": MIDDLING,
    "error": BAD,
    "better": GOOD,
    "appeared": GOOD,
    "changed": MIDDLING,
    "worse": BAD,
    "vanished": BAD,
    "match": GOOD,
    "equivalent": GOOD,
    "inconclusive": MIDDLING,
    "depends on the metric": MIDDLING,
    "depends on the machine": MIDDLING,
    "holds": GOOD,
    "differs (better)": GOOD,
    "differs": MIDDLING,
    "cannot tell": MIDDLING,
    "missing": MIDDLING,
    "not measured": MIDDLING,
    "differs (worse)": BAD,
    "fails": BAD,
    "failed": BAD,
}


@cache
def console() -> "Console":
    """Where output goes. Rich leaves colours out if NO_COLOR is set or nobody looks."""
    from rich.console import Console

    return Console(highlight=False)


def say(text: str, style: str = "") -> None:
    """A text as it is: brackets in it are no markup, and a pipe gets every line whole."""
    text = visible(text, LAYOUT)
    if console().is_terminal:
        console().print(text, style=style or None, markup=False)
    else:
        print(text)


def say_fault(fault: str) -> None:
    """A fault of the input on stderr, or several, a line each."""
    from rich.console import Console
    from rich.text import Text

    console = Console(stderr=True, highlight=False)
    for line in fault.splitlines():
        console.print(Text.assemble(("error:", f"bold {BAD}"), f" {visible(line, LAYOUT)}"), soft_wrap=True)


def show(table: "Table") -> None:
    """A table that fits the terminal, or columns of text for a pipe; without its details."""
    from study.rendering import terminal
    from study.rendering.table import changed, without_details

    shown = without_details(changed(table, visible))
    if not console().is_terminal:
        print(terminal.table(shown), end="")
        return
    from rich import box
    from rich.table import Table
    from rich.text import Text

    laid_out = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for column in shown.columns:
        laid_out.add_column(column.heading, justify=column.align, overflow="fold")
    for row in shown.rows:
        laid_out.add_row(*(Text(cell, style=STYLES.get(cell, "")) for cell in row))
    if shown.title:
        say(shown.title, style="bold")
    for sentence in shown.before:
        say(sentence)
    console().print(laid_out)
    for sentence in shown.behind:
        say(sentence, style="dim")


def show_page(page: "Page") -> None:
    """A page with all that stands in it: laid out in a terminal, columns of text in a pipe."""
    from study.rendering import terminal
    from study.rendering.table import Items, Page, Table

    say(page.title if console().is_terminal else page.title.upper(), style="bold")
    for part in page.parts:
        say("")
        if isinstance(part, Page):
            show_page(part)
        elif isinstance(part, Table):
            show(part)
        elif isinstance(part, Items):
            say(terminal.items(part))
        else:
            say(part if console().is_terminal else terminal.wrapped([part]))


def show_markdown(text: str) -> None:
    """A Markdown text: laid out in a terminal, as it is in a pipe."""
    text = visible(text, LAYOUT)
    if not console().is_terminal:
        print(text, end="")
        return
    from rich.markdown import Markdown, TableElement
    from rich.table import Table

    class Whole(TableElement):
        """A table whose long words go on in the next line, where Rich would cut them."""

        def __rich_console__(self, console: "Console", options: "ConsoleOptions") -> "RenderResult":
            for part in super().__rich_console__(console, options):
                for column in part.columns if isinstance(part, Table) else ():
                    column.overflow = "fold"
                yield part

    class Text(Markdown):
        elements: ClassVar = {**Markdown.elements, "table_open": Whole}

    console().print(Text(text))


@contextmanager
def working(on: str) -> Iterator[None]:
    """Says in a terminal what takes its time, until it is done."""
    if not console().is_terminal:
        yield
        return
    with console().status(f"{on} ..."):
        yield


def mark(level: str, text: str, fix: str = "") -> None:
    """A finding on one line behind its level, in the level's colour, and the fix of a fault behind it."""
    line = visible(f"{text}; fix: {fix}" if fix else text)
    if not console().is_terminal:
        print(f"{level:<7}  {line}")
        return
    from rich.table import Table
    from rich.text import Text

    grid = Table.grid(padding=(0, 2))
    grid.add_column(width=7)
    grid.add_column()
    grid.add_row(Text(level, style=STYLES[level]), Text(line))
    console().print(grid)
