"""What is run, in a few lines: files of runs/, and how they are written into params.yaml."""

from io import StringIO
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from study.settings import choice, config, params, paths
from study.settings.errors import InvalidParameter, StudyError
from study.settings.faults import problems
from study.settings.parameters.types import Block, Dataset, Seeds
from study.settings.parameters.whole import ScaleName
from study.settings.rows import BACKBONES

FOLDER = Path("runs")
COLUMNS = 80  # DVC's writer breaks what is longer


class Run(Block):
    """What is run; a file of runs/ holds one."""

    scale: ScaleName
    """a scale of params.yaml"""
    seeds: Seeds
    """a run of every training for each"""
    rows: Annotated[list[str], Field(min_length=1)]
    """rows by their words; `paper` for those of the paper, `all` for the controls too"""
    datasets: list[Dataset] = Field(default=["objects", "faces"])
    """data sets; objects must be among them"""
    backbones: list[str] = Field(default_factory=lambda: [backbone.word for backbone in BACKBONES])
    """backbones; vgg16 must be among them"""
    set: dict[str, Any] = Field(default_factory=dict)
    """other values of params.yaml, by dotted key"""


def names() -> list[str]:
    """What lies in runs/."""
    return sorted(file.stem for file in FOLDER.glob("*.yaml"))


def read(name: str) -> Run:
    """The file of that path, or of that name in runs/. Raises InvalidParameter."""
    file = next((file for file in (Path(name), FOLDER / f"{name}.yaml") if file.is_file()), None)
    if file is None:
        raise InvalidParameter(f"{name}: no such file, and none of {FOLDER}/: {', '.join(names())}")
    try:
        return Run.model_validate(config.values(file))
    except ValidationError as error:
        raise InvalidParameter(problems(error, file)) from None


def apply(run: Run, path: Path = paths.PARAMS) -> None:
    """Write a run into params.yaml, and nothing else of it anew.

    Raises InvalidParameter, and leaves the file as it was, for a key that is not there and for values that do not fit.
    """
    config.values(path)  # whatever is wrong with it is said in one line
    before = path.read_bytes()
    made = choice.choice(run.rows, run.datasets, run.backbones)
    whole = writer().load(before.decode("utf-8"))
    wanted: dict[str, Any] = {
        "scale": run.scale,
        "seeds": run.seeds,
        "datasets": made.datasets,
        "auto_encoders": made.auto_encoders,
        **{f"backbones.{dataset}": its for dataset, its in made.backbones.items()},
        **{
            f"rows.{dataset}.{backbone}.{group}": its
            for dataset, of_backbones in made.rows.items()
            for backbone, groups in of_backbones.items()
            for group, its in groups.items()
        },
        **run.set,
    }
    for key, value in wanted.items():
        _put(whole, key, value, path)
    text = StringIO()
    writer().dump(whole, text)
    paths.write_text(path, text.getvalue())
    try:
        params.read(path)
    except StudyError:
        paths.write_bytes(path, before)
        raise


def writer() -> YAML:
    """YAML as DVC writes it: what DVC changes in params.yaml, and what is changed here, leaves all else as it is."""
    found = YAML()
    found.default_flow_style = False
    return found


def _put(whole: Any, key: str, value: Any, path: Path) -> None:
    *blocks, last = key.split(".")
    at: Any = whole
    new = key.startswith(("backbones.", "rows."))  # a backbone or a group that was added has no lists yet
    for word in blocks:
        if new and word not in at:
            at[word] = CommentedMap()
        at = at.get(word) if isinstance(at, CommentedMap) else None
    if not isinstance(at, CommentedMap) or (last not in at and not new):
        raise InvalidParameter(f"{path}: {key}: no such key")
    if at.get(last) == value:
        return
    if last not in at:
        at[last] = CommentedSeq()
    if isinstance(at[last], CommentedSeq) and isinstance(value, list):
        at[last][:] = value
        if key != "seeds":  # which has a line each
            long = len(blocks) * 2 + len(f"{last}: [{', '.join(map(str, value))}]") > COLUMNS
            (at[last].fa.set_block_style if long else at[last].fa.set_flow_style)()
    else:
        at[last] = value
