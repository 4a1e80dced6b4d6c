"""dvc.yaml against the code: DVC follows neither imports nor parameters, so these tests do."""

import ast
import importlib
import itertools
from functools import cache
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from study.settings.methods import TRAINED

STAGES = YAML(typ="safe", pure=True).load(Path("dvc.yaml").read_text(encoding="utf-8"))["stages"]


def module_of(stage: dict) -> str:
    """study.stages.<name> from `python -m study.stages.<name> ...`."""
    return stage["cmd"].split()[2]


def file_of(module: str) -> Path | None:
    """The source of a module of the package, or None."""
    path = Path(*module.split("."))
    for candidate in (path.with_suffix(".py"), path / "__init__.py"):
        if candidate.exists():
            return candidate
    return None


@cache
def imported_by(module: str) -> frozenset[str]:
    """Modules of the package that a module imports itself."""
    found = set()
    for node in ast.walk(ast.parse(file_of(module).read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        found |= {name for name in names if name.startswith("study.") and file_of(name)}
    return frozenset(found)


def needed_by(module: str) -> set[str]:
    """Files of the package that a module needs, itself included, packages' own files left out."""
    seen, waiting = set(), [module]
    while waiting:
        current = waiting.pop()
        if current not in seen:
            seen.add(current)
            waiting += imported_by(current)
    files = {file_of(name) for name in seen}
    return {file.as_posix() for file in files if file.name != "__init__.py"}


@pytest.mark.parametrize("name", [name for name in STAGES if name != "preflight"])
def test_a_stage_depends_on_every_source_file_that_it_imports_and_on_no_other(name):
    needed = needed_by(module_of(STAGES[name]))
    declared = [dep for dep in STAGES[name]["deps"] if dep.startswith("study/")]
    covers = {dep: {file for file in needed if file == dep or file.startswith(f"{dep}/")} for dep in declared}
    assert needed - set().union(*covers.values()) == set()
    assert [dep for dep, files in covers.items() if not files] == []


@pytest.mark.parametrize("name", [name for name in STAGES if name != "preflight"])
def test_a_stage_reads_the_parameters_that_it_declares(name):
    declared = [key.replace("item.", "").replace("${", "{") for key in STAGES[name].get("params", [])]
    assert sorted(declared) == sorted(importlib.import_module(module_of(STAGES[name])).PARAMS)


def test_the_pipeline_trains_what_the_tables_expect():
    trained: dict = {}
    for stage in STAGES.values():
        if "--method" in stage["cmd"]:
            matrix = {name: values for name, values in stage["matrix"].items() if isinstance(values, list)}
            for values in itertools.product(*matrix.values()):
                command = stage["cmd"]
                for name, value in zip(matrix, values, strict=True):
                    command = command.replace(f"${{item.{name}}}", value)
                words = command.split()
                place = words[words.index("--dataset") + 1], words[words.index("--backbone") + 1]
                trained.setdefault(place, set()).add(words[words.index("--method") + 1])
    assert trained == {place: set(methods) for place, methods in TRAINED.items()}


def test_every_training_stage_has_one_run_a_seed():
    for name in ("wae", "train", "train_fixed", "finetune", "prune", "recover", "recover_standard"):
        assert STAGES[name]["matrix"]["seed"] == "${seeds}"


def test_nothing_that_a_training_writes_is_kept_when_it_runs_anew():
    # `persist` would let a training go on under other settings, and DVC would record it as valid.
    assert "persist" not in Path("dvc.yaml").read_text(encoding="utf-8")
