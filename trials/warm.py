"""A stage started again and again without waiting for its imports: a process that has them forks, as `python -m` would
start it otherwise. Each run is a process of its own, with its own exit code; killing it kills nothing else.

`python -m trials.warm STAGE` is the process that forks; `Warm` is who talks to it.
"""

import json
import os
import runpy
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any, Self

from study.settings import code
from trials.checkout import ROOT, environment

CHANGES = ("open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "shutil.rmtree")  # audit events of Python
WRITING = os.O_WRONLY | os.O_RDWR
NEVER = 0
COUNT = "changes"  # file in which a run leaves how often it changed a file


@dataclass(frozen=True)
class Finished:
    """How a run ended: exit code, negative for a signal, what it printed, and how many seconds it took."""

    code: int
    stdout: str
    stderr: str
    seconds: float


@dataclass(frozen=True)
class Running:
    """A run that goes on."""

    process: int
    printed: Path
    started: float


class Warm:
    """Starts runs of one stage."""

    def __init__(self, stage: str) -> None:
        self.stage = stage
        self._scratch = tempfile.TemporaryDirectory()
        self._number = 0

    def __enter__(self) -> Self:
        self._server = subprocess.Popen(
            [sys.executable, "-m", "trials.warm", self.stage], cwd=ROOT, env=environment(), text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server.stdin is not None and self._server.stdout is not None
        self._server.stdin.close()
        self._server.wait()
        self._server.stdout.close()
        self._scratch.cleanup()

    def _ask(self, **request: Any) -> int:
        assert self._server.stdin is not None and self._server.stdout is not None
        print(json.dumps(request), file=self._server.stdin, flush=True)
        return int(self._server.stdout.readline())

    def start(self, folder: Path, *arguments: str, dies_at: int = NEVER, **variables: str) -> Running:
        """Start the stage in a folder; it kills itself right before its `dies_at`-th change of a file."""
        self._number += 1
        printed = Path(self._scratch.name, str(self._number))
        process = self._ask(
            folder=str(folder), arguments=arguments, printed=str(printed), dies_at=dies_at, variables=variables
        )
        return Running(process, printed, time.monotonic())

    def kill(self, running: Running) -> None:
        """Kill it as nothing can be prepared for."""
        os.kill(running.process, signal.SIGKILL)  # its number is its own until it has been waited for

    def kill_after(self, running: Running, seconds: float) -> None:
        """Kill it if it goes on longer than it may."""
        self._ask(kill=running.process, after=seconds)

    def wait(self, running: Running) -> Finished:
        """Wait for its end."""
        code = self._ask(wait=running.process)
        seconds = time.monotonic() - running.started
        out, err = (
            running.printed.with_suffix(ending).read_text(encoding="utf-8", errors="replace")
            for ending in (".out", ".err")
        )
        return Finished(code, out, err, seconds)

    def run(self, folder: Path, *arguments: str, **more: Any) -> Finished:
        """Start it and wait."""
        return self.wait(self.start(folder, *arguments, **more))

    def changes(self, folder: Path, *arguments: str) -> int:
        """How often a whole run changes a file."""
        running = self.start(folder, *arguments, dies_at=-1)
        finished = self.wait(running)
        assert finished.code == 0, finished.stderr
        return int(running.printed.with_suffix(f".{COUNT}").read_text())


def _watch(dies_at: int, printed: Path) -> list[int]:
    """Count the changes of files in this process, and die right before one of them."""
    count = [0]

    def look(event: str, arguments: tuple[Any, ...]) -> None:
        if event not in CHANGES or (event == "open" and not (isinstance(arguments[2], int) and arguments[2] & WRITING)):
            return
        if isinstance(arguments[0], int) or str(arguments[0]).startswith("/dev/"):
            return
        count[0] += 1
        if count[0] == dies_at:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(look)
    return count


def _run(stage: str, request: dict[str, Any]) -> int:
    """The stage in this process, as `python -m` runs it; its exit code."""
    printed = Path(request["printed"])
    for number, ending in ((1, ".out"), (2, ".err")):
        os.dup2(os.open(printed.with_suffix(ending), os.O_WRONLY | os.O_CREAT), number)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.chdir(request["folder"])
    os.environ.update(request["variables"])
    module = f"study.stages.{stage}"
    sys.modules.pop(module, None)
    sys.argv = [module, *request["arguments"]]
    count = _watch(request["dies_at"], printed) if request["dies_at"] else [0]
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
        code = 0
    except SystemExit as left:
        if isinstance(left.code, str):
            print(left.code, file=sys.stderr)
        code = left.code if isinstance(left.code, int) else int(left.code is not None)
    except BaseException:
        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    if request["dies_at"]:
        printed.with_suffix(f".{COUNT}").write_text(str(count[0] - 1))  # without this file itself
    return code


def _kill_after(process: int, seconds: float) -> None:
    """Kill a child unless it has ended by then."""

    def ring(number: int, frame: FrameType | None) -> None:
        os.kill(process, signal.SIGKILL)

    signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)


def serve(stage: str) -> None:
    """Import what a stage needs, then start it as often as is asked for on stdin."""
    import_module(f"study.stages.{stage}")
    code.listing()  # sources that are parsed once need not be parsed by every run
    if "torch" in sys.modules:
        sys.modules["torch"].use_deterministic_algorithms(False)  # for what it imports
    for line in sys.stdin:
        request = json.loads(line)
        if "kill" in request:
            _kill_after(request["kill"], request["after"])
            print(0, flush=True)
            continue
        if "wait" in request:
            _, status = os.waitpid(request["wait"], 0)
            signal.setitimer(signal.ITIMER_REAL, 0)
            print(os.waitstatus_to_exitcode(status), flush=True)
            continue
        process = os.fork()
        if process == 0:
            os._exit(_run(stage, request))
        print(process, flush=True)


if __name__ == "__main__":
    serve(sys.argv[1])
