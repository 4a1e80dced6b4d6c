"""An unfinished training on disk, so that a kill at any moment costs seconds.

A checkpoint lies outside of DVC's outs, in a folder named after the run and a digest of all that decides its result.
A finished run deletes it: a later run of the same stage trains again.
"""

import fcntl
import hashlib
import io
import json
import pickle
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import torch

from study.settings import paths


class Checkpoint:
    """The state of one run in one file, replaced whole."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "state.pt"

    def save(self, state: dict) -> None:
        """Write the state, whole or not at all: a kill while writing leaves the previous one."""
        content = io.BytesIO()
        torch.save(state, content)
        paths.write_bytes(self.file, content.getbuffer())

    def load(self) -> dict | None:
        """The saved state, or None if this run starts from nothing; a file that cannot be read counts as none."""
        if not self.file.exists():
            return None
        try:
            return torch.load(self.file, map_location="cpu", weights_only=True)
        except (RuntimeError, EOFError, pickle.UnpicklingError) as error:
            print(f"{self.file} cannot be read ({error}): training starts anew", flush=True)
            return None


@contextmanager
def checkpoint(run: str, decided_by: object) -> Iterator[Checkpoint]:
    """The checkpoint of a run, locked: a process left behind by a killed `dvc` is waited for, not raced.

    `decided_by` is everything that the result depends on (settings, code, data), fit for JSON.
    """
    digest = hashlib.sha256(json.dumps(decided_by, sort_keys=True).encode()).hexdigest()[:12]
    folder = paths.checkpoints() / f"{run}-{digest}"
    folder.parent.mkdir(parents=True, exist_ok=True)
    # The lock lies beside the folder and stays: who waits for it must hold the same file as who comes next.
    with open(folder.with_name(f"{folder.name}.lock"), "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(f"another process is training {run}: waiting for it", flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield Checkpoint(folder)
        shutil.rmtree(folder, ignore_errors=True)
