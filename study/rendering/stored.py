"""Records as JSON, and back."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from study.settings import paths
from study.settings.errors import InvalidData

Record = TypeVar("Record")


def as_json(record: Any) -> str:
    """A dataclass with all that it holds. NaN is refused: it is not JSON."""
    return json.dumps(asdict(record), indent=1, allow_nan=False) + "\n"


def read(file: Path, kind: type[Record]) -> Record:
    """A record that `as_json` wrote to a file.

    Raises FileNotFoundError, and InvalidData for a file of another kind or version.
    """
    try:
        return TypeAdapter(kind).validate_python(paths.read_json(file))
    except ValidationError as error:
        first = error.errors()[0]
        fault = f"{'.'.join(map(str, first['loc']))}: {first['msg'].lower()}"
    raise InvalidData(f"{file}: not as this version of the study writes it ({fault}); make it again with: dvc repro")
