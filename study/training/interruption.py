"""A training that is asked to stop saves first, and ends with the code of the signal."""

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from study.settings import signals


class Interruption:
    """Whether a signal has asked to stop. A second one is not waited for."""

    def __init__(self) -> None:
        self.number: int | None = None

    def ask(self, number: int, frame: FrameType | None = None) -> None:
        """What a signal does."""
        if self.number is not None:
            sys.exit(128 + number)
        self.number = number

    def leave(self, number: int, *, said: bool = True) -> None:
        """End the process with the code that a signal would have ended it with: its own, or another rank's."""
        if said:
            print(f"{signal.Signals(number).name}: saved; the same command goes on from here", flush=True)
        sys.exit(128 + number)


@contextmanager
def interruption() -> Iterator[Interruption]:
    """Signals inside the block are kept until it looks; behind it they do what they did before."""
    asked = Interruption()
    if threading.current_thread() is not threading.main_thread():  # only the main thread is given signals
        yield asked
        return
    before = {number: signal.signal(number, asked.ask) for number in signals.ENDING}
    try:
        yield asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
