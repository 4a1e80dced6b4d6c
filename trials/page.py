"""The table of tried and survived, as it is printed and as docs/trials.md shows it."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import UTC, datetime

from study.settings.escaping import in_markdown
from study.settings.provenance import code_commit, processor
from trials.folders import PATIENCE
from trials.parameters import LIMIT
from trials.trial import Trial

LOST = """## What cannot be survived

- **A file that is whole and wrong.** Whoever changes a result or a weight, and its checksum with it, is not found out;
  git and `dvc.lock` then name the file as changed.
- **A file from before checksums.** Results and weights that an earlier version left carry none, and are read as they
  are.
- **Both states of a checkpoint damaged at once.** The training starts anew, and says so; it ends in the same bits.
- **A disk that says that it has written and has not.** Files are written beside, forced to the disk (`fsync`) and
  renamed; a disk that lies about that can lose the last of them. Its checksum then tells.
- **Power cuts, and machines other than this one** (macOS, Windows, network disks) were not tried.
"""


@dataclass(frozen=True)
class Row:
    """A row of the table: a kind, how many were tried and survived, when, by which code, on which processor."""

    kind: str
    tried: int
    survived: int
    date: str
    commit: str
    processor: str


HEADS = ("kind", "tried", "survived", "date", "commit", "processor")


def rows(trials: Sequence[Trial]) -> list[Row]:
    """A row for each kind, of today and of the code as it is."""
    found = []
    for kind in dict.fromkeys(trial.kind for trial in trials):
        of_kind = [trial for trial in trials if trial.kind == kind]
        survived = sum(trial.survived for trial in of_kind)
        found.append(Row(kind, len(of_kind), survived, f"{datetime.now(UTC):%Y-%m-%d}", code_commit(), processor()))
    return found


def stored(text: str) -> list[Row]:
    """The rows of a page that was written before."""
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line[:1] == "|"]
    return [Row(each[0], int(each[1]), int(each[2]), *each[3:]) for each in cells if each[1:2] and each[1].isdigit()]


def merged(before: Sequence[Row], now: Sequence[Row]) -> list[Row]:
    """The rows of before, those tried again replaced, new ones behind."""
    found = {row.kind: row for row in before} | {row.kind: row for row in now}
    return list(found.values())


def table(shown: Sequence[Row]) -> list[str]:
    """The table, in lines of Markdown."""
    lines = [f"| {' | '.join(HEADS)} |", "|---|---:|---:|---|---|---|"]
    return [*lines, *(f"| {' | '.join(map(str, astuple(row)))} |" for row in shown)]


def failures(trials: Sequence[Trial]) -> list[str]:
    """What did not survive, a line each."""
    return [f"{trial.kind}: {trial.done}: {trial.wrong}" for trial in trials if not trial.survived]


def page(shown: Sequence[Row], lost: Sequence[str]) -> str:
    """The page in Markdown: the table, and of the last run what did not survive."""
    return "\n".join(
        [
            "# What the study survives",
            "",
            "Made by `make trials`, not by hand. A row is replaced when its kind is tried again.",
            "",
            *table(shown),
            "",
            *(["Not survived:", "", *(f"- {in_markdown(line)}" for line in lost), ""] if lost else []),
            "Survived means, for",
            "",
            "- a kill (`kill -9`, half of them by the clock, half right before a change of a file): the same command, "
            "run again, ends in the same bits as a run that nobody killed; after a kill of `dvc`, once what "
            "`study doctor` prints has been done;",
            "- damage (one bit, a page of zeros, cut short, replaced by text, emptied): the reading stage ends in the "
            "same bits as without it, or with exit code 1 and a line that names the file;",
            "- parameters and folders: fine, or exit code 1 and a line for each fault that begins with `error: `, in "
            f"time ({LIMIT} seconds, {PATIENCE} for a folder where other work shares the processor), nothing executed;",
            "- runs at once: each ends with exit code 0, in the bits of a single run.",
            "",
            LOST,
        ]
    )
