"""What one trial came to."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

ERROR = "error: "


@dataclass(frozen=True)
class Trial:
    """One trial: the row of the table that counts it, what was done, and what was wrong; empty if it survived."""

    kind: str
    done: str
    wrong: str = ""

    @property
    def survived(self) -> bool:
        """Whether nothing was wrong."""
        return not self.wrong


def not_one_line_each(code: int, stderr: str, naming: Iterable[str] = ()) -> str:
    """What is wrong with an exit that should be a fault of the input: exit code 1, on stderr lines that begin with
    "error: " and nothing else, all names in them; empty if that is so."""
    lines = [line for line in stderr.replace("\r", "\n").splitlines() if line.strip() and not _is_progress(line)]
    if code != 1:
        return f"exit code {code}: {lines[-1] if lines else ''}"
    if not lines or not all(line.startswith(ERROR) for line in lines):
        return f"not a line for each fault: {lines[-3:]}"
    lacking = [name for name in naming if name not in stderr]
    return f"{', '.join(lacking)} not named: {lines[0]}" if lacking else ""


def _is_progress(line: str) -> bool:
    return "it/s" in line or "batch/s" in line or "batch]" in line or "image/s" in line or "image]" in line


def digests(folder: Path) -> dict[str, str]:
    """SHA-256 of every file below a folder, by its path there."""
    return {
        file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def difference(expected: dict[str, str], found: dict[str, str]) -> str:
    """Which files differ; empty if none does."""
    names = sorted(name for name in {*expected, *found} if expected.get(name) != found.get(name))
    return f"other bits in {', '.join(names)}" if names else ""
