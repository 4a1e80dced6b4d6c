"""An unfinished training on disk, so that a kill at any moment costs seconds, and damage is noticed.

A checkpoint lies outside of DVC's outs, in a folder named after the run and a digest of all that decides its result.
A finished run deletes it: a later run of the same stage trains again. Under `dvc repro` it stays until `dvc.lock` has
the stage: if DVC cannot store what the run made, on a full disk say, the training is not lost.
"""

import hashlib
import io
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import torch
from filelock import FileLock, Timeout

from study.settings import paths

DIGEST = hashlib.sha256().digest_size  # bytes, before the state itself
KEY = "key.json"  # what the run's result depends on, by name
FINISHED = "finished"  # holds the name of the stage of DVC whose result is still to be stored


class Keeps(Protocol):
    """What keeps the state of a training, or does not."""

    def save(self, state: Mapping[str, Any]) -> None:
        """Keep a state."""

    def load(self) -> dict[str, Any] | None:
        """The state that is kept, or None."""


class NotKept:
    """The checkpoint of a training so short that a kill may cost all of it, and of every rank but the first."""

    def load(self) -> None:
        return None

    def save(self, state: Mapping[str, Any]) -> None:
        """Keeps nothing."""


NOT_KEPT = NotKept()


class Checkpoint:
    """The states of one run: the last one and the one before it, each written whole, behind its checksum."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "state.pt"
        self.previous = folder / "previous.pt"
        self.keep = False  # after a training that did not come to its end

    def save(self, state: Mapping[str, Any]) -> None:
        """Write the state, whole or not at all: a kill while writing leaves the last two."""
        content = io.BytesIO()
        torch.save(state, content)
        body = content.getvalue()
        written = self.file.with_name("next.pt")
        paths.write_bytes(written, hashlib.sha256(body).digest() + body)
        if self.file.exists():
            self.file.replace(self.previous)
        written.replace(self.file)

    def load(self) -> dict[str, Any] | None:
        """The last state that is whole, or None if this run starts from nothing. What is damaged is said and passed
        over."""
        for file, instead in ((self.file, "the state before it is used"), (self.previous, "training starts anew")):
            if not file.exists():
                continue
            content = file.read_bytes()
            checksum, body = content[:DIGEST], content[DIGEST:]
            if hashlib.sha256(body).digest() == checksum:
                state: dict[str, Any] = torch.load(io.BytesIO(body), map_location="cpu", weights_only=True)
                return state
            what = instead if file != self.file or self.previous.exists() else "training starts anew"
            print(f"{file}: damaged, its checksum is another: {what}", flush=True)
        return None


@contextmanager
def checkpoint(run: str, decided_by: Mapping[str, Any], *, stored_by_dvc: bool = False) -> Iterator[Checkpoint]:
    """The checkpoint of a run, locked: a process left behind by a killed `dvc` is waited for, not raced.

    `decided_by` is everything that the result depends on (settings, code, data), by name, fit for JSON. Whoever leaves
    the block without an error has written the result, and the checkpoint goes, or is left to go once DVC has stored an
    output that is `stored_by_dvc`; one that is left behind by the same run under another key is named, with what
    differs.
    """
    _drop_stored()
    digest = hashlib.sha256(json.dumps(decided_by, sort_keys=True).encode()).hexdigest()[:12]
    folder = paths.checkpoints() / f"{run}-{digest}"
    folder.mkdir(parents=True, exist_ok=True)
    # The lock lies beside the folder and stays: who waits for it must hold the same file as who comes next.
    lock = FileLock(folder.with_name(f"{folder.name}.lock"))
    try:
        lock.acquire(timeout=0)
    except Timeout:
        print(f"another process is training {run}: waiting for it", flush=True)
        lock.acquire()
    try:
        folder.mkdir(parents=True, exist_ok=True)  # who held the lock may have deleted it
        _name_others(folder, run, decided_by)
        paths.write_json(folder / KEY, decided_by)
        saved = Checkpoint(folder)
        yield saved
        stage = os.environ.get("DVC_STAGE")
        if not saved.keep and stage and stored_by_dvc:
            paths.write_text(folder / FINISHED, stage)
        elif not saved.keep:
            shutil.rmtree(folder, ignore_errors=True)
    finally:
        lock.release()


def _drop_stored() -> None:
    """Delete the checkpoints of finished runs whose stages `dvc.lock` has had since."""
    try:
        lock, written = paths.LOCK.read_text(encoding="utf-8"), paths.LOCK.stat().st_mtime_ns
    except OSError:
        return
    for finished in paths.checkpoints().glob(f"*/{FINISHED}"):
        stage = finished.read_text(encoding="utf-8")
        if f"\n  {stage}:\n" in lock and written > finished.stat().st_mtime_ns:
            shutil.rmtree(finished.parent, ignore_errors=True)


def _name_others(folder: Path, run: str, decided_by: Mapping[str, Any]) -> None:
    """Say which checkpoints of this run lie there under another key, and what differs."""
    for other in sorted(folder.parent.glob(f"{run}-{'[0-9a-f]' * 12}")):
        if other == folder or not (other / KEY).is_file():
            continue
        before, now = _flat(paths.read_json(other / KEY)), _flat(decided_by)
        differs = [name for name in dict.fromkeys([*before, *now]) if before.get(name) != now.get(name)]
        print(
            f"{other} is left from a run of the same name that differs in {', '.join(differs)}; "
            f"set that back to go on with it, or delete the folder",
            flush=True,
        )


def _flat(value: Any, name: str = "") -> dict[str, Any]:
    if not isinstance(value, Mapping):
        return {name: value}
    return {
        key: inner for part, each in value.items() for key, inner in _flat(each, f"{name}.{part}".lstrip(".")).items()
    }
