"""Where everything lies, relative to the root of the checkout."""

import errno
import glob
import hashlib
import json
import math
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psutil

from study.settings.errors import InvalidData

PARAMS = Path("params.yaml")
LOCK = Path("dvc.lock")
CODE = Path("results/code")
MACHINE = Path("results/machine.json")
CHECKSUM = "sha256"  # the key of a JSON file under which the digest of all the others stands
AGAIN = "delete it and make it again with: dvc repro"
PAPER_TABLES = Path("paper_tables")


def prepared(scale: str, dataset: str) -> Path:
    """Folder of a prepared data set: manifest.json and the images, packed or listed."""
    return Path("data") / scale / dataset


def auto_encoder(scale: str, dataset: str, seed: int) -> Path:
    """Folder of a trained wavelet-like auto-encoder (stage 1)."""
    return Path("models") / scale / dataset / "wae" / f"seed{seed}"


def classifier(scale: str, dataset: str, backbone: str, method: str, seed: int) -> Path:
    """Folder of a trained classifier (stages 2 and 3)."""
    return Path("models") / scale / dataset / backbone / method / f"seed{seed}"


def record(folder: Path) -> Path:
    """The record of the run that made a folder of models/: what changes from run to run, kept apart from its result."""
    return Path("records", *folder.parts[1:]).with_suffix(".json")


def results(scale: str) -> Path:
    """Folder of everything measured at a scale."""
    return Path("results") / scale


def _main_checkout() -> Path:
    """The checkout that the user works in, also from the copies in which `dvc exp run --temp` and `--queue` work."""
    return Path(os.environ.get("DVC_ROOT", "."))


def checkpoints() -> Path:
    """Folder of unfinished trainings, outside of DVC's outs, which DVC deletes before it runs a stage."""
    return _main_checkout() / "checkpoints"


def write_bytes(path: Path, content: bytes | memoryview) -> None:
    """Write beside and rename: a reader never sees half a file, and a hard link into DVC's cache stays whole.

    Two processes may write one file at once: each writes beside under its own number, and what one that was killed has
    left there goes. Raises OSError, with the size, and leaves what was there before, on a full disk.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    for left in path.parent.glob(f"{glob.escape(path.name)}.*.part"):
        number = left.name.split(".")[-2]
        if number.isdecimal() and not psutil.pid_exists(int(number)):
            left.unlink(missing_ok=True)
    temporary = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with open(temporary, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        if error.errno != errno.ENOSPC:
            raise
        free = shutil.disk_usage(path.parent).free / 1e6
        said = f"no room on the disk for {len(content) / 1e6:.1f} MB, {free:.1f} MB are free; make room and go on"
        raise OSError(errno.ENOSPC, said, os.fspath(path)) from None


def write_text(path: Path, text: str) -> None:
    """Write a text in UTF-8, whole or not at all."""
    write_bytes(path, text.encode())


def _checksum(value: Mapping[str, object]) -> str:
    """SHA-256 of a dictionary's values, however they are laid out in a file."""
    as_read = json.loads(json.dumps(value, allow_nan=False))  # where every key is a text
    return hashlib.sha256(json.dumps(as_read, sort_keys=True).encode()).hexdigest()


def write_json(path: Path, value: object, *, checksum: bool = True) -> None:
    """Write a value as indented JSON, whole or not at all; a dictionary with its checksum, which `read_json` compares.

    NaN is refused: it is not JSON.
    """
    if checksum and isinstance(value, Mapping):
        assert CHECKSUM not in value, path
        value = {**value, CHECKSUM: _checksum(value)}
    write_text(path, json.dumps(value, indent=1, allow_nan=False) + "\n")


def read_json(path: Path) -> Any:
    """What a JSON file holds, mostly a dictionary, without its checksum; one that has none is read as it is.

    Raises FileNotFoundError, and InvalidData, in one line, for what is no JSON, for a number that is not finite and for
    a checksum that is another.
    """

    def finite(text: str) -> float:
        value = float(text)
        if not math.isfinite(value):
            raise InvalidData(f"{path}: {text} is no finite number; {AGAIN}")
        return value

    try:
        found = json.loads(path.read_text(encoding="utf-8"), parse_constant=finite, parse_float=finite)
    except (ValueError, RecursionError) as error:
        raise InvalidData(f"{path}: no JSON: {error}; {AGAIN}") from None
    if isinstance(found, dict) and CHECKSUM in found:
        expected = found.pop(CHECKSUM)
        if _checksum(found) != expected:
            raise InvalidData(f"{path}: damaged or edited, its checksum is another; {AGAIN}")
    return found


def gate(scale: str, dataset: str, backbone: str) -> Path:
    """What the gate run of a place came to."""
    return results(scale) / "gate" / f"{dataset}-{backbone}.json"


def contents(scale: str, dataset: str) -> Path:
    """What preflight found in the folder outside of the project that a data set comes from."""
    return Path("data/outside") / f"{scale}-{dataset}.txt"


def outside_name(dataset: str, source: str) -> str | None:
    """What the folder outside of the project goes by that a source reads; None for one inside the package."""
    return {"folder": dataset, "imagenet": "imagenet", "cacd": "cacd"}.get(source)


def outside(name: str) -> Path:
    """Root of images that stay outside of the project: $STUDY_<NAME>, or else external/<name> in the checkout.

    Neither place is written to any tracked file, so results do not depend on where a folder lies.
    """
    named = os.environ.get(f"STUDY_{name.upper()}")
    return _main_checkout() / (Path(named).expanduser() if named else Path("external", name))
