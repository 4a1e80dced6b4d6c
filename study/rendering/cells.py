"""How values are written in cells."""

from collections.abc import Iterable

from study.judging.measured import Interval
from study.judging.number import LACKING, number


def signed(value: float | None, interval: Interval | None = None) -> str:
    """A difference with its sign, and its interval in brackets."""
    if value is None:
        return LACKING
    return f"{value:+.2f} ({interval[0]:+.2f} to {interval[1]:+.2f})" if interval else f"{value:+.2f}"


def between(interval: Interval | None) -> str:
    """An interval by its ends."""
    return f"{number(interval[0])} to {number(interval[1])}" if interval else LACKING


def remarks(marks: Iterable[str]) -> str:
    """What has to be said of the trainings behind a line's numbers, each thing once."""
    return "; ".join(dict.fromkeys(marks))


def reasoned(word: str, reason: str) -> str:
    """A verdict or an outcome, and its reason where it has one."""
    return f"{word}: {reason}" if reason else word
