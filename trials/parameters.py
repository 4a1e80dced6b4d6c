"""Edits of params.yaml that a slip of the hand, another program or a hostile hand could make, drawn by hypothesis.

Survived: the parameters are read, or one line for each fault, within ten seconds, and nothing is executed.
"""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from study.settings import params, paths
from study.settings.errors import StudyError
from trials import checkout
from trials.trial import Trial, not_one_line_each
from trials.warm import Warm

LIMIT = 10  # seconds
THROUGH_A_STAGE = 6  # every so many a file goes to `preflight` in a process of its own; the others are read here
CANARY = "executed"

INJECTIONS = st.sampled_from(
    [
        f"0; touch {CANARY}; #",
        f"$(touch {CANARY})",
        f"`touch {CANARY}`",
        f"| touch {CANARY}",
        f"&& touch {CANARY}",
        f"\n touch {CANARY}\n",
        "../../../etc/passwd",
        "${scale}",
        "{{7*7}}",
        "\x1b[31mred",
        "\u202egnp.exe",
        "<script>alert(1)</script>",
    ]
)
TAGS = st.sampled_from(
    [
        f"!!python/object/apply:os.system ['touch {CANARY}']",
        f"!!python/object/new:os.system [touch {CANARY}]",
        "!!binary aGVsbG8=",
        "!!timestamp 2001-12-14",
        "!unknown x",
        "*alias",
        "&anchor 1",
        "<<: {a: 1}",
        "[",
        "{a: ",
        "'",
        "? x",
        "%TAG",
        "@",
        "\t1",
    ]
)
NUMBERS = st.one_of(
    st.integers(),
    st.integers(-(10**40), 10**40),
    st.floats(),
    st.sampled_from([".nan", ".inf", "-.inf", "1e999", "1e-400", "0x10", "0o17", "1_000", "9" * 5000, "-0", "0.0"]),
)
VALUES = st.one_of(
    NUMBERS.map(str),
    st.sampled_from(["", "null", "~", "true", "no", "[]", "{}", "[[]]", "'1'", "''", "[1, 1]", "{a: {b: {c: d}}}"]),
    st.lists(NUMBERS.map(str), max_size=4).map(lambda items: f"[{', '.join(items)}]"),
    INJECTIONS.map(lambda text: '"' + text.encode("unicode_escape").decode().replace('"', "") + '"'),
    TAGS,
    st.text(max_size=30),
)
ENCODINGS = ("utf-16", "utf-32", "latin-1", "utf-8-sig", "cp1252", "utf-7")


@st.composite
def edited(draw: st.DrawFn, text: str) -> tuple[str, bytes]:
    """What was done to the file, and its bytes."""
    lines = text.splitlines()
    places = [number for number, line in enumerate(lines) if ": " in line and not line.startswith("#")]
    place = draw(st.sampled_from(places))
    before, _, _ = lines[place].partition(": ")
    how = draw(st.sampled_from(["value", "value", "value", "two values", "key", "twice", "depth", "bytes", "encoding"]))
    if how in ("value", "two values"):
        lines[place] = f"{before}: {draw(VALUES)}"
        if how == "two values":
            other = draw(st.sampled_from(places))
            lines[other] = f"{lines[other].partition(': ')[0]}: {draw(VALUES)}"
    elif how == "key":
        lines[place] = f"{before}{draw(st.text(max_size=5))}: 1"
    elif how == "twice":
        lines.insert(place, lines[place])
    elif how == "depth":
        lines[place] = f"{before}: {'[' * (depth := draw(st.integers(1, 5000)))}{']' * depth}"
    changed = "\n".join(lines) + "\n"
    if how == "encoding":
        name = draw(st.sampled_from(ENCODINGS))
        return f"encoding {name}", ("# \u00e9\n" + changed).encode(name, errors="replace")
    content = changed.encode("utf-8", errors="surrogatepass")
    if how == "bytes":
        at = draw(st.integers(0, len(content) - 1))
        return f"bytes at {at}", content[:at] + draw(st.binary(min_size=1, max_size=8)) + content[at + 1 :]
    return f"{how} of {before.strip()}", content


class TooSlow(Exception):
    """What was tried took longer than it may."""


@contextmanager
def within(seconds: int) -> Iterator[None]:
    """Raises TooSlow inside the block when so many seconds are over."""

    def ring(number: int, frame: FrameType | None) -> None:
        raise TooSlow

    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def wrong_with(work: Callable[[], Any], told: str = "") -> str:
    """What is wrong with what `work` does: anything but an end within the limit or a StudyError whose lines all have
    `told` in them; empty if nothing is."""
    try:
        with within(LIMIT):
            work()
    except StudyError as error:
        lines = str(error).splitlines()
        return "" if lines and all(line.strip() and told in line for line in lines) else f"not one line each: {lines}"
    except TooSlow:
        return f"not ended after {LIMIT} s"
    except Exception as error:
        return f"{type(error).__name__}: {error}"[:300]
    return ""


def trials(count: int, number: int, scratch: Path) -> Iterator[Trial]:
    """So many edited files."""
    folder = checkout.make(scratch / "parameters")
    text = (checkout.ROOT / "params.yaml").read_text(encoding="utf-8")
    found: list[tuple[str, bytes]] = []

    @seed(number)
    @settings(
        max_examples=count * 3,  # some are equal
        database=None, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(edited(text))
    def draw(example: tuple[str, bytes]) -> None:
        if example[1] not in [content for _, content in found]:
            found.append(example)

    draw()
    before = Path.cwd()
    with Warm("preflight") as warm:
        for place, (done, content) in enumerate(found[:count]):
            (folder / "params.yaml").write_bytes(content)
            if place % THROUGH_A_STAGE == 0:
                with_code = warm.run(folder)
                wrong = "" if with_code.code == 0 else not_one_line_each(with_code.code, with_code.stderr)
                wrong = wrong or ("took too long" if with_code.seconds > LIMIT else "")
            else:
                os.chdir(folder)
                wrong = wrong_with(params.read, str(paths.PARAMS))
                os.chdir(before)
            if (folder / CANARY).exists():
                wrong = "something was executed"
            yield Trial("parameter files", done, wrong)
