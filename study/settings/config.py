"""The only reader of params.yaml: validated values for the stages, and one line for each mistake."""

import hashlib
import json
from pathlib import Path
from types import SimpleNamespace

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from study.settings import paths
from study.settings.errors import InvalidParameter
from study.settings.parameters import EPOCHS, RULE, SOURCES, Data, Params, Scales


def _one_line(problem: dict) -> str:
    """A validation problem as one line: the key, what would be right, the value."""
    key = ".".join(str(part) for part in problem["loc"] if part not in (*SOURCES, EPOCHS, RULE))
    if problem["type"] == "extra_forbidden":
        return f"{key}: unknown key"
    if problem["type"] == "missing":
        return f"{key}: missing"
    wanted = problem["msg"].removeprefix("Input should be ").removeprefix("Input should have ")
    if problem["type"] == "union_tag_invalid":
        key, wanted = f"{key}.source", f"one of {problem['ctx']['expected_tags']}"
        return f"{key}: must be {wanted}, got {problem['ctx']['tag']!r}"
    return f"{key}: must be {wanted}, got {problem['input']!r}"


def read(path: Path = paths.PARAMS) -> Params:
    """The validated parameters, read as YAML 1.2 (1e-06 is a number there, a string in YAML 1.1).

    Raises InvalidParameter, one line for each fault, if the file is missing, is not YAML or holds an unfit value.
    """
    try:
        values = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InvalidParameter(f"{path}: not found; run from the root of the checkout") from None
    except YAMLError as error:
        raise InvalidParameter(f"{path}: not valid YAML: {' '.join(str(error).split())}") from None
    if not isinstance(values, dict):
        raise InvalidParameter(f"{path}: must hold keys and values, got {values!r}")
    try:
        params = Params.model_validate(values)
    except ValidationError as error:
        raise InvalidParameter("\n".join(f"{path}: {_one_line(problem)}" for problem in error.errors())) from None
    for name in Scales.model_fields:
        for dataset in Data.model_fields:
            pictures = getattr(getattr(params.scales, name).data, dataset)
            if pictures.crop > pictures.resize:
                raise InvalidParameter(
                    f"{path}: scales.{name}.data.{dataset}.crop: must be at most resize ({pictures.resize}), "
                    f"got {pictures.crop}"
                )
    if len(set(params.seeds)) != len(params.seeds):
        raise InvalidParameter(f"{path}: seeds: must differ from one another, got {params.seeds}")
    return params


class Settings(SimpleNamespace):
    """What one stage may read: the keys that it declares, by their names, and nothing else."""

    def as_dict(self) -> dict:
        """The declared keys and values, fit for JSON."""
        return {key: _plain(value) for key, value in vars(self).items()}

    def digest(self) -> str:
        """Short hash of the declared keys and values."""
        return hashlib.sha256(json.dumps(self.as_dict(), sort_keys=True).encode()).hexdigest()[:12]


def _plain(value: object) -> object:
    if isinstance(value, Settings):
        return value.as_dict()
    return value.model_dump() if isinstance(value, BaseModel) else value


def load(scale: str, declared: tuple[str, ...], path: Path = paths.PARAMS) -> Settings:
    """The declared settings at a scale.

    A declared key is dotted, from the top of params.yaml, and `scales.{scale}` stands for the block of the chosen
    scale: `("lambda", "scales.{scale}.wae")` gives an object with `.lambda_` and `.wae`; a whole block is named
    after its scale. Validates the whole file. Raises InvalidParameter.
    """
    params = read(path)
    if scale not in Scales.model_fields:
        raise InvalidParameter(f"scale: must be one of {', '.join(Scales.model_fields)}, got {scale!r}")
    settings = Settings()
    for key in declared:
        value, place = params, settings
        names = ["lambda_" if name == "lambda" else name for name in key.format(scale=scale).split(".")]
        for name in names:
            value = getattr(value, name)
        short = names[2:] or names[1:] if names[0] == "scales" else names
        for name in short[:-1]:
            if not hasattr(place, name):
                setattr(place, name, Settings())
            place = getattr(place, name)
        setattr(place, short[-1], value)
    return settings
