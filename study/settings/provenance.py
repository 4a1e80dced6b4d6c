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
CGROUP = Path("/sys/fs/cgroup")  # of this process, as seen from inside a container; of version 1 or 2


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


def _limits(*files: str) -> list[int] | None:
    """The numbers in files of the process's control group, or None if one is not there or sets no limit."""
    try:
        numbers = [int(word) for file in files for word in (CGROUP / file).read_text(encoding="utf-8").split()]
    except (OSError, ValueError):  # "max" for no limit, in version 2
        return None
    return numbers if numbers and min(numbers) >= 0 else None  # -1 for no limit, in version 1


def cores() -> int:
    """Processors that this process may use: its affinity, or all of them where the system has no such thing (macOS),
    or fewer by a container's quota, rounded down."""
    count = psutil.cpu_count() or 1
    if hasattr(psutil.Process, "cpu_affinity"):
        count = len(psutil.Process().cpu_affinity())
    quota = _limits("cpu.max") or _limits("cpu/cpu.cfs_quota_us", "cpu/cpu.cfs_period_us")
    return max(1, min(count, quota[0] // quota[1])) if quota else count


def available_memory_bytes() -> int:
    """What this process may still take: what the system has free, or less where a container limits it."""
    free = psutil.virtual_memory().available
    taken = _limits("memory.max", "memory.current") or _limits(
        "memory/memory.limit_in_bytes", "memory/memory.usage_in_bytes"
    )
    return max(0, min(free, taken[0] - taken[1])) if taken else free


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
