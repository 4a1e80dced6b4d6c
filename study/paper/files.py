"""How files of paper_tables/ are read."""

import csv
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML


def read_yaml(file: Path) -> Any:
    """What a YAML 1.2 file holds."""
    return YAML(typ="safe", pure=True).load(file.read_text(encoding="utf-8"))


def read_lines(file: Path) -> list[dict[str, str]]:
    """The lines of a CSV file by its heads."""
    with open(file, newline="", encoding="utf-8") as text:
        return list(csv.DictReader(text))
