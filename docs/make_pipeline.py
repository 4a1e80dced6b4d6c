"""The pipeline as a diagram of its stages, without scales, methods and seeds: python -m docs.make_pipeline"""

from itertools import product
from pathlib import Path

from ruamel.yaml import YAML

from study.settings import choice

FILE = Path("dvc.yaml")
CODE = "results/code/"  # digests of code: every stage depends on its own, which would be an arrow each
# The lists of params.yaml, as they are when every row is chosen.
ALL = choice.choice([choice.ALL])
EVERYTHING = {
    "${datasets}": ALL.datasets,
    "${auto_encoders}": ALL.auto_encoders,
    **{f"${{backbones.{dataset}}}": its for dataset, its in ALL.backbones.items()},
    **{
        f"${{rows.{dataset}.{backbone}.{group}}}": its
        for dataset, of_backbones in ALL.rows.items()
        for backbone, groups in of_backbones.items()
        for group, its in groups.items()
    },
}
HEAD = """# The pipeline

Made from `dvc.yaml` by `python -m docs.make_pipeline > docs/pipeline.md`; a test compares. A box is a stage by its
file in `study/stages/`; `dvc dag` shows each of its runs, one for every data set, backbone, row and seed. Every stage
also depends on the parameters that it lists in `dvc.yaml` and on the digest of the code that it reaches, which
`preflight` writes.

```mermaid
flowchart TD
"""


def filled(text: str, items: dict[str, object]) -> str:
    """A path of dvc.yaml with the values of one run."""
    for key, value in items.items():
        text = text.replace(f"${{item.{key}}}", str(value))
    return text


def runs(stage: dict) -> list[tuple[list[str], list[str]]]:
    """What each run of a stage needs and leaves, as paths; scale and seed stand for themselves."""
    matrix = {
        key: values if isinstance(values, list) else EVERYTHING.get(values, [values])
        for key, values in stage.get("matrix", {}).items()
    }
    left = [*stage.get("outs", []), *stage.get("metrics", [])]
    outs = [next(iter(out)) if isinstance(out, dict) else out for out in left]
    found = []
    for values in product(*matrix.values()):
        items = dict(zip(matrix, values, strict=True))
        deps = [filled(dep, items) for dep in stage.get("deps", []) if not dep.startswith(CODE)]
        found.append((deps, [filled(out, items) for out in outs]))
    return found


def edges(stages: dict[str, dict]) -> list[tuple[str, str]]:
    """(stage, stage that needs what it leaves), by the names of their files, in the order of dvc.yaml."""
    named = [(stage["cmd"].split()[2].rpartition(".")[2], runs(stage)) for stage in stages.values()]
    found = {}
    for before, left in named:
        for after, needed in named:
            if before != after and any(
                dep == out or dep.startswith(f"{out}/") or out.startswith(f"{dep}/")
                for _, outs in left
                for out in outs
                for deps, _ in needed
                for dep in deps
            ):
                found[before, after] = None
    return list(found)


def as_markdown(file: Path = FILE) -> str:
    """The page."""
    stages = YAML(typ="safe", pure=True).load(file.read_text(encoding="utf-8"))["stages"]
    return HEAD + "".join(f"    {before} --> {after}\n" for before, after in edges(stages)) + "```\n"


if __name__ == "__main__":
    print(as_markdown(), end="")
