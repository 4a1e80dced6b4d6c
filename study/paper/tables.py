"""The paper's tables as paper_tables/ holds them."""

from dataclasses import dataclass
from pathlib import Path

from study.paper.files import read_lines, read_yaml
from study.settings import paths


@dataclass(frozen=True)
class Cell:
    """One cell of the paper: `text` as printed, "" where no number was given, and a status (paper_tables/README.md)."""

    table: str
    row: str
    method: str
    quantity: str
    condition: str
    text: str
    status: str
    note: str

    @property
    def key(self) -> str:
        """table/row/quantity[/condition], as claims and ledger name a cell."""
        return "/".join(part for part in (self.table, self.row, self.quantity, self.condition) if part)

    @property
    def value(self) -> float | None:
        """The printed number, or None."""
        return float(self.text) if self.text else None

    @property
    def is_printed(self) -> bool:
        """Whether the number stands in the paper, contradicted elsewhere or not; what was lost is derived."""
        return bool(self.text) and (self.status == "printed" or self.status.startswith("contradicts"))

    @property
    def decimals(self) -> int:
        """How many digits stand behind the point, from which the rounding is read off."""
        return len(self.text.partition(".")[2])


@dataclass(frozen=True)
class Table:
    """One table of the paper: where its numbers come from, its cells, and which way each quantity is better."""

    slug: str
    number: int
    title: str
    dataset: str
    backbone: str
    better: dict[str, str]
    cells: tuple[Cell, ...]


def tables(folder: Path = paths.PAPER_TABLES) -> list[Table]:
    """All tables in printed order."""
    found = []
    for entry in read_yaml(folder / "tables.yaml"):
        cells = tuple(
            Cell(
                entry["slug"],
                line["row"],
                line["method"],
                line["quantity"],
                line["condition"],
                line["value"],
                line["status"],
                line["note"],
            )
            for line in read_lines(folder / f"{entry['slug']}.csv")
        )
        better = {quantity["name"]: quantity["better"] for quantity in entry["quantities"]}
        found.append(
            Table(entry["slug"], entry["number"], entry["title"], entry["dataset"], entry["backbone"], better, cells)
        )
    return found
