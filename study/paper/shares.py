"""The share of the resolution loss that each row of the paper wins back, (half - row) / (half - full)."""

from dataclasses import dataclass
from pathlib import Path

from study.paper.files import read_lines
from study.settings import paths


@dataclass(frozen=True)
class Share:
    """A row's share in percent, by top-5 errors: its cell, whose full network it is set against, the arithmetic."""

    method: str
    cell: str
    full_network: str
    share_percent: float
    derivation: str


def shares(folder: Path = paths.PAPER_TABLES) -> tuple[Share, ...]:
    """All shares, in the order of the file."""
    return tuple(
        Share(line["method"], line["cell"], line["full_network"], float(line["share_percent"]), line["derivation"])
        for line in read_lines(folder / "shares.csv")
    )


def by_row(folder: Path = paths.PAPER_TABLES) -> dict[str, float]:
    """By row, its share in percent beside the full network of Table 2."""
    return {share.method: share.share_percent for share in shares(folder) if share.full_network == "Table 2"}
