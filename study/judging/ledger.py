"""The ledger: where the paper's numbers contradict each other, where they agree, and what chance could make of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from study.judging.tables import Compared, ComparedTable
from study.paper.files import read_yaml
from study.paper.prose import Number, prose
from study.paper.shares import Share, shares
from study.settings import paths

SIGNIFICANT = 1.96  # |z|: two-sided 5 % of a standard normal
NUMBER, WORDING, CONSISTENT = "number", "wording", "consistent"


@dataclass(frozen=True)
class Arithmetic:
    """An expression over printed numbers, what it gives, and what is printed of that (None: nothing), and where."""

    expression: str
    gives: str
    printed: str | None
    where: str


@dataclass(frozen=True)
class Entry:
    """A contradiction of a number or a wording, or numbers that agree, with the cells that it touches."""

    id: str
    kind: str
    title: str
    explanation: str
    arithmetic: tuple[Arithmetic, ...]
    cells: tuple[Compared, ...]


@dataclass(frozen=True)
class Pair:
    """Two cells as counts, `k` of `n` images: errors, or right images where the cell is an accuracy; and the z of two
    proportions with a pooled variance."""

    first: Compared
    k1: int
    n1: int
    second: Compared
    k2: int
    n2: int
    z: str

    @property
    def differs_significantly(self) -> bool:
        """At the 5 % level, as if the two networks had seen different images."""
        return abs(float(self.z)) >= SIGNIFICANT


@dataclass(frozen=True)
class Ledger:
    """Everything that the study found by reading: entries, pairs of cells, the prose's numbers, shares won back."""

    entries: tuple[Entry, ...]
    pairs: tuple[Pair, ...]
    prose: tuple[Number, ...]
    shares: tuple[Share, ...]


def read(folder: Path = paths.PAPER_TABLES) -> dict[str, list[dict[str, Any]]]:
    """The entries as paper_tables/ledger.yaml holds them, by section."""
    found: dict[str, list[dict[str, Any]]] = read_yaml(folder / "ledger.yaml")
    return found


def ledger(tables: Iterable[ComparedTable], folder: Path = paths.PAPER_TABLES) -> Ledger:
    """The ledger beside what was measured. Raises KeyError for a cell that no table has."""
    cells = {cell.cell: cell for table in tables for cell in table.cells}
    known = read(folder)
    entries = [*known["contradictions"], *({**entry, "kind": CONSISTENT} for entry in known["consistent"])]
    return Ledger(
        tuple(
            Entry(
                entry["id"],
                entry["kind"],
                entry["title"],
                entry["explanation"],
                tuple(Arithmetic(**line) for line in entry["arithmetic"]),
                tuple(cells[key] for key in entry["cells"]),
            )
            for entry in entries
        ),
        tuple(
            Pair(
                cells[pair["cells"][0]], pair["k1"], pair["n1"], cells[pair["cells"][1]], pair["k2"], pair["n2"],
                pair["z"],
            )
            for pair in known["detectability"]
        ),
        prose(folder),
        shares(folder),
    )  # fmt: skip
