"""How a stage starts and ends: arguments, one line instead of a traceback for a fault of the input, exit codes."""

import ctypes
import os
import re
import signal
import sys
from collections.abc import Callable
from functools import wraps
from typing import Annotated, Any

import typer

from study.settings import code, progress, signals
from study.settings.errors import InvalidParameter, StudyError
from study.settings.parameters.types import LARGEST_SEED
from study.settings.provenance import cores
from study.settings.records import DATASETS

RANKED = ("wae", "train", "joint", "finetune", "extend")  # stages that several processes may run together
Scale = Annotated[str, typer.Option(help="A scale of params.yaml.")]
Dataset = Annotated[str, typer.Option(help=f"What is looked at: {' or '.join(DATASETS)}.")]
Backbone = Annotated[str, typer.Option(help="The standard network, by its word.")]
Row = Annotated[str, typer.Option(help="A row of the tables, by its word.")]
Seed = Annotated[int, typer.Option(help="The seed of all that is drawn.")]


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


def keep_to_cores() -> None:
    """Let torch start no more threads than the process has processors: it knows of no container's quota.

    Whoever sets OMP_NUM_THREADS has chosen. Does nothing in a stage that needs no torch.
    """
    torch = sys.modules.get("torch")
    if torch is not None and "OMP_NUM_THREADS" not in os.environ and torch.get_num_threads() > cores():
        torch.set_num_threads(cores())


def check(dataset: str = DATASETS[0], seed: int = 0) -> None:
    """Raises InvalidParameter for a data set or a seed that no stage can use."""
    if dataset not in DATASETS:
        raise InvalidParameter(f"dataset: must be one of {', '.join(DATASETS)}, got {dataset!r}")
    if not 0 <= seed <= LARGEST_SEED:
        raise InvalidParameter(f"seed: must be 0 to {LARGEST_SEED}, got {seed}")


def message(error: StudyError) -> str:
    """What a fault says; a loading process hands its own over behind a traceback, which is left out."""
    text = str(error).strip()
    return text.splitlines()[-1].partition(": ")[2] if text.startswith("Caught") else text


def out_of_memory(error: BaseException, scale: str) -> str | None:
    """What is said where memory was too small, of the processor or of a GPU; None for another error.

    torch raises a RuntimeError for either, and names the size.
    """
    said = " ".join(str(error).split())
    if not isinstance(error, MemoryError) and not re.search(r"can't allocate memory|out of memory", said):
        return None
    size = re.search(r"tried to allocate ([\d.]+ \w+)", said, re.IGNORECASE)
    wanted = f" (asked for {size[1]})" if size else ""
    return (
        f"out of memory{wanted}; close other programs, or make the batches smaller in params.yaml: "
        f"scales.{scale}.classifier.batch, finetune.batch, wae.batch"
    )


def run(main: Callable[..., None], *, ranks: bool = False) -> None:
    """Call `main` with the arguments that its signature asks for, as `--name value`.

    `ranks` says that several processes, which torchrun starts, may run it together: all others would each do it anew.

    Exits with 1 and a line for each fault on a StudyError, and on a full disk; with 129, 130 or 143 when its terminal
    closes, it is interrupted or terminated, since DVC believes the exit code.
    """
    module = sys.modules["__main__"]
    name = module.__spec__.name if module.__spec__ else ""
    for caught in signals.ENDING:
        signal.signal(caught, lambda number, _: sys.exit(128 + number))
    keep_freed_memory()
    keep_to_cores()

    @wraps(main)
    def guarded(**arguments: Any) -> None:
        progress.announce(os.environ.get("DVC_STAGE", ""))
        try:
            if not ranks and int(os.environ.get("WORLD_SIZE", "1")) > 1 and "TORCHELASTIC_RUN_ID" in os.environ:
                raise StudyError(f"{name}: runs in one process; torchrun is for single trainings: {', '.join(RANKED)}")
            check(**{name: value for name, value in arguments.items() if name in ("dataset", "seed")})
            main(**arguments)
            _covered(name.rpartition(".")[2], arguments.get("method", ""), arguments.get("backbone", ""))
        except StudyError as error:
            sys.exit("\n".join(f"error: {line}" for line in message(error).splitlines()))
        except OSError as error:
            sys.exit(f"error: {error.strerror or error}: {error.filename or ''}".rstrip(": "))
        except (MemoryError, RuntimeError) as error:
            fault = out_of_memory(error, str(arguments.get("scale", "")))
            if fault is None:
                raise
            sys.exit(f"error: {fault}")

    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
    app.command(help=module.__doc__)(guarded)
    app(prog_name=f"python -m {name}")


def _covered(stage: str, word: str, backbone: str) -> None:
    """Raises StudyError if the stage has loaded code that its digest does not cover: DVC would not notice a change."""
    unknown = code.unknown(stage, word, backbone if word else "")
    if unknown:
        raise StudyError(
            f"{', '.join(unknown)}: loaded by stage {stage}, and its digest of the code does not cover it; "
            "import it in a module of the stage, or name it by a whole string"
        )
