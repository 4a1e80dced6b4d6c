"""Progress bars: on a terminal one that moves, in a log file a line every half minute."""

import sys
from typing import Any, TextIO

from tqdm import tqdm

SECONDS_BETWEEN_LINES = 30.0


class _Lines:
    """A stream to which tqdm writes its bar anew: each time as a line."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream

    def write(self, text: str) -> None:
        """Write what tqdm says, without its way of going back to the start of a line."""
        if text.strip():
            self.stream.write(text.strip() + "\n")

    def flush(self) -> None:
        """Pass on what is written."""
        self.stream.flush()


def progress_bar(iterable: Any = None, **options: Any) -> "tqdm[Any]":
    """A bar of tqdm, with its options."""
    if sys.stderr.isatty():
        return tqdm(iterable, mininterval=1.0, **options)
    between = SECONDS_BETWEEN_LINES
    lines: Any = _Lines(sys.stderr)
    return tqdm(iterable, file=lines, mininterval=between, maxinterval=2 * between, delay=between, **options)
