"""What a result was made with: code, packages, hardware, settings, time."""

import hashlib
import os
import platform
import subprocess
import time
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

from study.settings import paths

PACKAGES = ("torch", "torchvision", "numpy", "scipy", "torch-pruning", "scikit-image", "PyWavelets", "pillow")


def code_digest() -> str:
    """Short hash of every source file of the package."""
    root = Path(__file__).parent
    digest = hashlib.sha256()
    for source in sorted(root.rglob("*.py")):
        digest.update(source.relative_to(root).as_posix().encode() + b"\0" + source.read_bytes())
    return digest.hexdigest()[:12]


def code_commit() -> str:
    """The commit of the checkout, with "+changes" behind it where files of the package differ from it."""

    def git(*arguments: str) -> str:
        return subprocess.run(["git", *arguments], capture_output=True, text=True, check=True).stdout.strip()

    try:
        commit = git("rev-parse", "--short=12", "HEAD")
        return f"{commit}+changes" if git("status", "--porcelain", "--", "study", "params.yaml", "dvc.yaml") else commit
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def processor() -> str:
    """The processor's name as the system gives it."""
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def gpu() -> str | None:
    """The first GPU's name from its driver, or None. Does not need torch."""
    try:
        query = ["nvidia-smi", "--query-gpu=name", "--format=csv,noheader"]
        names = subprocess.run(query, capture_output=True, text=True, check=True, timeout=20).stdout.splitlines()
    except (OSError, subprocess.SubprocessError):
        return None
    return names[0].strip() if names else None


def cores() -> int:
    """Processors that this process may use: fewer than the machine has, in a container for example."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def hardware() -> dict:
    """What decides a speed: processor, cores, GPU, system, versions of Python and torch. No host name, no date."""
    return {
        "processor": processor(),
        "cores": cores(),
        "gpu": gpu(),
        "architecture": platform.machine(),
        "system": platform.system(),
        "python": platform.python_version(),
        "torch": metadata.version("torch"),
    }


class Record:
    """The record of one stage's run; opened at its start, closed into a dict."""

    def __init__(self, stage: str, settings_digest: str, seed: int | None = None) -> None:
        self.start = time.monotonic()
        self.fields = {
            "stage": stage,
            "seed": seed,
            "params_digest": settings_digest,
            "code_commit": code_commit(),
            "packages": {name: metadata.version(name) for name in PACKAGES},
            "hardware": hardware(),
        }

    def fields_now(self, **more: object) -> dict:
        """All fields, with `more`, the duration in seconds (of this process) and the time of day."""
        seconds = round(time.monotonic() - self.start, 2)
        return {**self.fields, **more, "seconds": seconds, "finished": datetime.now(UTC).isoformat(timespec="seconds")}

    def close(self, file: Path, **more: object) -> None:
        """Write the record to a file of its own."""
        paths.write_json(file, self.fields_now(**more))
