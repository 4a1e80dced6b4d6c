"""params.yaml with some values changed, whatever its layout."""

from io import StringIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

FILE = Path(__file__).parents[1] / "params.yaml"


def changed(values: dict[str, Any], text: str | None = None) -> str:
    """The committed file, or another text, with values by their dotted keys, which must be there."""
    reader = YAML()
    reader.width = 10_000
    whole = reader.load(FILE.read_text(encoding="utf-8") if text is None else text)
    for key, value in values.items():
        *parents, last = key.split(".")
        block = whole
        for parent in parents:
            block = block[parent]
        assert last in block, key
        block[last] = value
    written = StringIO()
    reader.dump(whole, written)
    return written.getvalue()
