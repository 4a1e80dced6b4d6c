"""NumPy's files: written with a checksum, read so that whatever a damaged one raises is one line."""

import hashlib
import io
import struct
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

import numpy as np
from numpy.typing import NDArray

from study.settings import paths
from study.settings.errors import InvalidData

# What NumPy and the libraries below it raise for files that are cut, have flipped bits, or hold anything else.
DAMAGED = (
    *(OSError, EOFError, ValueError, TypeError, AttributeError, KeyError, SyntaxError, OverflowError, MemoryError),
    *(NotImplementedError, BadZipFile, zlib.error, struct.error),
)


def said(error: BaseException) -> str:
    """What an error of another library says, on one line."""
    return " ".join(str(error).split()) or type(error).__name__


def _checksum(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """SHA-256 of arrays with their names, kinds and shapes, as text."""
    digest = hashlib.sha256()
    for name, values in sorted(arrays.items()):
        digest.update(f"{name} {values.dtype.str} {values.shape}".encode())
        digest.update(np.ascontiguousarray(values).tobytes())
    return digest.hexdigest().encode()


def archive(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """Arrays as a compressed .npz, its comment their checksum; equal ones give equal bytes."""
    file = io.BytesIO()
    np.savez_compressed(file, allow_pickle=False, **arrays)
    with ZipFile(file, "a") as zipped:
        # Each array has a checksum of its own in it, but none tells that one is lacking.
        zipped.comment = _checksum(arrays)
    return file.getvalue()


def read_archive(file: Path) -> dict[str, NDArray[Any]]:
    """The arrays of an .npz, by name. Raises InvalidData for what is none, and for a checksum that is another; an
    archive that has none is read as it is."""
    try:
        with np.load(io.BytesIO(file.read_bytes())) as arrays:  # of a damaged file NumPy leaves the file open
            found = {name: arrays[name] for name in arrays.files}
            expected = arrays.zip.comment
    except DAMAGED as error:
        raise InvalidData(f"{file}: not an .npz of arrays ({said(error)}); {paths.AGAIN}") from None
    if expected and expected != _checksum(found):
        raise InvalidData(f"{file}: damaged, its checksum is another; {paths.AGAIN}")
    return found
