"""Laws of the digest of a source: it follows what is computed, and nothing else, alike in every version of Python."""

import ast
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from study.settings import syntax
from study.settings.syntax import digest_of_source

# What printed syntax trees, and the tokens of f-strings, show differently from version to version.
NASTY = r"""
from __future__ import annotations
import functools as tools, os.path
x: int = 1_000
y = u"text" "joined" 'to' f"gether {x}" "and on"
z = f"{x=}" f"{x = !r:>{10}}" f"{f'{x}' + f'{y!s:{x}}'}" f"{{}}" f"" f"{'a' 'b'}" f"{x:}"
b = b"\x00bytes" rb"\raw"
s = "\ud800 é ß \U0001fae0 \u2028"
n = (0x1F, 0b11, 1e-06, 1j, -1, 10**20, ..., None, True, .5)
@tools.cache
@tools.wraps(x, assigned=("a",))
def f(a, /, b=lambda q=1, *r, **k: (q, *r), *args: int, c, d=None, **rest) -> "f":
    global g
    if (w := len(a)) > 1 and a[1:2, ...]:
        yield from (i async for i in a) if w else ()
    with open(a) as one, (open(b)) as two:
        del one, two
    match a:
        case {"k": [1, *_, None], **more} if more:
            return
        case os.path(sep="/", x=-1) | (True as t) | None:
            raise ValueError(a) from None
        case _:
            nonlocal_ = not a
    try:
        assert a != b, a
    except* (KeyError, OSError) as error:
        raise
    else:
        pass
    finally:
        for i, *j in a: break
        else: b @= a
async def h():
    async with a as b: await {**a, 1: {*b}}
    return [i for i in a if i if not i for j in i]
class C(f, metaclass=type):
    a: "int"
    (b): int = 2
    __slots__ = "a", 'b'
"""
# Of NASTY, by every version that this study runs on.
GOLDEN = "6ff78390035280195ef96b391b9cee17abea7a4ca87595d1cd48d8971b42d86f"


def interpreters() -> list[str]:
    """Every Python of 3.11 or newer on the PATH that runs, but the version that runs this."""
    found = []
    for minor in range(11, 20):
        program = shutil.which(f"python3.{minor}")
        if program and minor != sys.version_info.minor:
            # A shim of pyenv may name a version that is not chosen.
            if subprocess.run([program, "--version"], capture_output=True).returncode == 0:
                found.append(program)
    return found


def digests_by(program: str, sources: list[str]) -> list[str]:
    """The digests of sources that another Python gives, without any package."""
    run = (
        "import importlib.util, json, sys\n"
        "spec = importlib.util.spec_from_file_location('syntax_of_the_study', sys.argv[1])\n"
        "syntax = importlib.util.module_from_spec(spec)\n"
        "spec.loader.exec_module(syntax)\n"
        "print(json.dumps([syntax.digest_of_source(one) for one in json.load(sys.stdin)]))\n"
    )
    ran = subprocess.run(
        [program, "-I", "-S", "-c", run, syntax.__file__], input=json.dumps(sources), capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


def test_this_python_gives_the_digest_that_every_other_gives():
    assert digest_of_source(NASTY) == GOLDEN


def test_every_python_on_the_path_gives_the_same_digests():
    programs = interpreters()
    if not programs:
        pytest.skip("no other Python of 3.11 or newer on the PATH")
    sources = [NASTY, *(file.read_text(encoding="utf-8") for file in sorted(Path("study").rglob("*.py")))]
    here = [digest_of_source(source) for source in sources]
    for program in programs:
        assert digests_by(program, sources) == here, program


def test_no_source_of_the_package_loses_or_gains_by_being_written_anew():
    for file in sorted(Path("study").rglob("*.py")):
        source = file.read_text(encoding="utf-8")
        # Without comments, empty lines, brackets and quotes of its own, every statement on one line.
        assert digest_of_source(ast.unparse(ast.parse(source))) == digest_of_source(source), file


SOURCE = '''"""A module."""

RATE = 0.1


def f(a, b=1):
    """First line."""
    print(f"{a} of {b}")
    if a > b:
        raise ValueError(f"a must be at most {b}, got {a}", a)
    assert b, "b is nothing"
    return RATE * a
'''


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"""A module."""', '"""Another word\nfor it."""'),
        ('"""A module."""\n', ""),
        ('    """First line."""\n', ""),
        ("RATE = 0.1", "# a tenth\nRATE = 0.1  # as in the paper"),
        ("RATE = 0.1", "RATE = (\n    0.10\n)"),
        ("a, b=1", "\n    a,\n    b = 1,\n"),
        ('print(f"{a} of {b}")', 'print("so many:", a, flush=True)'),
        ('    print(f"{a} of {b}")\n', ""),
        ("a must be at most {b}, got {a}", "at most {b} is allowed"),
        ('f"a must be at most {b}, got {a}"', '"too large: " f"{a}"'),
        ('"b is nothing"', 'f"b: {b}"'),
        (', "b is nothing"', ""),
    ],
)
def test_words_comments_and_layout_are_no_part_of_it(old, new):
    assert old in SOURCE
    assert digest_of_source(SOURCE.replace(old, new)) == digest_of_source(SOURCE)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("RATE = 0.1", "RATE = 0.2"),
        ("RATE = 0.1", "RATE: float = 0.1"),
        ("RATE = 0.1", "RATE = '0.1'"),
        ("b=1", "b=2"),
        ("b=1", "b=1.0"),
        ("a, b=1", "a, *, b=1"),
        ("a > b", "a >= b"),
        ("ValueError(", "KeyError("),
        (", a)", ", b)"),
        ("    assert b", "    assert a"),
        ("return RATE * a", "return a * RATE"),
        ('print(f"{a} of {b}")', "print(a)"),  # a value that is printed alone may be read by another process
        ('print(f"{a} of {b}")', 'log(f"{a} of {b}")'),
        ('print(f"{a} of {b}")', 'print(f"{a} of {g(b)}")'),  # what is called to fill a message is run
    ],
)
def test_what_is_computed_is_part_of_it(old, new):
    assert old in SOURCE
    assert digest_of_source(SOURCE.replace(old, new)) != digest_of_source(SOURCE)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('f"{x}"', 'f"{x!r}"'), ('f"{x}"', 'f"{x:2}"'), ('f"a{x}b"', 'f"{x}ab"'), ('f"{x}"', '"{x}"'),
        ('f"{x=}"', 'f"{x}"'),         ('"1"', "1"), ('b"1"', '"1"'), ("1", "True"), ("[x]", "(x,)"), ("{x}", "{x: x}"),
    ],
)  # fmt: skip
def test_texts_and_values_that_look_alike_are_two(one, other):
    assert digest_of_source(f"y = {one}") != digest_of_source(f"y = {other}")
