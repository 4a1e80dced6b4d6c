"""What the chosen scale does otherwise than the paper, generated from params.yaml and paper_tables/setup.yaml."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from study.paper.files import read_yaml
from study.settings import paths
from study.settings.config import At, StageSettings
from study.settings.parameters.measuring import FullSize, Noise
from study.settings.parameters.pruning import Pruning
from study.settings.parameters.training import SGD
from study.settings.parameters.types import NotNegative, Precision
from study.settings.parameters.whole import Scale

NOT_SET = "not set"
RATES, OTHERS = "classifier.learning_rate.", "others"  # a rate a row, and one for all others, which the paper states


class InForce(StageSettings):
    """Everything in params.yaml that decides a result at one scale."""

    lambda_: Annotated[NotNegative, Field(alias="lambda")]
    gamma: NotNegative
    sgd: SGD
    channel_norm: bool
    precision: Precision
    full_size: FullSize
    noise: Noise
    pruning: Pruning
    of_scale: Annotated[Scale, At("scales.{scale}")]


@dataclass(frozen=True)
class Deviation:
    """A key of params.yaml, the paper's value, the value here, and where the paper states its own."""

    key: str
    paper: Any
    here: Any
    where: str


@dataclass(frozen=True)
class Open:
    """A key that the paper leaves open, the value here, and what the paper says of it."""

    key: str
    here: Any
    where: str


@dataclass(frozen=True)
class Setup:
    """How a scale is set up beside the paper; `standing` are sentences on what every scale does otherwise."""

    scale: str
    deviations: tuple[Deviation, ...]
    open: tuple[Open, ...]
    standing: tuple[str, ...]


def read(folder: Path = paths.PAPER_TABLES) -> dict[str, Any]:
    """The paper's set-up as paper_tables/setup.yaml holds it: "stated", "open" and "standing"."""
    found: dict[str, Any] = read_yaml(folder / "setup.yaml")
    return found


def _flat(value: object, name: str = "") -> dict[str, object]:
    if not isinstance(value, dict):
        return {name: value}
    flat: dict[str, object] = {}
    for key, inner in value.items():
        flat |= _flat(inner, f"{name}.{key}" if name else key)
    return flat


def in_force(settings: InForce) -> dict[str, object]:
    """Every key that decides a result at a scale, dotted, without its scale before it, and its value.

    The timing effort is left out: it decides how well a time is known, not what is timed.
    """
    found = settings.model_dump(mode="json", by_alias=True, exclude={"of_scale": {"timing"}})
    return _flat(found | found.pop("of_scale"))


def deviations(settings: InForce) -> list[Deviation]:
    """Every stated key whose value differs from the paper's, and every row with a learning rate of its own.

    The paper's values are those of paper_tables/setup.yaml, not of scale `paper`, which can be edited too.
    """
    values = in_force(settings)
    stated = {entry["key"]: (entry["value"], entry["where"]) for entry in read()["stated"]}
    for key in values:
        others = f"{key.rpartition('.')[0]}.{OTHERS}"
        if key.startswith(RATES) and others in stated:  # of a backbone that the paper lacks, it states nothing
            stated.setdefault(key, stated[others])
    return [
        Deviation(key, value, values.get(key, NOT_SET), where)
        for key, (value, where) in stated.items()
        if values.get(key, NOT_SET) != value
    ]


def setup(settings: InForce, scale: str) -> Setup:
    """The deviations, the choices that the paper leaves open, and what is done otherwise at every scale."""
    values, known = in_force(settings), read()
    return Setup(
        scale,
        tuple(deviations(settings)),
        tuple(
            Open(entry["key"], values[entry["key"]], entry["where"])
            for entry in known["open"]
            if entry["key"] in values
        ),
        tuple(known["standing"]),
    )
