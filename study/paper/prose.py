"""The numbers of the paper's prose, in reading order."""

from dataclasses import dataclass
from pathlib import Path

from study.paper.files import read_yaml
from study.settings import paths


@dataclass(frozen=True)
class Number:
    """A number of the prose: the words that it stands in, its text ("" where the text copy lost it), its unit, what it
    is and where, a status (paper_tables/README.md), and what it must agree with: a cell, arithmetic, a key of setup."""

    quote: str
    value: str
    what: str
    where: str
    status: str
    unit: str = ""
    cell: str = ""
    derivation: str = ""
    setup: str = ""
    note: str = ""


def prose(folder: Path = paths.PAPER_TABLES) -> tuple[Number, ...]:
    """All numbers of the prose."""
    fields = Number.__dataclass_fields__
    return tuple(
        Number(**{key: str(value) for key, value in entry.items() if key in fields})
        for entry in read_yaml(folder / "prose.yaml")
    )
