"""`study show`: the study's results in the terminal."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from study.cli import pipeline, terminal
from study.cli.options import ScaleOption, chosen
from study.settings import paths
from study.settings.errors import InvalidData

app = typer.Typer(
    help="Print results: tables, claims and what else results/<scale>/ holds.",
    epilog="Examples:\n\n\b\n  study show table 2\n  study show claims --scale smoke\n  study show timing | less",
    no_args_is_help=True,
)
FIRST, LAST = 1, 7  # tables of the paper


def _show(name: str, scale: ScaleOption, sections: Callable[[dict, str], list]) -> None:
    """Print results/<scale>/<name>.json as the sections that are made of it."""
    found = chosen(scale)
    file = paths.results(found) / f"{name}.json"
    try:
        made = sections(paths.read_json(_existing(file, found)), found)
    except (ValueError, KeyError, TypeError) as error:
        raise InvalidData(
            f"{file}: not as this version of the study writes it ({error!r}); "
            f"make it again with: {pipeline.tables(found)}"
        ) from None
    for section in made:
        terminal.say("")
        terminal.show(section)
    # Tables have their Markdown beside them, and the other results too.
    terminal.say(f"\nMore: {file.with_suffix('.md')}", style="dim")


def _existing(file: Path, scale: str) -> Path:
    if not file.exists():
        raise InvalidData(f"{file}: no such result; make it with: {pipeline.tables(scale)}")
    return file


@app.command("table")
def table(
    number: Annotated[int, typer.Argument(min=FIRST, max=LAST, help="The number of the table in the paper.")],
    scale: ScaleOption = None,
) -> None:
    """One of the paper's tables: printed and measured, with intervals and verdicts."""
    from study.rendering import views

    _show(f"tables/table_{number}", scale, lambda stored, found: [views.table(stored, found)])


@app.command("claims")
def claims(scale: ScaleOption = None) -> None:
    """What the paper says in prose, and whether it holds on its own numbers and here."""
    from study.rendering import views

    _show("claims", scale, lambda stored, _: [views.claims(stored)])


@app.command("controls")
def controls(scale: ScaleOption = None) -> None:
    """Comparisons that the paper lacks: what of the result is whose doing."""
    from study.rendering import views

    _show("controls", scale, lambda stored, _: [views.controls(stored)])


@app.command("pruning")
def pruning(scale: ScaleOption = None) -> None:
    """The drop of every pruned network against its baseline, quoted and measured."""
    from study.rendering import views

    _show("pruning", scale, lambda stored, _: [views.pruning(stored)])


@app.command("timing")
def timing(scale: ScaleOption = None) -> None:
    """Times of the full-size networks, in every implementation."""
    from study.rendering import speeds

    def sections(stored: dict, _: str) -> list:
        terminal.say("\n".join(speeds.conditions(stored)))
        return speeds.sections(stored)

    _show("timing", scale, sections)


@app.command("ledger")
def ledger(scale: ScaleOption = None) -> None:
    """Where the paper's numbers contradict each other."""
    _show_text("ledger", scale)


@app.command("deviations")
def deviations(scale: ScaleOption = None) -> None:
    """In what the scale departs from the paper's set-up."""
    _show_text("deviations", scale)


def _show_text(name: str, scale: ScaleOption) -> None:
    found = chosen(scale)
    terminal.show_markdown(_existing(paths.results(found) / f"{name}.md", found).read_text(encoding="utf-8"))
