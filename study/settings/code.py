"""Which code a stage runs, as digests of syntax: docstrings, comments, formatting and the words of messages left out.

DVC follows no imports, and a file's bytes are not its meaning. At every `dvc repro` the stage `preflight` writes, for
each stage (and for each row, where a stage makes one), a small file with one digest of everything that it reaches
inside the package; the stage depends on that file. A module counts as reached if it is imported anywhere in a reached
module, or if a string there is its dotted name, as in a record that names a class. What a stage loads beyond that is
found at its end (`unknown`).
"""

import ast
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import study
from study.settings import paths, syntax
from study.settings.errors import InvalidParameter, StudyError
from study.settings.methods import BACKBONES, METHODS, PLACES, trained

PACKAGE = Path(study.__file__).parent
# Modules that only tell: nothing of what they make enters a weight or a measured number.
TELLING = frozenset(
    {
        "study.settings.bars",  # how far a training is
        "study.settings.code",  # this one
        "study.settings.errors",  # one line for each fault
        "study.settings.faults",  # the words of such a line
        "study.settings.progress",  # how far the run is
        "study.settings.record",  # what stands beside a result
        "study.stages.entry",  # arguments, exit codes
    }
)
# The records stand in a digest by the fields that decide something, of one row where a stage makes one.
RECORDS, KIND_OF_RECORD = "study.settings.rows", "study.settings.records"
# Who reaches this runs what the records name; nobody else imports by a name that a record holds.
BY_NAME = "study.settings.named"
# Who reaches one of these rooms shows labels and colours, and depends on the records word by word.
SHOWING = ("study.judging.", "study.rendering.", "study.figures.")


def _file(module: str) -> Path | None:
    """The source of a module of the package, or None for what is no module of it."""
    parts = module.split(".")
    if parts[0] != PACKAGE.name:
        return None
    path = PACKAGE.joinpath(*parts[1:])
    return next((file for file in (path.with_suffix(".py"), path / "__init__.py") if file.is_file()), None)


def _reached_from(module: str, file: Path, tree: ast.Module) -> set[str]:
    """The names that a module imports, anywhere in it, or names by a string, and their packages: modules are among
    them, of the package and others."""
    found: set[str] = set()
    inside = [*module.split("."), *(["__init__"] if file.name == "__init__.py" else [])]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                base = ".".join([*inside[: -node.level], *([base] if base else [])])
            found |= {base, *(f"{base}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found |= _named(node.value)
    found |= {package for name in (module, *found) for package in _packages_of(name)}
    return found


def _packages_of(module: str) -> list[str]:
    parts = module.split(".")
    return [".".join(parts[:depth]) for depth in range(1, len(parts))]


def _named(text: str) -> set[str]:
    """A dotted name inside the package as the module that it may be, and the one that it may lie in."""
    if not text.startswith(f"{PACKAGE.name}.") or not text.replace(".", "_").isidentifier():
        return set()
    return {text, text.rpartition(".")[0]}


@cache
def _module(module: str) -> tuple[str, frozenset[str]]:
    """The digest of a module, and the modules that it reaches itself."""
    file = _file(module)
    assert file is not None, module
    digest, names = _of_source(module, file, file.read_text(encoding="utf-8"))
    return digest, frozenset(name for name in names if _file(name) is not None)


@cache
def _of_source(module: str, file: Path, source: str) -> tuple[str, frozenset[str]]:
    """The digest of a source and the names in it: one that is read anew is mostly as it was, and parsed already."""
    try:
        tree = syntax.without_words(source)
    except SyntaxError as error:
        raise StudyError(f"{file}: line {error.lineno}: {error.msg}") from None
    return syntax.digest(syntax.plain(tree)), frozenset(_reached_from(module, file, tree))


def forget() -> None:
    """Read every source anew: it may have changed since."""
    _module.cache_clear()


def reached(roots: Iterable[str], without: frozenset[str] = TELLING) -> dict[str, str]:
    """By module, the digest of each that the roots reach, themselves included; the records have none of their own."""
    found: dict[str, str] = {}
    waiting = list(roots)
    while waiting:
        current = waiting.pop()
        if current in found or current in without:
            continue
        if current in (RECORDS, KIND_OF_RECORD):
            found[current] = ""
            continue
        found[current], further = _module(current)
        waiting += further
    return {module: found[module] for module in sorted(found)}


def _records(word: str, backbone: str) -> list[dict[str, object]]:
    """The fields that decide something: of one row and its backbone where a stage makes one, else of all."""
    if word:
        return [METHODS[word].of_training(), {"network": BACKBONES[backbone].network}]
    return [
        *(row.of_measuring() for row in METHODS.values()),
        *(dict[str, object](network=one.network) for one in BACKBONES.values()),
    ]


def _covered(stage: str, word: str, backbone: str) -> dict[str, str]:
    """By module, the digest of each that a stage reaches. Raises InvalidParameter for a stage that there is not."""
    module = f"{PACKAGE.name}.stages.{stage}"
    if _file(module) is None:
        raise InvalidParameter(f"stage: there is no {module}")
    found = reached([module])
    if BY_NAME in found:
        texts = [text for record in _records(word, backbone) for text in record.values() if isinstance(text, str)]
        found = reached([module, *(name for text in texts for name in _named(text) if _file(name) is not None)])
    return found


def of_stage(stage: str, word: str = "", backbone: str = "") -> str:
    """One digest of all that a stage runs; of a stage that makes rows, for one row on a backbone.

    Raises InvalidParameter for a stage that there is not, and StudyError for a source that is no Python.
    """
    found: dict[str, object] = {**_covered(stage, word, backbone)}
    if RECORDS in found:
        shown = not word and any(name.startswith(SHOWING) for name in found)
        found[RECORDS] = [_module(name)[0] for name in (RECORDS, KIND_OF_RECORD)] if shown else _records(word, backbone)
    return syntax.digest(found)


def listing() -> dict[str, str]:
    """By the name of its file below results/code/, the digest of every stage and of every row that a stage makes."""
    rows = sorted(
        {(METHODS[word].stage, backbone, word) for dataset, backbone in PLACES for word in trained(dataset, backbone)}
    )
    found = {f"{stage}/{backbone}-{word}": of_stage(stage, word, backbone) for stage, backbone, word in rows}
    for stage in sorted(file.stem for file in (PACKAGE / "stages").glob("[!_]*.py")):
        if stage not in {making for making, *_ in rows} and f"{PACKAGE.name}.stages.{stage}" not in TELLING:
            found[stage] = of_stage(stage)
    return found


def write() -> None:
    """Write the listing, a file a digest. Files of no digest go; those that hold it already stay untouched."""
    wanted = {paths.CODE / f"{name}.txt": f"{digest}\n" for name, digest in listing().items()}
    for file in paths.CODE.rglob("*.txt"):
        if file not in wanted:
            file.unlink()
    for file, text in wanted.items():
        if not file.is_file() or file.read_text(encoding="utf-8") != text:
            paths.write_text(file, text)


def unknown(stage: str, word: str = "", backbone: str = "") -> list[str]:
    """Modules of the package that this process has loaded and that the digest of its stage does not cover."""
    covered = {*_covered(stage, word, backbone), *reached(TELLING, without=frozenset())}
    return sorted({name for name in sys.modules if name.startswith(f"{PACKAGE.name}.")} - covered)
