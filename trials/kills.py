"""Stages killed at random moments and between any two changes of a file. Survived: the same command ends in the same
bits as a run that nobody killed."""

import random
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from trials import checkout
from trials.checkout import CLASSIFIER, DATA, MODELS, OBJECTS, SEED
from trials.trial import Trial, difference, digests
from trials.warm import Warm

ATTEMPTS = 20  # to hit a run before it ends


@dataclass(frozen=True)
class Victim:
    """A stage that is killed, and the folder that it makes."""

    stage: str
    arguments: tuple[str, ...]
    makes: Path


VICTIMS = (
    Victim("prepare", OBJECTS, DATA),
    Victim("wae", (*OBJECTS, *SEED), MODELS / "wae/seed0"),
    Victim("train", (*CLASSIFIER, "full", *SEED), MODELS / "vgg16/full/seed0"),
    Victim("train", (*CLASSIFIER, "wae_cnn_frozen", *SEED), MODELS / "vgg16/wae_cnn_frozen/seed0"),
    Victim("finetune", (*CLASSIFIER, "wae_cnn", *SEED), MODELS / "vgg16/wae_cnn/seed0"),
)


def trials(count: int, seed: int, scratch: Path) -> Iterator[Trial]:
    """So many kills, spread over the stages; half of them by the clock, half before a change of a file."""
    folder = checkout.make(scratch / "kills")
    shares = [count // len(VICTIMS) + (number < count % len(VICTIMS)) for number in range(len(VICTIMS))]
    for victim, share in zip(VICTIMS, shares, strict=True):
        if share == 0:
            break
        with Warm(victim.stage) as warm:
            yield from _of_one(victim, share, random.Random(f"{seed} {victim.makes}"), warm, folder)


def _of_one(victim: Victim, count: int, chance: random.Random, warm: Warm, folder: Path) -> Iterator[Trial]:
    whole = warm.run(folder, *victim.arguments)
    assert whole.code == 0, whole.stderr
    expected = digests(folder / victim.makes)
    changes = warm.changes(folder, *victim.arguments)
    for number in range(count):
        shutil.rmtree(folder / victim.makes)
        shutil.rmtree(folder / "checkpoints", ignore_errors=True)
        done = ""
        for _ in range(ATTEMPTS):
            done = _kill(victim, number % 2 == 0, whole.seconds, changes, chance, warm, folder)
            if done:
                break
        assert done, f"{victim.stage} could not be killed before it ended"
        again = warm.run(folder, *victim.arguments)
        wrong = difference(expected, digests(folder / victim.makes)) if again.code == 0 else again.stderr[-300:]
        yield Trial("kills of stages", f"{victim.makes}: {done}", wrong)


def _kill(
    victim: Victim, by_clock: bool, seconds: float, changes: int, chance: random.Random, warm: Warm, folder: Path
) -> str:
    """Start the stage and kill it; when that was, or nothing if it ended before."""
    if by_clock:
        moment = chance.uniform(0, seconds)
        running = warm.start(folder, *victim.arguments)
        time.sleep(moment)
        warm.kill(running)
        said = f"after {moment:.2f} s"
    else:
        place = chance.randint(1, changes)
        running = warm.start(folder, *victim.arguments, dies_at=place)
        said = f"before change {place} of a file"
    return said if warm.wait(running).code == -9 else ""
