"""Which command of the pipeline makes what is lacking."""

from itertools import product
from pathlib import Path
from typing import NamedTuple

from study.settings import paths
from study.settings.methods import PART_OF

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
    """The command that trains a network, and what it starts from: the stage of dvc.yaml that leaves its folder."""
    seeds = _yaml(paths.PARAMS)["seeds"]
    if run.seed not in seeds:
        return f"add {run.seed} to `seeds` in params.yaml, then dvc repro"
    for name, stage in _yaml(PIPELINE)["stages"].items():
        # The file holds ${scale} and ${seeds} in the place of these two.
        own = {"scale": [run.scale], "seed": [run.seed]}
        matrix = {key: own.get(key, values) for key, values in stage.get("matrix", {}).items()}
        for values in product(*matrix.values()):
            items = {f"${{item.{key}}}": str(value) for key, value in zip(matrix, values, strict=True)}
            if run.folder.as_posix() in (_filled(out, items) for out in stage["outs"] if isinstance(out, str)):
                return at(run.scale, f"dvc repro {name}@{'-'.join(items.values())}")
    return at(run.scale, "dvc repro")


def _filled(template: str, items: dict[str, str]) -> str:
    for key, value in items.items():
        template = template.replace(key, value)
    return template
