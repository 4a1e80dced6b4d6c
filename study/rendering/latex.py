"""Tables as LaTeX, for the package booktabs."""

from collections.abc import Sequence

from study.rendering.table import Table

SPECIAL = str.maketrans({**{character: f"\\{character}" for character in "%_&#$"}, "–": "--", "≈": r"$\approx$"})


def table(shown: Table) -> str:
    """A tabular below comments with its title and sentences."""
    lines = [
        *(f"% {text}" for text in (shown.title, *shown.before, *shown.behind) if text),
        rf"\begin{{tabular}}{{{''.join(column.align[0] for column in shown.columns)}}}",
        r"\toprule",
        _line([column.heading for column in shown.columns]),
        r"\midrule",
        *map(_line, shown.rows),
        r"\bottomrule",
        r"\end{tabular}",
    ]
    return "\n".join(lines) + "\n"


def _line(cells: Sequence[str]) -> str:
    return " & ".join(cell.translate(SPECIAL) for cell in cells) + r" \\"
