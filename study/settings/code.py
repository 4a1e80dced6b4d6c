"""Which code a stage runs, as digests of syntax: docstrings, comments, formatting and the words of messages left out.

DVC follows no imports, and a file's bytes are not its meaning. At every `dvc repro` the stage `preflight` writes, for
each stage (and for each row, where a stage makes one), a small file with one digest of everything that it reaches
inside the package; the stage depends on that file. A module counts as reached if it is imported anywhere in a reached
module, or if a string there is its dotted name, as in a record that names a class. What a stage loads beyond that is
found at its end (`unknown`).
"""

import ast
import hashlib
import json
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import study
from study.settings import paths
from study.settings.errors import InvalidParameter
from study.settings.methods import BACKBONES, METHODS, PLACES, trained

PACKAGE = Path(study.__file__).parent
# Modules that only tell: nothing of what they make enters a weight or a measured number.
TELLING = frozenset(
    {
        "study.settings.code",  # this one
        "study.settings.errors",  # one line for each fault
        "study.settings.provenance",  # what stands beside a result
        "study.settings.record",  # the same, and whether it stayed as it was
        "study.stages.entry",  # arguments, exit codes
    }
)
# The records stand in a digest by the fields that decide something, of one row where a stage makes one.
RECORDS = "study.settings.rows"
KIND_OF_RECORD = "study.settings.records"
# Who reaches one of these rooms shows labels and colours, and depends on the records word by word.
SHOWING = ("study.judging.", "study.rendering.", "study.figures.")


def _file(module: str) -> Path | None:
    """The source of a module of the package, or None for what is no module of it."""
    parts = module.split(".")
    if parts[0] != PACKAGE.name:
        return None
    path = PACKAGE.joinpath(*parts[1:])
    return next((file for file in (path.with_suffix(".py"), path / "__init__.py") if file.is_file()), None)


class _Words(ast.NodeTransformer):
    """Takes out of a syntax tree what changes no result: bare strings (docstrings among them) and messages."""

    def visit_Expr(self, node: ast.Expr) -> ast.AST | None:
        if isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            return None
        call = node.value
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "print":
            return None
        return self.generic_visit(node)

    def visit_Pass(self, node: ast.Pass) -> None:
        return None

    def visit_Raise(self, node: ast.Raise) -> ast.AST:
        for child in ast.walk(node):
            if isinstance(child, ast.Call):
                child.args = [one for one in child.args if not _is_text(one)]
        return self.generic_visit(node)


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def _plain(node: object) -> object:
    """A syntax tree as lists and texts that every version of Python writes alike.

    Empty and missing fields are left out, as are those that some versions lack; the pieces of an f-string are joined.
    """
    if isinstance(node, ast.JoinedStr):
        pieces: list[object] = []
        for value in node.values:
            text = value.value if isinstance(value, ast.Constant) else None
            if isinstance(text, str) and pieces and isinstance(pieces[-1], str):
                pieces[-1] += text
            elif text != "":
                pieces.append(text if isinstance(text, str) else _plain(value))
        return ["f-string", *pieces]
    if isinstance(node, ast.Constant):
        return [type(node.value).__name__, repr(node.value)]
    if isinstance(node, ast.AST):
        fields = [(name, _plain(value)) for name, value in sorted(ast.iter_fields(node)) if name not in _SILENT]
        return [type(node).__name__, *([name, value] for name, value in fields if value not in (None, []))]
    if isinstance(node, list):
        return [_plain(one) for one in node]
    return node if node is None or isinstance(node, (str, int)) else repr(node)


_SILENT = frozenset({"ctx", "kind", "type_comment", "type_ignores"})


def _without_words(source: str) -> ast.Module:
    tree: ast.Module = _Words().visit(ast.parse(source))
    return tree


def digest_of_source(source: str) -> str:
    """The digest of one module's source."""
    return _hash(_plain(_without_words(source)))


def _hash(value: object) -> str:
    return hashlib.sha256(json.dumps(value, ensure_ascii=True, default=list).encode()).hexdigest()


def _reached_from(module: str, tree: ast.Module) -> set[str]:
    """The modules of the package that a module imports, anywhere in it, or names by a string."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                start = module.split(".")[: -node.level]
                base = ".".join([*start, *([base] if base else [])])
            found |= {base, *(f"{base}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found |= _named(node.value)
    return {name for name in found if _file(name) is not None}


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
    tree = _without_words(file.read_text(encoding="utf-8"))
    return _hash(_plain(tree)), frozenset(_reached_from(module, tree))


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


def _roots(stage: str, word: str, backbone: str) -> list[str]:
    """The stage's module, and what the records name: of one row where the stage makes one, else of all."""
    module = f"{PACKAGE.name}.stages.{stage}"
    if _file(module) is None:
        raise InvalidParameter(f"stage: there is no {module}")
    if not word:
        return [module, *_module(RECORDS)[1]]
    texts = [*METHODS[word].decisive().values(), BACKBONES[backbone].network]
    named = {name for text in texts if isinstance(text, str) for name in _named(text)}
    return [module, *sorted(name for name in named if _file(name) is not None)]


def of_stage(stage: str, word: str = "", backbone: str = "") -> str:
    """One digest of all that a stage runs; of a stage that makes rows, for one row on a backbone.

    Raises InvalidParameter for a stage that there is not.
    """
    roots = _roots(stage, word, backbone)
    found = reached(roots[:1])
    if RECORDS in found:
        found = reached(roots)
        if word:
            decisive: object = [METHODS[word].decisive(), BACKBONES[backbone].network]
        elif any(name.startswith(SHOWING) for name in found):
            decisive = [_module(RECORDS)[0], _module(KIND_OF_RECORD)[0]]
        else:
            decisive = [[row.decisive() for row in METHODS.values()], [one.network for one in BACKBONES.values()]]
        found[RECORDS] = _hash(decisive)
    return _hash(found)


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
    covered = reached([*_roots(stage, word, backbone), *TELLING], without=frozenset())
    loaded = {name for name in sys.modules if name.startswith(f"{PACKAGE.name}.")}
    packages = {name for name in loaded if (file := _file(name)) is not None and file.name == "__init__.py"}
    return sorted(loaded - set(covered) - packages)
