"""Which images lie in a folder outside of the project: known by content, whatever their names end in."""

import hashlib
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from unicodedata import normalize

from PIL import Image, UnidentifiedImageError

from study.data.collection import SPLITS, Collection, Listed
from study.data.pictures import FORMATS
from study.settings.errors import InvalidData

# Taken for images without a look inside, which for a million files takes long; all are decoded before they are used.
EXTENSIONS = ("jpg", "jpeg", "jfif", "png", "bmp", "gif", "webp", "ppm", "pgm", "pbm", "tif", "tiff")
DEEPEST = 30  # folders in folders; from 40 links on the system refuses to follow


def entries(folder: Path) -> list[os.DirEntry[str]]:
    """Folders and files in a folder, sorted by name, hidden ones left out.

    Raises InvalidData for a name that is not UTF-8, a link to nothing, and what is neither folder nor file.
    """
    with os.scandir(folder) as found:
        kept = sorted((entry for entry in found if not entry.name.startswith(".")), key=lambda entry: entry.name)
    for entry in kept:
        try:
            entry.name.encode()
        except UnicodeEncodeError:
            raise InvalidData(f"{shown(folder)}: the name {shown(entry.name)} is not UTF-8; rename it") from None
        if not entry.is_dir() and not entry.is_file():
            what = "a link to nothing" if entry.is_symlink() and not Path(entry.path).exists() else "not a regular file"
            raise InvalidData(f"{shown(entry.path)}: {what}; remove it")
    return kept


def shown(path: str | Path) -> str:
    """A path fit for a message: what is not UTF-8 or not printable in it as escapes."""
    text = os.fsencode(path).decode(errors="backslashreplace")
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


def files(root: Path, folder: str = "", depth: int = 0) -> Iterator[os.DirEntry[str]]:
    """Every file below a folder of the root, at any depth, in the order of their names. Raises InvalidData as `entries`
    does, and for folders that hold themselves."""
    if depth > DEEPEST:
        raise InvalidData(f"{shown(root / folder)}: {depth} folders deep; does a link lead back into its own folder?")
    for entry in entries(root / folder):
        if entry.is_dir():
            yield from files(root, f"{folder}/{entry.name}" if folder else entry.name, depth + 1)
        else:
            yield entry


@dataclass
class Passed:
    """Files that are no images, counted by suffix, and folders that nothing is read from."""

    root: Path
    suffixes: Counter[str] = field(default_factory=Counter)
    folders: list[str] = field(default_factory=list)

    def say(self) -> None:
        """Print what was passed over, in a line each; nothing if there was nothing."""
        if self.suffixes:
            count = sum(self.suffixes.values())
            which = ", ".join(f"{number} {suffix}" for suffix, number in sorted(self.suffixes.items()))
            print(f"{shown(self.root)}: passed over, no image: {count} file{'s' if count > 1 else ''} ({which})")
        if self.folders:
            print(f"{shown(self.root)}: not used: {', '.join(f'{shown(name)}/' for name in self.folders)}")


def images(root: Path, folder: str, passed: Passed) -> list[str]:
    """The images below a folder, relative to the root, in the order of their names; `passed` gains the other files."""
    found = []
    for entry in files(root, folder):
        path = Path(entry.path)
        suffix = path.suffix.lower()
        if suffix.removeprefix(".") in EXTENSIONS or _holds_image(path):
            found.append(path.relative_to(root).as_posix())
        else:
            passed.suffixes[shown(suffix) or "without a suffix"] += 1
    return found


def _holds_image(path: Path) -> bool:
    try:
        with Image.open(path, formats=FORMATS):
            return True
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        return False


def by_name(folder: Path) -> dict[str, str]:
    """The folders in a folder as they are named on disk, by their names with accents composed in one way (NFC).

    Raises InvalidData for two that differ in nothing else.
    """
    found: dict[str, str] = {}
    for entry in entries(folder):
        if entry.is_dir():
            name = normalize("NFC", entry.name)
            if name in found:
                both = " and ".join(sorted(ascii(one) for one in (found[name], entry.name)))
                raise InvalidData(
                    f"{shown(folder)}: the folders {both} differ in how an accent is stored alone; join them"
                )
            found[name] = entry.name
    return dict(sorted(found.items()))


@dataclass(frozen=True)
class Contents:
    """What lies in a folder: a digest of the names and sizes in bytes of its files, one of their times too, and their
    number. The first is that of a copy, and named in results; the second notices a file that was replaced."""

    listing: str
    with_times: str
    files: int


def contents(root: Path) -> Contents:
    """A folder as it is now, compared without reading the files: a million of them in seconds.

    Raises InvalidData as `files` does, and for a folder that cannot be read.
    """
    listing, with_times, count, prefix = hashlib.sha256(), hashlib.sha256(), 0, len(os.fspath(root)) + 1
    try:
        for entry in files(root):
            status = entry.stat()
            listed = f"{entry.path[prefix:]}\t{status.st_size}\n".encode()
            listing.update(listed)
            with_times.update(listed + f"{status.st_mtime_ns}\n".encode())
            count += 1
    except OSError as error:
        raise InvalidData(f"{shown(error.filename or root)}: {error.strerror}; make it readable") from None
    return Contents(listing.hexdigest(), with_times.hexdigest(), count)


def listing_digest(collection: Collection[Listed]) -> str:
    """SHA-256 over the split, relative path, size in bytes and label of every listed image: cheap, reads no pixels.

    Raises InvalidData for an image that is gone.
    """
    digest = hashlib.sha256()
    for name in SPLITS:
        split = collection.split(name)
        for path, label in zip(split.paths, split.labels.tolist(), strict=True):
            try:
                size = (collection.root / path).stat().st_size
            except FileNotFoundError:
                raise InvalidData(
                    f"{shown(collection.root / path)}: no such file; put it back or prepare again"
                ) from None
            digest.update(f"{name}\t{path}\t{size}\t{label}\n".encode())
    return digest.hexdigest()
