"""The one model of all that is shown: tables, and pages of sentences, lists and tables. Each form writes just these.

Text is plain; words between backticks are code, in every form.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, Union


@dataclass(frozen=True)
class Column:
    """A column: its heading and the side to which its cells stand. A detail is left out where there is little room."""

    heading: str
    align: Literal["left", "right"] = "left"
    detail: bool = False


@dataclass(frozen=True)
class Table:
    """A table under a title ("" for none), with sentences before and behind it.

    Raises ValueError for a row that has not as many cells as there are columns.
    """

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    before: tuple[str, ...] = ()
    behind: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row) != len(self.columns):
                raise ValueError(f"{self.title}: {len(self.columns)} columns, and a row of {len(row)} cells: {row}")


@dataclass(frozen=True)
class Items:
    """A list of sentences."""

    texts: tuple[str, ...]


@dataclass(frozen=True)
class Page:
    """What stands under a heading, in reading order: sentences, lists, tables, and pages with headings below it."""

    title: str
    parts: tuple[Union[str, Items, Table, "Page"], ...]


def left(*headings: str, detail: bool = False) -> tuple[Column, ...]:
    """Columns of text."""
    return tuple(Column(heading, "left", detail) for heading in headings)


def right(*headings: str, detail: bool = False) -> tuple[Column, ...]:
    """Columns of numbers."""
    return tuple(Column(heading, "right", detail) for heading in headings)


def table(
    columns: Sequence[Column],
    rows: Iterable[Sequence[str]],
    title: str = "",
    before: Sequence[str] = (),
    behind: Sequence[str] = (),
) -> Table:
    """A table of any sequences."""
    return Table(title, tuple(columns), tuple(map(tuple, rows)), tuple(before), tuple(behind))


def headed(
    title: str,
    rows: Sequence[Sequence[str]],
    before: Sequence[str] = (),
    behind: Sequence[str] = (),
    left_columns: int = 1,
) -> Table:
    """A table of rows of which the first holds the heads; so many columns are text, those behind them numbers."""
    heads, *body = rows
    return table([*left(*heads[:left_columns]), *right(*heads[left_columns:])], body, title, before, behind)


def without_details(whole: Table) -> Table:
    """The table without its columns of details."""
    kept = [place for place, column in enumerate(whole.columns) if not column.detail]
    rows = [[row[place] for place in kept] for row in whole.rows]
    return table([whole.columns[place] for place in kept], rows, whole.title, whole.before, whole.behind)


def without_empty(whole: Table, empty: Collection[str]) -> tuple[Table, tuple[str, ...]]:
    """The table without its columns of numbers in which every cell says that there is none, and their headings; and
    without columns of text in which nothing is said."""
    said = [[row[place].partition(" (")[0] for row in whole.rows] for place in range(len(whole.columns))]
    dropped = [
        place
        for place, column in enumerate(whole.columns)
        if column.align == "right" and whole.rows and all(cell in empty for cell in said[place])
    ]
    silent = [place for place, cells in enumerate(said) if whole.columns[place].align == "left" and not any(cells)]
    kept = [place for place in range(len(whole.columns)) if place not in (*dropped, *silent)]
    rows = [[row[place] for place in kept] for row in whole.rows]
    short = table([whole.columns[place] for place in kept], rows, whole.title, whole.before, whole.behind)
    return short, tuple(whole.columns[place].heading for place in dropped)


def folded(whole: Table, empty: Collection[str]) -> Table:
    """The table with columns in which no row has a number folded into a sentence behind it; whole if all would be."""
    short, headings = without_empty(whole, empty)
    if headings and not any(column.align == "right" for column in short.columns):
        return whole
    return replace(short, behind=(*short.behind, f"Not measured: {'; '.join(headings)}.")) if headings else short


def changed(whole: Table, change: Callable[[str], str]) -> Table:
    """The table with a change made to every text in it."""
    return table(
        [Column(change(column.heading), column.align, column.detail) for column in whole.columns],
        [[change(cell) for cell in row] for row in whole.rows],
        change(whole.title),
        [change(text) for text in whole.before],
        [change(text) for text in whole.behind],
    )
