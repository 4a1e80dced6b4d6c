"""The signals that ask a program to end: its terminal closes, it is interrupted, it is terminated."""

import signal

ENDING = [
    getattr(signal, name) for name in ("SIGHUP", "SIGINT", "SIGTERM") if hasattr(signal, name)
]  # Windows lacks one


def pass_over(_: int = 0) -> None:
    """Go on whatever signal comes: for a helping process, whose main process ends it."""
    for number in ENDING:
        signal.signal(number, signal.SIG_IGN)
