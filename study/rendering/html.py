"""Pages and tables as HTML, escaped, each table in a region that scrolls."""

import re

from markupsafe import Markup, escape

from study.rendering.table import Items, Page, Table

# Signs beside the words of verdicts and outcomes, for those who do not see colours.
SIGNS = {
    "holds": "✓",
    "fails": "✗",
    "cannot tell": "?",
    "match": "✓",
    "equivalent": "≈",
    "better": "",
    "worse": "",
    "inconclusive": "?",
    "depends on the metric": "?",
    "depends on the machine": "?",
    "differs (better)": "",
    "differs (worse)": "",
    "differs": "",
    "missing": "",
    "failed": "✗",
}


def page(shown: Page, level: int = 2, sortable: bool = False) -> Markup:
    """What stands under a page's heading, which is left to the document; headings below it are of level + 1."""
    return Markup("\n").join(_part(part, shown, level, sortable) for part in shown.parts)


def _part(part: str | Items | Table | Page, within: Page, level: int, sortable: bool) -> Markup:
    if isinstance(part, Page):
        return _heading(part.title, level + 1) + page(part, level + 1, sortable)
    if isinstance(part, Table):
        return (_heading(part.title, level + 1) if part.title else Markup()) + table(part, within.title, sortable)
    if isinstance(part, Items):
        items = Markup("\n").join(Markup("<li>{}</li>").format(_inline(text)) for text in part.texts)
        return Markup("<ul>\n{}\n</ul>").format(items)
    return Markup("<p>{}</p>").format(_inline(part))


def _heading(title: str, level: int) -> Markup:
    return Markup("<h{0}>{1}</h{0}>\n").format(level, title)


def table(shown: Table, label: str, sortable: bool = False, name: str = "") -> Markup:
    """A table with its sentences; `label` says what it holds where it has no title, `name` becomes its id."""
    heads = Markup().join(
        Markup('<th scope="col"{}>{}</th>').format(_side(column.align), column.heading) for column in shown.columns
    )
    rows = Markup("\n").join(
        Markup("<tr>{}</tr>").format(
            Markup().join(
                Markup('<th scope="row">{}</th>').format(_inline(cell))
                if place == 0
                else Markup("<td{}>{}</td>").format(_side(column.align), badge(cell))
                for place, (cell, column) in enumerate(zip(row, shown.columns, strict=True))
            )
        )
        for row in shown.rows
    )
    return Markup("\n").join(
        [
            *(Markup('<p class="note">{}</p>').format(_inline(text)) for text in shown.before),
            Markup(
                '<div class="scroll" role="region" tabindex="0" aria-label="{}">\n<table{}{}>\n'
                "<thead><tr>{}</tr></thead>\n<tbody>\n{}\n</tbody>\n</table>\n</div>"
            ).format(
                shown.title or label,
                Markup(' id="{}"').format(name) if name else "",
                Markup(' class="sortable"') if sortable else "",
                heads,
                rows,
            ),
            *(Markup('<p class="note">{}</p>').format(_inline(text)) for text in shown.behind),
        ]
    )


def badge(cell: str) -> Markup:
    """A cell; a verdict or an outcome is marked by a sign and by its class."""
    if cell not in SIGNS:
        return _inline(cell)
    sign = Markup('<span aria-hidden="true">{}</span> ').format(SIGNS[cell]) if SIGNS[cell] else Markup()
    return Markup('<span class="verdict {}">{}{}</span>').format(cell.split(" ")[0], sign, cell)


def text(sentence: str) -> Markup:
    """A sentence, what stands between backticks as code."""
    return _inline(sentence)


def _side(align: str) -> Markup:
    return Markup(' class="number"') if align == "right" else Markup()


def _inline(text: str) -> Markup:
    """Escaped text, what stands between backticks as code."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text))))
