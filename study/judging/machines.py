"""Times of several machines side by side: where each was taken, and on which of them a claim holds."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from study.settings import paths

HOLDS, FAILS = "holds", "does not hold"

# Beside the paper's times stand those of one image on one thread: the paper classifies one image at a time and states
# no number of threads, and one thread is the same on every machine.
PRIMARY_BATCH, PRIMARY_THREADS = 1, 1


@dataclass(frozen=True, order=True)
class At:
    """Where a time was taken: the machine by its fingerprint, the device, images at a time, threads of the processor.

    `busy` says why other work may have disturbed it, and is empty where nothing did; `processes` is how many times all
    was repeated in a fresh process.
    """

    machine: str
    device: str  # "cpu" or "cuda"
    batch: int
    threads: int
    busy: tuple[str, ...] = ()
    processes: int = 1

    @property
    def primary(self) -> bool:
        """Whether this stands beside the paper's."""
        return self.batch == PRIMARY_BATCH and (self.device == "cuda" or self.threads == PRIMARY_THREADS)

    @property
    def condition(self) -> str:
        """In the words of the tables, without those of a time that was disturbed."""
        return f"{self.machine}, {how(self.device, self.batch, self.threads)}"


def how(device: str, batch: int, threads: int) -> str:
    """Threads, where it is a processor that computes, and images at a time."""
    number = f"{threads} thread{'s' if threads > 1 else ''}, " if device == "cpu" else ""
    return f"{number}batch {batch}"


def busy_note(run: Mapping[str, Any]) -> str:
    """What is said of times that other work may have disturbed; nothing of others."""
    return f"machine was busy: {'; '.join(run['reasons'])}" if run["machine_was_busy"] else ""


def stored(folder: Path) -> dict[str, dict[str, Any]]:
    """The measurements of every machine, by its fingerprint: a machine cannot be expected, only found."""
    return {file.stem: paths.read_json(file) for file in sorted(folder.glob("*.json"))}


@dataclass(frozen=True)
class OnMachines:
    """What a claim about speed comes to on each machine: it may hold on one and not on another."""

    words: dict[str, str]  # condition -> HOLDS, FAILS, or why it is not decided there

    def where(self, word: str) -> tuple[str, ...]:
        """The conditions under which it came to this word."""
        return tuple(condition for condition, its in self.words.items() if its == word)

    @property
    def undecided(self) -> tuple[str, ...]:
        """The conditions under which nothing can be said."""
        return tuple(condition for condition, its in self.words.items() if its not in (HOLDS, FAILS))

    @property
    def depends(self) -> bool:
        """Whether the machine or its threads decide."""
        return bool(self.where(HOLDS)) and bool(self.where(FAILS))

    @property
    def said(self) -> str:
        """One sentence without its stop, such as: holds on A; does not hold on B."""
        parts = [f"{word} on {', '.join(self.where(word))}" for word in (HOLDS, FAILS) if self.where(word)]
        parts += [f"{self.words[condition]} on {condition}" for condition in self.undecided]
        return "; ".join(parts) or "not measured on any machine"
