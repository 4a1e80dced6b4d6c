"""Which command of the pipeline makes what is lacking."""

from pathlib import Path
from typing import NamedTuple

from study import paths
from study.methods import PART_OF

PIPELINE = Path("dvc.yaml")
PROJECT = Path("pyproject.toml")


class Run(NamedTuple):
    """A network by the words of dvc.yaml."""

    scale: str
    dataset: str
    backbone: str
    method: str
    seed: int

    def __str__(self) -> str:
        return f"{self.method}, {self.backbone} on {self.dataset}, scale {self.scale}, seed {self.seed}"

    @property
    def source(self) -> "Run":
        """Itself, or the network that it is a part of."""
        return self._replace(method=PART_OF.get(self.method, self.method))

    @property
    def folder(self) -> Path:
        """Where its weights lie."""
        return paths.classifier(*self.source)


def _yaml(file: Path) -> dict:
    from ruamel.yaml import YAML

    return YAML(typ="safe", pure=True).load(file.read_text(encoding="utf-8"))


def at(scale: str, command: str) -> str:
    """A command of the pipeline at a scale: DVC knows the stages of one at a time, that of params.yaml."""
    return command if _yaml(paths.PARAMS)["scale"] == scale else f"{command} (with `scale: {scale}` in params.yaml)"


def tables(scale: str) -> str:
    """The command that makes tables, claims, controls and the texts beside them."""
    return at(scale, f"dvc repro tables@{scale}")


def prepared(scale: str, dataset: str) -> str:
    """The command that makes a data set ready."""
    return at(scale, f"dvc repro prepare@{scale}-{dataset}")


def trained(run: Run) -> str:
    """The command that trains a network, and what it starts from: the stage of dvc.yaml whose matrix holds it."""
    wanted = run.source._asdict()
    seeds = _yaml(paths.PARAMS)["seeds"]
    if run.seed not in seeds:
        return f"add {run.seed} to `seeds` in params.yaml, then dvc repro"
    for name, stage in _yaml(PIPELINE)["stages"].items():
        matrix = {**stage.get("matrix", {}), "scale": [run.scale], "seed": seeds}
        if matrix.keys() == wanted.keys() and all(wanted[key] in values for key, values in matrix.items()):
            return at(run.scale, f"dvc repro {name}@{'-'.join(str(wanted[key]) for key in stage['matrix'])}")
    return at(run.scale, "dvc repro")
