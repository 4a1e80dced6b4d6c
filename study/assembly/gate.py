"""Before the trainings of a large scale: has the full network begun to learn at all?"""

from typing import Annotated

from study.settings import config, paths
from study.settings.config import At, StageSettings
from study.settings.errors import InvalidData
from study.settings.parameters.types import Count

PIPELINE = "dvc repro pipelines/gate/dvc.yaml"


class Gate(StageSettings):
    """What is asked of a scale before its trainings start."""

    updates: Annotated[Count | None, At("scales.{scale}.gate_updates")]


def check(scale: str, dataset: str, backbone: str) -> None:
    """Raises InvalidData if a scale asks for a gate run, and the full network of this place has not passed one."""
    if config.load(Gate, scale).updates is None:
        return
    file = paths.gate(scale, dataset, backbone)
    if not file.is_file():
        raise InvalidData(f"{file}: missing; before days are spent, run once: {PIPELINE}")
    if not paths.read_json(file).get("learned"):
        raise InvalidData(f"{file}: the full network did not learn; change the recipe, then run again: {PIPELINE}")
