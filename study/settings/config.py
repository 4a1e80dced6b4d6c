"""The reader of params.yaml: what one stage may read of it, validated."""

import copy
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from io import StringIO
from pathlib import Path
from typing import Any, Self, TypeVar

from pydantic import BaseModel, ConfigDict, PrivateAttr, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from study.settings import paths
from study.settings.errors import InvalidParameter
from study.settings.faults import one_line, shortened

LARGEST_FILE = 1_000_000  # bytes; the file has about 15,000
DEEPEST = 30  # levels of nesting; the file has 7


def values(path: Path = paths.PARAMS) -> dict[str, Any]:
    """The file as YAML 1.2 (1e-06 is a number there, a string in YAML 1.1).

    Raises InvalidParameter, one line, if the file is missing or is no text in UTF-8, is not YAML, holds anchors or
    aliases, or is too large or too deep to be what it should be.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise InvalidParameter(f"{path}: not found; run from the root of the checkout") from None
    except OSError as error:
        raise InvalidParameter(f"{path}: cannot be read: {error.strerror}") from None
    if len(content) > LARGEST_FILE:
        raise InvalidParameter(f"{path}: has {len(content)} bytes; at most {LARGEST_FILE} are read")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InvalidParameter(f"{path}: byte {error.start} is not UTF-8; save the file as UTF-8") from None
    if text.startswith("\ufeff"):
        raise InvalidParameter(f"{path}: starts with a byte order mark; save the file as UTF-8 without one")
    return copy.deepcopy(_parsed(text, path))


@lru_cache(maxsize=4)  # a stage reads the same text several times, and parsing it takes a quarter of a second
def _parsed(text: str, path: Path) -> dict[str, Any]:
    """A text in YAML. Raises InvalidParameter."""
    reader = YAML(typ="safe", pure=True)
    try:
        depth = 0
        # Events come before anything is built: an alias could stand for more values than there is memory.
        for event in reader.parse(StringIO(text)):
            name = type(event).__name__
            if name == "AliasEvent" or getattr(event, "anchor", None) is not None:
                line = event.start_mark.line + 1
                raise InvalidParameter(f"{path}: line {line}: anchors (&) and aliases (*) are not allowed here")
            depth += name.endswith("StartEvent") - name.endswith("EndEvent")
            if depth > DEEPEST:
                raise InvalidParameter(f"{path}: line {event.start_mark.line + 1}: nested too deeply")
        found = YAML(typ="safe", pure=True).load(text)
    except YAMLError as error:
        raise InvalidParameter(f"{path}: not valid YAML: {' '.join(str(error).split())[:300]}") from None
    except (RecursionError, ValueError) as error:  # endless nesting; a number of thousands of digits
        raise InvalidParameter(f"{path}: not valid YAML: {shortened(str(error))}") from None
    if not isinstance(found, dict):
        raise InvalidParameter(f"{path}: must hold keys and values, got {shortened(found)}")
    return found


@dataclass(frozen=True)
class At:
    """Where in params.yaml a field of a stage's settings stands, dotted; {scale} and {dataset} are those of the run."""

    key: str


class StageSettings(BaseModel):
    """What one stage reads of params.yaml, and nothing else: a frozen, typed object.

    A field stands on top of params.yaml under its own name, or where its annotation `At("scales.{scale}.wae")` says.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, populate_by_name=True)
    _read_as: tuple[str, str, Path] = PrivateAttr()

    @classmethod
    def keys(cls) -> dict[str, str]:
        """By field, its dotted key in params.yaml."""
        return {
            name: next((mark.key for mark in field.metadata if isinstance(mark, At)), field.alias or name)
            for name, field in cls.model_fields.items()
        }

    def as_dict(self) -> dict[str, Any]:
        """The fields and their values, fit for JSON."""
        return self.model_dump(by_alias=True)

    def digest(self) -> str:
        """Short hash of the fields and their values."""
        return digest_of(self.as_dict())

    def reread(self) -> Self:
        """The same settings as the file holds them now. Raises InvalidParameter."""
        return load(type(self), *self._read_as)


S = TypeVar("S", bound=StageSettings)


def digest_of(value: object) -> str:
    """Short hash of a value that is fit for JSON."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:12]


def load(kind: type[S], scale: str, dataset: str = "", path: Path = paths.PARAMS) -> S:
    """What a stage reads, at a scale. Raises InvalidParameter, one line for each fault."""
    everything = values(path)
    scales = everything.get("scales")
    if not isinstance(scales, Mapping) or scale not in scales:
        known = ", ".join(map(str, scales)) if isinstance(scales, Mapping) else "none, since `scales` is missing"
        raise InvalidParameter(f"scale: must be one of {known}, got {shortened(scale)}")
    found: dict[str, object] = {}
    places = {name: key.format(scale=scale, dataset=dataset) for name, key in kind.keys().items()}
    for name, place in places.items():
        value: object = everything
        for part in place.split("."):
            if not isinstance(value, Mapping) or part not in value:
                raise InvalidParameter(f"{path}: {place}: missing")
            value = value[part]
        found[name] = value
    try:
        settings = kind.model_validate(found, by_name=True)
    except ValidationError as error:
        lines = []
        for problem in error.errors():
            field, *rest = problem["loc"]
            place = places.get(str(field)) or places[next(n for n, f in kind.model_fields.items() if f.alias == field)]
            lines.append(f"{path}: {one_line({**problem, 'loc': tuple(rest)}, f'{place}.')}")
        raise InvalidParameter("\n".join(lines)) from None
    settings._read_as = (scale, dataset, path)
    return settings
