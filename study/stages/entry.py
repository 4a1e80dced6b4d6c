"""How a stage starts: arguments, validated settings, one line instead of a traceback for a fault of the input."""

import argparse
import ctypes
import os
import signal
import sys
from collections.abc import Callable

from study.settings import parameters
from study.settings.errors import InvalidParameter, StudyError


def keep_freed_memory() -> None:
    """Let glibc reuse large blocks instead of mapping and unmapping them at every training step.

    The same as MALLOC_MMAP_THRESHOLD_ and MALLOC_TRIM_THRESHOLD_ in the environment, but nobody has to set them.
    Does nothing where the C library has no mallopt.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if os.name == "posix" else None
    if mallopt is not None:
        m_trim_threshold, m_mmap_threshold = -1, -3  # malloc.h
        mallopt(m_mmap_threshold, 1 << 30)
        mallopt(m_trim_threshold, (1 << 31) - 1)


def check(dataset: str = "objects", seed: int = 0, **_: object) -> None:
    """Raises InvalidParameter for a data set or a seed that no stage can use."""
    if dataset not in parameters.Data.model_fields:
        raise InvalidParameter(f"dataset: must be one of {', '.join(parameters.Data.model_fields)}, got {dataset!r}")
    if seed < 0:
        raise InvalidParameter(f"seed: must be at least 0, got {seed}")


def message(error: StudyError) -> str:
    """What a fault says; a loading process hands its own over behind a traceback, which is left out."""
    text = str(error).strip()
    return text.splitlines()[-1].partition(": ")[2] if text.startswith("Caught") else text


def run(main: Callable[..., None], *arguments: str) -> None:
    """Parse `--name value` for every argument (`seed` as a number) and call `main` with them.

    Exits with 1 and one line on a StudyError, and on a full disk; with 130 or 143 when interrupted or terminated,
    since DVC believes the exit code.
    """
    parser = argparse.ArgumentParser(
        prog=f"python -m {sys.modules['__main__'].__spec__.name}", description=sys.modules["__main__"].__doc__
    )
    for name in arguments:
        parser.add_argument(f"--{name}", required=True, type=int if name == "seed" else str)
    parsed = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    keep_freed_memory()
    try:
        check(**vars(parsed))
        main(**vars(parsed))
    except StudyError as error:
        sys.exit(f"error: {message(error)}")
    except OSError as error:
        sys.exit(f"error: {error.strerror or error}: {error.filename or ''}".rstrip(": "))
    except KeyboardInterrupt:
        sys.exit(130)
