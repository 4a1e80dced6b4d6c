"""`python -m trials`: what is tried, how often, and where the table goes."""

import signal
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from trials import clones, concurrency, damage, folders, kills, page, parameters
from trials.checkout import ROOT
from trials.trial import Trial

PAGE = Path("docs/trials.md")
SHORT = {"kills": 3, "dvc": 0, "files": 12, "images": 12, "damaged": 8, "starts": 1, "queued": 0}


def _all(number: dict[str, int], seed: int, scratch: Path) -> Iterator[Trial]:
    """All trials of which there is to be one."""
    if number["files"]:
        yield from parameters.trials(number["files"], seed, scratch)
    if number["images"]:
        yield from folders.trials(number["images"], seed, scratch)
    if number["damaged"]:
        yield from damage.trials(number["damaged"], seed, scratch)
    yield from kills.trials(number["kills"], seed, scratch)
    yield from concurrency.starts(number["starts"], scratch)
    if number["clones"]:
        made = []
        for one in clones.two(scratch):
            made.append(one)
            yield one
        yield from clones.kills(number["dvc"], seed, scratch / clones.PLACES[0], made[-1].seconds)
        yield from clones.queue(number["queued"], scratch / clones.PLACES[1])


def _command(
    kills: Annotated[int, typer.Option(min=0, help="Kills of stages.")] = 54,
    dvc: Annotated[int, typer.Option(min=0, help="Kills of dvc.")] = 6,
    files: Annotated[int, typer.Option(min=0, help="Parameter files.")] = 300,
    images: Annotated[int, typer.Option(min=0, help="Folders of images.")] = 96,
    damaged: Annotated[int, typer.Option(min=0, help="Damaged files.")] = 48,
    starts: Annotated[int, typer.Option(min=0, help="Times that a stage is started twice at once.")] = 10,
    queued: Annotated[int, typer.Option(min=0, help="Experiments in the queue.")] = 8,
    clones: Annotated[bool, typer.Option(help="Two clean clones; dvc is killed, and queues, in them.")] = True,
    seed: Annotated[int, typer.Option(help="Of all that is drawn.")] = 0,
    short: Annotated[bool, typer.Option("--short", help="A few of each, none with dvc, and no page.")] = False,
) -> None:
    """Try what can go wrong, print the table, write it to docs/trials.md. Exit code 1 if anything was not survived."""
    number = {
        "kills": kills, "dvc": dvc, "files": files, "images": images, "damaged": damaged, "starts": starts,
        "queued": queued, "clones": int(clones),
    }  # fmt: skip
    if short:
        number = {**SHORT, "clones": 0}
    for ending in (signal.SIGINT, signal.SIGTERM):  # also where the shell has put it into the background
        signal.signal(ending, signal.default_int_handler)
    found: list[Trial] = []
    with tempfile.TemporaryDirectory() as scratch:
        try:
            for one in _all(number, seed, Path(scratch).resolve()):
                found.append(one)
                mark = "survived" if one.survived else f"NOT SURVIVED: {one.wrong}"
                print(f"{one.kind}: {one.done!a}: {mark}", file=sys.stderr, flush=True)
        except KeyboardInterrupt:
            print("interrupted: the table holds what was tried so far", file=sys.stderr)
    rows, lost, file = page.rows(found), page.failures(found), ROOT / PAGE
    print("\n".join(page.table(rows)))
    if not short:
        before = page.stored(file.read_text(encoding="utf-8")) if file.exists() else []
        file.write_text(page.page(page.merged(before, rows), lost), encoding="utf-8")
    if lost:
        print("\n".join(["", "Not survived:", *map(ascii, lost)]))
        raise typer.Exit(1)


def main() -> None:
    """Run the command with the arguments of the program."""
    typer.run(_command)
