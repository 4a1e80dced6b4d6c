"""Which command of the pipeline makes what is lacking."""

from pathlib import Path
from typing import Any, NamedTuple

from study.settings import paths
from study.settings.errors import InvalidData
from study.settings.methods import METHODS, network_label

PIPELINE = Path("dvc.yaml")
PROJECT = Path("pyproject.toml")
FULL = "full"  # the row that times and errors are set beside


class Run(NamedTuple):
    """A network by the words of dvc.yaml."""

    scale: str
    dataset: str
    backbone: str
    method: str
    seed: int

    def __str__(self) -> str:
        return f"{network_label(self.method, self.backbone)} on {self.dataset}, scale {self.scale}, seed {self.seed}"

    @property
    def source(self) -> "Run":
        """Itself, or the network that it is a part of."""
        return self._replace(method=METHODS[self.method].part_of or self.method)

    @property
    def folder(self) -> Path:
        """Where its weights lie."""
        return paths.classifier(*self.source)


def stages() -> dict[str, dict[str, Any]]:
    """The pipeline's stages with their matrices multiplied out by DVC, at the scale of params.yaml.

    Raises InvalidData if DVC cannot read dvc.yaml.
    """
    from dvc.dvcfile import ProjectFile
    from dvc.exceptions import DvcException
    from dvc.repo import Repo

    try:
        pipeline = ProjectFile(Repo(uninitialized=True), str(PIPELINE))
        found: dict[str, dict[str, Any]] = pipeline.resolver.resolve()["stages"]
    except DvcException as error:
        raise InvalidData(f"{PIPELINE}: {' '.join(str(error).split())}") from None
    return found


def at(scale: str, command: str) -> str:
    """A command of the pipeline at a scale: DVC knows the stages of one at a time, that of params.yaml."""
    from study.settings import params

    own = params.read().scale
    return command if scale == own else f"{command} (with `scale: {scale}` in params.yaml)"


def tables(scale: str) -> str:
    """The command that makes tables, claims, controls and the texts beside them."""
    return at(scale, f"dvc repro tables@{scale}")


def prepared(scale: str, dataset: str) -> str:
    """The command that makes a data set ready."""
    return at(scale, f"dvc repro prepare@{scale}-{dataset}")


def trained(run: Run) -> str:
    """The command that trains a network, and what it starts from: the stage of dvc.yaml that leaves its folder."""
    from study.settings import params

    whole = params.read()
    if run.seed not in whole.seeds:
        return f"add {run.seed} to `seeds` in params.yaml, then dvc repro"
    # Every scale has the same stages, and its word in front of their names.
    folder = run._replace(scale=whole.scale).folder.as_posix()
    names = [name for name, stage in stages().items() if folder in stage["outs"]]
    if not names:
        return f"choose it with: study use --rows {run.source.method}; then dvc repro"
    return at(run.scale, f"dvc repro {names[0].replace(f'@{whole.scale}-', f'@{run.scale}-', 1)}")
