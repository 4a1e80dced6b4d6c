"""What the chosen scale does otherwise than the paper, generated from params.yaml and paper_tables/setup.yaml."""

from collections.abc import Mapping
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
from study.settings.records import DATASETS

NOT_SET = "not set"
OTHERS = "others"  # a value a row, and one for all others, which the paper states
PLATEAU = "plateau"


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


def flat(value: object, name: str = "") -> dict[str, object]:
    """Settings by dotted keys."""
    if not isinstance(value, Mapping):
        return {name: value}
    found: dict[str, object] = {}
    for key, inner in value.items():
        found |= flat(inner, f"{name}.{key}" if name else key)
    return found


def in_force(settings: InForce) -> dict[str, object]:
    """Every key that decides a result at a scale, dotted, without its scale before it, and its value.

    The timing effort is left out: it decides how well a time is known, not what is timed; the recipe of the stage
    `robustness`, the gate run and the demanded device, which decide no result of the others; and whether resized images
    are stored, which changes no pixel.
    """
    stored = {dataset: {"packed": True} for dataset in DATASETS}
    left_out: dict[str, Any] = {
        "of_scale": {"timing": True, "other_wae": True, "gate_updates": True, "device": True, "data": stored}
    }
    found = settings.model_dump(mode="json", by_alias=True, exclude=left_out)
    return flat(found | found.pop("of_scale"))


def deviations(settings: InForce) -> list[Deviation]:
    """Every stated key whose value differs from the paper's or that is not there, and what `departing` finds."""
    values = in_force(settings)
    lacking = [
        Deviation(entry["key"], entry["value"], NOT_SET, entry["where"])
        for entry in read()["stated"]
        if entry["key"] not in values
    ]
    return [*departing(values), *lacking]


def departing(values: Mapping[str, object]) -> list[Deviation]:
    """In what settings by dotted keys, all of them or those of one training, depart from the paper: stated keys with
    another value, a value of a row's own, and a plateau rule that cannot be reached in the epochs.

    The paper's values are those of paper_tables/setup.yaml, not of scale `paper`, which can be edited too.
    """
    stated = {entry["key"]: (entry["value"], entry["where"]) for entry in read()["stated"]}
    for key in values:
        all_others = f"{key.rpartition('.')[0]}.{OTHERS}"
        if key not in stated and all_others in stated:
            stated[key] = stated[all_others]
    found = [
        Deviation(key, value, values[key], where)
        for key, (value, where) in stated.items()
        if key in values and values[key] != value
    ]
    return found + _unreachable(values)


def _unreachable(values: Mapping[str, object]) -> list[Deviation]:
    """Trainings whose epochs end before the error can plateau as often as their schedule waits for."""
    found = []
    for key, kind in values.items():
        block, _, name = key.rpartition(".schedule.")
        if name != "kind" or kind != PLATEAU:
            continue
        epochs, patience, times = (
            values.get(f"{block}.{name}") for name in ("epochs", "schedule.patience", "schedule.times")
        )
        if isinstance(epochs, int) and isinstance(patience, int) and isinstance(times, int):
            # The first epoch sets the error that the others are compared with; the last plateau ends the training.
            least = (patience + 1) * (times + 1) + 1
            if epochs < least:
                why = f"until the error plateaus: at least {least} epochs by the rule of decision 0004"
                found.append(Deviation(f"{block}.epochs", f">= {least}", epochs, why))
    return found


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
