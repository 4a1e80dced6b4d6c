"""dvc.yaml, as DVC itself resolves it, against the records of the rows and the settings of the stages."""

import re
import shlex
import shutil
import subprocess
import sys
import warnings
from collections import defaultdict
from collections.abc import Iterable
from contextlib import chdir as working_in
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from dvc.repo import Repo

from study.settings import choice, code, paths, runs
from study.settings.methods import BACKBONES, METHODS, PLACES, timed, trained
from study.settings.params import read
from study.settings.records import DATASETS, Method
from study.stages import preflight
from study.stages.channels import BACKBONE, DATASET, NETWORKS

FIRST = "preflight"
SCALE = read().scale
SEEDS = [0, 1]


@dataclass(frozen=True)
class Run:
    """One stage as DVC runs it; `group` is its name in dvc.yaml, `words` are the arguments of its command."""

    name: str
    group: str
    stage: str
    words: dict[str, str]
    deps: frozenset[str]
    params: frozenset[str]
    outs: frozenset[str]
    kept: frozenset[str]
    behind: frozenset[str]

    @property
    def place(self) -> tuple[str, str]:
        return self.words["dataset"], self.words["backbone"]

    @property
    def row(self) -> Method:
        return METHODS[self.words["method"]]


def resolved(rows: list[str], datasets: Iterable[str] = DATASETS, *, further: bool = False) -> list[Run]:
    """Every stage of dvc.yaml, in a copy where these rows are chosen; with `further` those of pipelines/ too."""
    found = []
    with TemporaryDirectory() as copy, warnings.catch_warnings():
        for name in ("dvc.yaml", "params.yaml"):
            shutil.copy(name, copy)
        if further:
            shutil.copytree("pipelines", Path(copy, "pipelines"))
        runs.apply(runs.Run(scale=SCALE, seeds=SEEDS, rows=rows, datasets=list(datasets)), Path(copy, "params.yaml"))
        subprocess.run([sys.executable, "-m", "dvc", "init", "--no-scm", "--quiet"], cwd=copy, check=True)
        with Repo(copy) as repo, working_in(copy):
            warnings.simplefilter("ignore", DeprecationWarning)  # DVC's use of pygtrie
            graph = repo.index.graph
            for stage in repo.index.stages:
                python, _, module, *arguments = shlex.split(stage.cmd)
                assert python == "python"
                words = {
                    name.removeprefix("--"): value for name, value in zip(arguments[::2], arguments[1::2], strict=True)
                }
                keys = [key for dep in stage.deps for key in getattr(dep, "params", ())]
                found.append(
                    Run(
                        stage.name,
                        stage.name.partition("@")[0],
                        module.removeprefix("study.stages."),
                        words,
                        frozenset(dep.def_path for dep in stage.deps if not hasattr(dep, "params")),
                        frozenset(keys),
                        frozenset(out.def_path for out in stage.outs),
                        frozenset(out.def_path for out in stage.outs if out.persist),
                        frozenset(other.name for other in graph.successors(stage)),
                    )
                )
    return found


RUNS = resolved(["all"], further=True)
OF_ROWS = [run for run in RUNS if "method" in run.words]


def code_of(run: Run) -> str:
    """The digest of the code that a run depends on."""
    name = f"{run.stage}/{run.words['backbone']}-{run.words['method']}" if "method" in run.words else run.stage
    return (paths.CODE / f"{name}.txt").as_posix()


def needs(run: Run) -> set[str]:
    """What a row is made of: its data, and the folders of the networks that its record says it starts from."""
    row, seed = run.row, run.words["seed"]
    data = paths.prepared(SCALE, run.words["dataset"])
    others = [word for word in (row.starts_from, row.plan_of, row.budget_of) if word]
    folders = [paths.classifier(SCALE, *run.place, word, int(seed)) for word in others]
    if row.frozen_encoder or row.stage == "finetune":
        folders.append(paths.auto_encoder(SCALE, run.words["dataset"], int(seed)))
    return {path.as_posix() for path in (data, *folders)}


def lines_to_add(runs: list[Run]) -> list[str]:
    """What dvc.yaml lacks for the rows that the records name, and what it has too much, a line each."""
    made = {(run.words["dataset"], run.words["backbone"], run.words["method"]): run.stage for run in runs}
    found = [
        f"add a group for {dataset}-{backbone} that runs study.stages.{METHODS[word].stage} and has "
        f"${{rows.{dataset}.{backbone}.{choice.group(METHODS[word])}}} in its matrix, for {word}"
        for dataset, backbone in PLACES
        for word in trained(dataset, backbone)
        if made.get((dataset, backbone, word)) != METHODS[word].stage
    ]
    found += [
        f"take {word} out of {run.group}: study/settings/rows.py has no such row for {stage} there"
        for run in runs
        for word, stage in [(run.words["method"], run.stage)]
        if word not in trained(*run.place) or METHODS[word].stage != stage
    ]
    groups: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for run in runs:
        if run.words["method"] in METHODS:
            groups[run.group, *run.place, run.words["seed"]] |= needs(run)
            found += [
                f"add to `deps` of {run.group}: {dep}" for dep in sorted((needs(run) | {code_of(run)}) - run.deps)
            ]
    for run in runs:
        allowed = groups[run.group, *run.place, run.words["seed"]] | {code_of(run)}
        found += [f"take out of `deps` of {run.group}: {dep}" for dep in sorted(run.deps - allowed)]
    return list(dict.fromkeys(found))


def test_every_row_is_made_by_the_stage_that_its_record_names_from_what_it_names():
    lines = lines_to_add(OF_ROWS)
    assert not lines, "\n".join(["in dvc.yaml:", *lines])


def test_every_row_is_made_once_for_every_seed():
    made = sorted((*run.place, run.words["method"], int(run.words["seed"])) for run in OF_ROWS)
    assert made == sorted((*place, word, seed) for place in PLACES for word in trained(*place) for seed in SEEDS)
    auto_encoders = sorted((run.words["dataset"], int(run.words["seed"])) for run in RUNS if run.stage == "wae")
    assert auto_encoders == sorted((dataset, seed) for dataset in DATASETS for seed in SEEDS)


@pytest.mark.parametrize("run", OF_ROWS, ids=lambda run: run.name)
def test_a_row_leaves_its_folder_and_its_record(run):
    folder = paths.classifier(SCALE, *run.place, run.words["method"], int(run.words["seed"]))
    assert run.outs == {folder.as_posix(), paths.record(folder).as_posix()}


@pytest.mark.parametrize("run", RUNS, ids=lambda run: run.name)
def test_a_stage_reads_the_parameters_that_it_declares(run):
    settings = getattr(import_module(f"study.stages.{run.stage}"), "Settings", None)
    keys = settings.keys().values() if settings else []
    assert run.params == {key.format(scale=SCALE, dataset=run.words.get("dataset", "")) for key in keys}


@pytest.mark.parametrize("run", [run for run in RUNS if run.name != FIRST], ids=lambda run: run.name)
def test_a_stage_is_behind_preflight_and_depends_on_the_digest_of_its_own_code_alone(run):
    assert FIRST in run.behind
    assert {dep for dep in run.deps if Path(dep).is_relative_to(paths.CODE)} == {code_of(run)}


def test_no_stage_depends_on_a_module_and_every_other_file_of_the_package_is_one_that_a_stage_depends_on():
    named = {dep for run in RUNS for dep in run.deps if Path(dep).is_relative_to("study")}
    assert [dep for dep in named if Path(dep).suffix == ".py" or list(Path(dep).glob("**/*.py"))] == []
    others = [
        file for file in Path("study").glob("*/**/*")
        if file.is_file() and file.suffix not in (".py", ".pyc", ".typed") and not any(map(file.is_relative_to, named))
    ]  # fmt: skip
    assert others == []


def test_every_digest_that_a_stage_depends_on_is_one_that_preflight_writes():
    written = {(paths.CODE / f"{name}.txt").as_posix() for name in code.listing()}
    assert {code_of(run) for run in RUNS} - written == set()


def test_the_scale_is_that_of_the_parameters_for_every_stage():
    assert {run.words["scale"] for run in RUNS if run.name != FIRST} == {SCALE}


def test_nothing_that_a_training_writes_is_kept_when_it_runs_anew():
    # `persist` would let a training go on under other settings, and DVC would record it as valid.
    # What is kept says of which machine or code it is, or stands under a digest of its settings.
    assert {run.stage for run in RUNS if run.kept} == {FIRST, "timing", "search", "robustness"}
    assert not any(
        out.startswith(("data/", "models/", "records/")) for run in RUNS if run.stage != FIRST for out in run.kept
    )


def test_a_place_is_evaluated_behind_every_network_of_it():
    evaluations = {run.place: run for run in RUNS if run.stage == "evaluate"}
    assert set(evaluations) == set(PLACES)
    for place, run in evaluations.items():
        assert {other.name for other in OF_ROWS if other.place == place} <= run.behind
        assert paths.prepared(SCALE, place[0]).as_posix() in run.deps


def test_a_network_whose_layers_pruning_finds_is_counted_and_timed_behind_its_evaluation():
    found = {
        f"objects-{backbone}"
        for backbone in BACKBONES
        if any(METHODS[word].criterion and not METHODS[word].plan for word in timed(backbone))
    }
    plans = {(paths.results(SCALE) / "plans" / f"{place}.json").as_posix() for place in found}
    for run in RUNS:
        if run.stage in ("complexity", "timing"):
            assert {dep for dep in run.deps if "/plans/" in dep} == plans


def test_pictures_of_channels_are_drawn_behind_the_networks_that_they_show():
    (run,) = [run for run in RUNS if run.stage == "channels"]
    shown = {
        other.name
        for other in RUNS
        if other.words.get("dataset") == DATASET
        and (
            (other.stage == "wae" and "auto_encoder" in NETWORKS)
            or (other.words.get("backbone") == BACKBONE and other.words.get("method") in NETWORKS)
        )
    }
    assert shown <= run.behind


def rows_of(found: list[Run]) -> set[tuple[str, str, str]]:
    return {(*run.place, run.words["method"]) for run in found if "method" in run.words}


def test_the_rows_of_the_paper_alone_need_no_control():
    found = resolved(["paper"])
    assert rows_of(found) == {(*place, word) for place in PLACES for word in trained(*place) if METHODS[word].in_paper}
    assert {run.stage for run in resolved(["all"])} - {run.stage for run in found} == {"joint", "extend", "recover"}


def test_few_rows_on_objects_alone_leave_no_stage_that_needs_what_nobody_makes():
    found = resolved(["wae_cnn"], ["objects"])
    assert rows_of(found) == {
        ("objects", backbone, word)
        for backbone in ("vgg16", "resnet50")
        for word in ("full", "half", "wae_cnn_frozen", "wae_cnn")
    }
    assert not [run.name for run in found if "faces" in run.name]
    made = {out for run in found for out in run.outs}
    collected = {(paths.results(SCALE) / name).as_posix() for name in preflight.COLLECTED}
    for run in found:
        for dep in run.deps:
            there = any(Path(out).is_relative_to(dep) or Path(dep).is_relative_to(out) for out in made)
            assert there or dep in collected or Path(dep).exists(), (run.name, dep)


@pytest.mark.parametrize("word", [word for word in METHODS if METHODS[word].stage])
def test_any_row_can_be_chosen_alone(word):
    made = choice.choice([word])
    assert choice.faults(made) == []
    assert any(word in choice.chosen(made.rows, *place) for place in PLACES)


def test_no_value_of_the_parameters_reaches_a_shell_unquoted():
    # `dvc repro --single-item` starts a stage that preflight has not looked at.
    for file in (Path("dvc.yaml"), *Path("pipelines").glob("*/dvc.yaml")):
        for line in file.read_text(encoding="utf-8").splitlines():
            if "python -m" in line or line.lstrip().startswith("--"):
                assert "${" not in re.sub(r"'[^']*'", "", line), f"{file}: {line}"
