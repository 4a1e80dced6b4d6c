"""What a result was made with: code, packages, hardware, settings, time."""

import os
import platform
import subprocess
from importlib import metadata
from pathlib import Path

import psutil

from study.settings.errors import InvalidData

PACKAGES = ("torch", "torchvision", "numpy", "scipy", "torch-pruning", "scikit-image", "PyWavelets", "pillow")
CPUINFO = Path("/proc/cpuinfo")
CGROUP = Path("/sys/fs/cgroup")  # of this process, as seen from inside a container


# What a result depends on besides data, packages and hardware.
CODE = ("study", "params.yaml", "dvc.yaml", "pipelines", "paper_tables")


def code_commit() -> str:
    """The commit of the checkout, with "+changes" behind it where what results depend on differs from it.

    "unknown" where there is no git or no commit. Raises InvalidData where git refuses a checkout of another owner.
    """

    def git(*arguments: str) -> str:
        in_english = {**os.environ, "LC_ALL": "C"}
        finished = subprocess.run(["git", *arguments], capture_output=True, text=True, check=True, env=in_english)
        return finished.stdout.strip()

    try:
        commit = git("rev-parse", "--short=12", "HEAD")
        return f"{commit}+changes" if git("status", "--porcelain", "--", *CODE) else commit
    except OSError:
        return "unknown"
    except subprocess.CalledProcessError as error:
        remedy = next((line.strip() for line in error.stderr.splitlines() if "--add safe.directory" in line), None)
        if remedy is None:
            return "unknown"
        raise InvalidData(f"{Path.cwd()}: another user owns this checkout, and git refuses it; {remedy}") from None


def processor() -> str:
    """The processor's name as the system gives it."""
    # py-cpuinfo knows every system, and takes more than a second: it starts processes. Linux on x86 needs none.
    if CPUINFO.is_file():
        for line in CPUINFO.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    import cpuinfo

    name: str | None = cpuinfo.get_cpu_info().get("brand_raw")
    return name or platform.machine()


def gpu() -> str | None:
    """The first GPU's name from its driver, or None. Does not need torch."""
    try:
        query = ["nvidia-smi", "--query-gpu=name", "--format=csv,noheader"]
        names = subprocess.run(query, capture_output=True, text=True, check=True, timeout=20).stdout.splitlines()
    except (OSError, subprocess.SubprocessError):
        return None
    return names[0].strip() if names else None


def cores() -> int:
    """Processors that this process may use: its affinity, or all of them where the system has no such thing (macOS)."""
    if hasattr(psutil.Process, "cpu_affinity"):
        return len(psutil.Process().cpu_affinity())
    return psutil.cpu_count() or 1


def available_memory_bytes() -> int:
    """What this process may still take: what the system has free, or less where a container limits it."""
    free = psutil.virtual_memory().available
    try:
        limit, used = (int((CGROUP / f"memory.{name}").read_text(encoding="utf-8")) for name in ("max", "current"))
    except (OSError, ValueError):  # no cgroup of version 2, or "max" for no limit
        return free
    return min(free, limit - used)


def hardware() -> dict[str, str | int | None]:
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
