"""Pages and tables as Markdown (CommonMark with tables)."""

from collections.abc import Sequence

from study.rendering.table import Items, Page, Table


def page(shown: Page, level: int = 1) -> str:
    """A page, its heading at a level."""
    return "\n\n".join(_blocks(shown, level)) + "\n"


def _blocks(shown: Page, level: int) -> list[str]:
    found = [f"{'#' * level} {shown.title}"]
    for part in shown.parts:
        if isinstance(part, Page):
            found += _blocks(part, level + 1)
        elif isinstance(part, Table):
            found += [f"{'#' * (level + 1)} {part.title}"] if part.title else []
            found += [*part.before, table(part), *part.behind]
        elif isinstance(part, Items):
            found.append("\n".join(f"- {text}" for text in part.texts))
        else:
            found.append(part)
    return found


def table(shown: Table) -> str:
    """The rows of a table below its heads, without its title and sentences."""
    rules = ["---:" if column.align == "right" else "---" for column in shown.columns]
    lines = [_line([column.heading for column in shown.columns]), f"|{'|'.join(rules)}|"]
    return "\n".join([*lines, *map(_line, shown.rows)])


def _line(cells: Sequence[str]) -> str:
    escaped = (cell.replace("|", r"\|") for cell in cells)
    return f"| {' | '.join(escaped)} |"
