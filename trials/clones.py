"""Clean clones: `dvc` killed in one, its queue run in one, two at different places compared byte for byte.

A clone holds the last commit, as a user gets it; its parameters are the small ones.
"""

import os
import random
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import chdir
from dataclasses import dataclass
from pathlib import Path

from study.cli import checks, locks
from trials.checkout import MODELS, ROOT, environment, parameters, small, write_parameters
from trials.trial import Trial, difference, digests

DVC = [sys.executable, "-m", "dvc"]
STAGE = "train@smoke-objects-vgg16-full-0"
QUEUED = "wae@smoke-objects-0"
MADE = (Path("data/smoke/objects"), MODELS / "vgg16/full/seed0", Path("results/code"))
PLACES = ("one", "a place with spaces and \u00e9")
PATIENCE = 600  # seconds that an orphan is waited for


def clone(place: Path) -> Path:
    """The last commit at a place, with the small parameters, committed; nothing was run there."""
    subprocess.run(["git", "clone", "--quiet", "--no-hardlinks", str(ROOT), str(place)], check=True)
    (place / "dvc.lock").unlink(missing_ok=True)  # the entries of other scales only slow DVC down
    write_parameters(place, small(parameters(place)))
    who = ["-c", "user.name=trials", "-c", "user.email=trials@localhost"]
    subprocess.run(["git", *who, "commit", "--quiet", "--all", "--message", "small"], cwd=place, check=True)
    return place


def dvc(place: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """A command of DVC in a clone."""
    return subprocess.run([*DVC, *words], cwd=place, env=_environment(), capture_output=True, text=True)


def _environment() -> dict[str, str]:
    """The code that runs is the clone's own."""
    found = environment()
    del found["PYTHONPATH"], found["DVC_ROOT"]
    return found


def _made(place: Path) -> dict[str, str]:
    return {f"{folder}/{name}": digest for folder in MADE for name, digest in digests(place / folder).items()}


@dataclass(frozen=True)
class Cloned(Trial):
    """The trial of a clone, and the seconds that `dvc repro` took in it."""

    seconds: float = 0.0


def two(scratch: Path) -> Iterator[Cloned]:
    """Two clones at two places, one of them with spaces and an accent. Survived: what DVC made of the data, of one
    training and of the code's digests is equal to the last byte. Records of runs, which hold times, are not; nor is
    dvc.lock, which holds their digests."""
    found = []
    for name in PLACES:
        place = clone(scratch / name)
        begun = time.monotonic()
        ended = dvc(place, "repro", STAGE)
        seconds = time.monotonic() - begun
        wrong = ended.stderr[-300:] if ended.returncode else ""
        found.append(_made(place))
        yield Cloned("clean clones, byte for byte", name, wrong or difference(found[0], found[-1]), seconds)


def kills(count: int, seed: int, place: Path, seconds: float) -> Iterator[Trial]:
    """`dvc repro` killed at random moments of the seconds that it takes, in a clone that has run. Survived: what `study
    doctor` prints, and then the same command, end in the same bits."""
    chance = random.Random(f"{seed} dvc")
    expected = _made(place)
    for _ in range(count):
        moment = _kill(place, seconds, chance)
        remedies = _remedy(place)
        again = dvc(place, "repro", STAGE)
        wrong = difference(expected, _made(place)) if again.returncode == 0 else again.stderr[-300:]
        yield Trial("kills of dvc", f"after {moment:.1f} s{remedies}", wrong)


def _kill(place: Path, seconds: float, chance: random.Random) -> float:
    """Start `dvc repro` and kill it before it ends; what it has started goes on. Returns the moment."""
    while True:
        _undo(place)
        moment = chance.uniform(0.1 * seconds, seconds)
        quiet = subprocess.DEVNULL
        running = subprocess.Popen([*DVC, "repro", STAGE], cwd=place, env=_environment(), stdout=quiet, stderr=quiet)
        time.sleep(moment)
        running.send_signal(signal.SIGKILL)
        if running.wait() == -signal.SIGKILL:
            return moment


def _undo(place: Path) -> None:
    """Let the training be made again, without DVC taking it from its run cache."""
    subprocess.run(["rm", "-rf", *map(str, MADE[1:2]), "dvc.lock", ".dvc/cache/runs"], cwd=place, check=True)


def _remedy(place: Path) -> str:
    """Do what `study doctor` says of what is left behind, until it finds nothing; returns what was found."""
    found = ""
    end = time.monotonic() + PATIENCE
    with chdir(place):
        while faults := list(checks.left_behind()):
            assert time.monotonic() < end, faults
            for fault in faults:
                found += f"; {fault.about}: {fault.fix.partition(';')[0]}"
                program, *words = shlex.split(fault.fix.partition(";")[0])
                if program == "kill":
                    os.kill(int(words[0]), signal.SIGTERM)
                else:
                    subprocess.run([program, *words], check=True)
            time.sleep(1)
        assert locks.broken_lock() is None
    return found


def queue(count: int, place: Path) -> Iterator[Trial]:
    """So many values of lambda queued and run by `dvc exp run`. Survived: each is an experiment that DVC shows, and the
    work tree is as it was."""
    before = _made(place)
    values = [f"{number + 1}.5" for number in range(count)]
    for value in values:
        queued = dvc(place, "exp", "run", "--queue", "--name", f"lambda-{value[0]}", "-S", f"lambda={value}", QUEUED)
        assert queued.returncode == 0, queued.stderr
    ended = dvc(place, "exp", "run", "--run-all")
    shown = dvc(place, "exp", "list", "--name-only").stdout.split()
    changed = difference(before, _made(place))
    for value in values:
        lacking = "" if f"lambda-{value[0]}" in shown else f"no experiment: {(ended.stdout + ended.stderr)[-300:]}"
        yield Trial("a queue of experiments", f"lambda={value}", lacking or changed)
