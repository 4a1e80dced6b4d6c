"""`study diff`: the results in the work tree against stored ones, or against the paper's."""

import json
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from study.cli import pipeline, terminal
from study.cli.options import ScaleOption, chosen
from study.settings import paths
from study.settings.errors import InvalidData

if TYPE_CHECKING:
    from study.judging.differences import Stored
    from study.rendering.table import Table

EPILOG = (
    "Examples:\n\n\b\n  study diff\n  study diff --against HEAD~3\n  study diff --against ~/earlier/results/desk\n"
    "  study diff --against paper"
)
PAPER = "paper"
RULES = """Compare the results in the work tree, results/<scale>/, with stored ones: a commit's, those in a folder, or
the paper's.

What got worse comes first. The exit code is 1 if anything got worse or vanished, else 0. Against the paper the headline
numbers are printed side by side, and the exit code is 0.

\b
A number got worse  if it lies outside of the widest interval stored with
                    it, on the bad side: up for errors, milliseconds and
                    multiply-adds, down for accuracies and speed-ups.
                    Without an interval every change of the printed
                    digits counts.
            changed if it moved within that interval, or if it now comes
                    from other data or other hardware.
           vanished if it was measured, and is missing or failed now.
A verdict got worse from match to inconclusive to differs,
a claim got worse   from holds to cannot tell to fails."""


def diff(
    against: Annotated[
        str, typer.Option(help="A git revision, a folder that holds tables/ and claims.json, or paper.")
    ] = ("HEAD"),
    scale: ScaleOption = None,
) -> None:
    from study.judging import differences
    from study.judging.number import LACKING
    from study.rendering.table import left, table

    name = chosen(scale)
    if against == PAPER:
        terminal.show(_beside_the_papers(name))
        return
    before = from_folder(Path(against), name) if Path(against).is_dir() else from_git(against, name)
    found = differences.differences(before, from_folder(paths.results(name), name))
    title = f"Results at scale {name} against {against}"
    if not found:
        terminal.say(f"{title}: no difference.", style=terminal.GOOD)
        return
    rows = [[one.kind, one.name, one.before or LACKING, one.after or LACKING, one.why] for one in found]
    counts = {kind: sum(one.kind == kind for one in found) for kind in differences.KINDS}
    summary = ", ".join(f"{count} {kind}" for kind, count in counts.items() if count)
    columns = left("", "cell or claim", "was", "is", "why")
    terminal.show(table(columns, rows, title, behind=[f"{summary}."]))
    if differences.got_worse(found):
        raise typer.Exit(1)


diff.__doc__ = RULES


def _beside_the_papers(scale: str) -> "Table":
    """The headline numbers of the work tree, the paper's, their differences and the tables' verdicts."""
    from study.judging import headline
    from study.judging.number import number
    from study.judging.tables import ComparedTable
    from study.rendering import stored
    from study.rendering.cells import signed
    from study.rendering.paper_tables import QUANTITIES, printed_text
    from study.rendering.table import left, right, table

    rows = []
    for place in headline.TABLES:
        file = paths.results(scale) / "tables" / f"table_{place}.json"
        if not file.exists():
            raise InvalidData(f"{file}: no such result; make it with: {pipeline.tables(scale)}")
        for cell in headline.cells(stored.read(file, ComparedTable)):
            numbers = [printed_text(cell), number(cell.measured), signed(cell.difference)]
            rows.append([str(place), cell.label, QUANTITIES[cell.quantity], *numbers, cell.verdict])
    columns = [*left("table", "network", "quantity"), *right("paper", "here", "difference"), *left("verdict")]
    return table(columns, rows, f"Headline numbers at scale {scale} beside the paper's")


def _stored(tables: dict[str, str], claims: str, where: str) -> "Stored":
    """A result from the texts of its files. Raises InvalidData if they are not those of a result."""
    from study.judging import differences

    try:
        return differences.stored([json.loads(text) for text in tables.values()], json.loads(claims))
    except (ValueError, KeyError, TypeError) as error:
        raise InvalidData(f"{where}: not results as this version of the study writes them: {error!r}") from None


def from_folder(folder: Path, scale: str) -> "Stored":
    """The result in results/<scale>/, in a copy of it, or in a copy of results/."""
    for candidate in (folder, folder / scale, folder / paths.results(scale)):
        files = sorted((candidate / "tables").glob("table_*.json"))
        claims = candidate / "claims.json"
        if files and claims.exists():
            texts = {file.name: file.read_text(encoding="utf-8") for file in files}
            return _stored(texts, claims.read_text(encoding="utf-8"), str(candidate))
    raise InvalidData(f"{folder}: no tables/ and claims.json there; make them with: {pipeline.tables(scale)}")


def git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], capture_output=True, encoding="utf-8", check=True).stdout


def from_git(revision: str, scale: str) -> "Stored":
    """The result that a commit holds."""
    folder = paths.results(scale).as_posix()
    try:
        git("rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
    except (OSError, subprocess.CalledProcessError):
        raise InvalidData(f"{revision}: neither a folder nor a revision that git knows here") from None
    try:
        # Relative to the checkout's root, which need not be that of the repository.
        names = git("ls-tree", "--name-only", revision, f"./{folder}/tables/").split()
        files = [name for name in names if Path(name).match("table_*.json")]
        tables = {name: git("show", f"{revision}:./{name}") for name in files}
        return _stored(tables, git("show", f"{revision}:./{folder}/claims.json"), f"{revision}:{folder}")
    except subprocess.CalledProcessError:
        raise InvalidData(f"{revision}: holds no results at scale {scale}; name another with --against") from None
