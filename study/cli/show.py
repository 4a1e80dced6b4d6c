"""`study show`: the study's results in the terminal."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from study.cli import pipeline, terminal
from study.cli.options import ScaleOption, chosen
from study.settings import paths
from study.settings.errors import InvalidData

if TYPE_CHECKING:
    from study.rendering.table import Page

app = typer.Typer(
    help="Print results: tables, claims and what else results/<scale>/ holds.",
    epilog=(
        "Examples:\n\n\b\n  study show table 2\n  study show table 2 --latex\n  study show claims --scale smoke\n"
        "  study show timing | less"
    ),
    no_args_is_help=True,
)
FIRST, LAST = 1, 7  # tables of the paper


def _show(name: str, scale: ScaleOption, made: Callable[[Path, str], "Page"]) -> None:
    """Print results/<scale>/<name>.json as the page that is made of it, below the protocol that it is judged by."""
    from study.judging.registration import Registration
    from study.rendering import registration, stored

    found = chosen(scale)
    file = _existing(paths.results(found) / f"{name}.json", found)
    protocol = _existing(paths.results(found) / "protocol.json", found)
    terminal.show_page(registration.under(made(file, found), stored.read(protocol, Registration)))
    # Pages have their Markdown beside them, with all columns.
    terminal.say(f"\nMore: {file.with_suffix('.md')}", style="dim")


def _existing(file: Path, scale: str) -> Path:
    if not file.exists():
        raise InvalidData(f"{file}: no such result; make it with: {pipeline.tables(scale)}")
    return file


@app.command("table")
def table(
    number: Annotated[int, typer.Argument(min=FIRST, max=LAST, help="The number of the table in the paper.")],
    scale: ScaleOption = None,
    as_latex: Annotated[bool, typer.Option("--latex", help="As LaTeX for a manuscript (package booktabs).")] = False,
) -> None:
    """One of the paper's tables: printed and measured, with intervals and verdicts."""
    from study.judging.tables import ComparedTable
    from study.rendering import latex, paper_tables, stored

    if as_latex:
        found = chosen(scale)
        file = _existing(paths.results(found) / "tables" / f"table_{number}.json", found)
        terminal.say(latex.table(paper_tables.row_by_row(stored.read(file, ComparedTable))))
        return
    _show(f"tables/table_{number}", scale, lambda file, at: paper_tables.page(stored.read(file, ComparedTable), at))


@app.command("networks")
def networks(scale: ScaleOption = None) -> None:
    """Every network of the study, those that the paper lacks too, on one line each."""
    from study.judging.rows import Rows
    from study.rendering import rows, stored

    _show("rows", scale, lambda file, _: rows.page(stored.read(file, Rows)))


@app.command("endpoint")
def endpoint(scale: ScaleOption = None) -> None:
    """The share of the resolution loss that every network wins back: the primary endpoint."""
    from study.judging.endpoint import Endpoints
    from study.rendering import endpoint, stored

    _show("endpoint", scale, lambda file, _: endpoint.page(stored.read(file, Endpoints)))


@app.command("data")
def data(scale: ScaleOption = None) -> None:
    """The data that errors were measured on: classes, counts, what guessing gives, the error of every class."""
    from study.judging.data import Data
    from study.rendering import data, stored

    _show("data", scale, lambda file, _: data.page(stored.read(file, Data)))


@app.command("claims")
def claims(scale: ScaleOption = None) -> None:
    """What the paper says in prose, and whether it holds on its own numbers and here."""
    from study.judging.claims import Claims
    from study.rendering import claims, stored

    _show("claims", scale, lambda file, _: claims.page(stored.read(file, Claims)))


@app.command("controls")
def controls(scale: ScaleOption = None) -> None:
    """Comparisons that the paper lacks: what of the result is whose doing."""
    from study.judging.controls import Controls
    from study.rendering import controls, stored

    _show("controls", scale, lambda file, _: controls.page(stored.read(file, Controls)))


@app.command("pruning")
def pruning(scale: ScaleOption = None) -> None:
    """The drop of every pruned network against its baseline, quoted and measured."""
    from study.judging.pruning import Drops
    from study.rendering import pruning, stored

    _show("pruning", scale, lambda file, _: pruning.page(stored.read(file, Drops)))


@app.command("timing")
def timing(scale: ScaleOption = None) -> None:
    """Times of the full-size networks, in every implementation, machine by machine."""
    from study.judging.machines import stored
    from study.rendering.timing import page

    found = chosen(scale)
    folder = paths.results(found) / "timing"
    timings = stored(folder)
    if not timings:
        raise InvalidData(f"{folder}: no such result; make it with: {pipeline.tables(found)}")
    terminal.show_page(page(timings))
    terminal.say(f"\nMore: {folder.with_suffix('.md')}", style="dim")


@app.command("deviations")
def deviations(scale: ScaleOption = None) -> None:
    """In what the scale departs from the paper's set-up."""
    from study.paper.deviations import Setup
    from study.rendering import deviations, stored

    _show("deviations", scale, lambda file, _: deviations.page(stored.read(file, Setup)))


@app.command("ledger")
def ledger(scale: ScaleOption = None) -> None:
    """Where the paper's numbers contradict each other."""
    found = chosen(scale)
    terminal.show_markdown(_existing(paths.results(found) / "ledger.md", found).read_text(encoding="utf-8"))
