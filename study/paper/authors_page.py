"""What the authors' own page says of the network that they released."""

from pathlib import Path

from study.paper.files import read_yaml
from study.paper.tables import Cell
from study.settings import paths

SLUG, ROW = "authors_page", "released network"


def cells(folder: Path = paths.PAPER_TABLES) -> dict[tuple[str, str], list[Cell]]:
    """Its numbers as cells, by backbone and method."""
    found: dict[tuple[str, str], list[Cell]] = {}
    for entry in read_yaml(folder / f"{SLUG}.yaml"):
        cell = Cell(
            SLUG, ROW, entry["method"], entry["quantity"], "", entry["value"], entry["status"], entry["derivation"]
        )
        found.setdefault((entry["backbone"], entry["method"]), []).append(cell)
    return found
