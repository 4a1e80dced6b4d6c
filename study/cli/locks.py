"""What a killed `dvc` leaves behind that blocks or disturbs the next one."""

import configparser
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil

DVC = Path(".dvc")
RWLOCK = DVC / "tmp/rwlock"  # which paths which process reads and writes, as JSON


def broken_lock() -> str | None:
    """What is wrong with the lock file of DVC, or None. A `dvc` that is killed while it writes leaves it empty."""
    try:
        content = json.loads(RWLOCK.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError):
        return None if dvc_runs() else f"{RWLOCK}: not readable, left by a killed dvc; every dvc command fails on it"
    for pid, command in _holders(content):
        if psutil.pid_exists(pid) and not _is_dvc(pid):
            return (
                f"{RWLOCK}: held by process {pid} ({command}), which was killed; its number now belongs to another "
                "program, and dvc waits for that"
            )
    return None


def _holders(content: Any) -> Iterator[tuple[int, str]]:
    """Process number and command of whoever the lock file names."""
    for kind in ("read", "write"):
        held = content.get(kind, {}) if isinstance(content, dict) else {}
        for infos in held.values():
            for info in infos if isinstance(infos, list) else [infos]:
                yield int(info["pid"]), str(info["cmd"])


def _command(process: psutil.Process) -> list[str]:
    """Its command line; none of a process that is gone or another user's."""
    try:
        return process.cmdline()
    except (psutil.NoSuchProcess, psutil.AccessDenied, psutil.ZombieProcess):
        return []


def _is_dvc(pid: int) -> bool:
    try:
        return any(Path(word).name in ("dvc", "dvc.exe") for word in _command(psutil.Process(pid))[:3])
    except psutil.NoSuchProcess:
        return False


def _here(process: psutil.Process) -> bool:
    try:
        return Path(process.cwd()) == Path.cwd()
    except (psutil.NoSuchProcess, psutil.AccessDenied, psutil.ZombieProcess):
        return False


def dvc_runs() -> list[int]:
    """The processes of `dvc` in this checkout."""
    return [process.pid for process in psutil.process_iter() if _is_dvc(process.pid) and _here(process)]


def orphans() -> list[tuple[int, str]]:
    """Stages that run in this checkout although the `dvc` that started them is gone: process number and stage."""
    found = []
    for process in psutil.process_iter():
        command = _command(process)
        module = command[2] if command[1:2] == ["-m"] and len(command) > 2 else ""
        if not module.startswith("study.stages.") or not _here(process) or "DVC_STAGE" not in _environment(process):
            continue
        if not any(_is_dvc(parent.pid) for parent in _parents(process)):
            found.append((process.pid, _environment(process)["DVC_STAGE"]))
    return found


def _parents(process: psutil.Process) -> list[psutil.Process]:
    try:
        return process.parents()
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return []


def _environment(process: psutil.Process) -> dict[str, str]:
    try:
        return process.environ()
    except (psutil.NoSuchProcess, psutil.AccessDenied, psutil.ZombieProcess):
        return {}


def cache_folder() -> Path:
    """Where DVC keeps what stages left: the nearest folder above that is there already."""
    folder = DVC / "cache"
    for name in ("config", "config.local"):  # the latter counts more
        config = configparser.ConfigParser()
        config.read(DVC / name, encoding="utf-8")
        if config.has_option("cache", "dir"):
            folder = DVC / config.get("cache", "dir")
    while not folder.exists():
        folder = folder.parent
    return folder
