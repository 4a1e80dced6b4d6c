"""`study check`: this run against the reference run that the repository holds."""

import json
import subprocess
from pathlib import Path
from typing import Annotated, Any

import typer

from study.cli import terminal
from study.cli.diff import from_folder, from_git, git
from study.cli.options import ScaleOption, chosen
from study.settings import paths
from study.settings.errors import InvalidData

EPILOG = "Examples:\n\n\b\n  study check\n  study check --against v1.0 --scale desk"
EVALUATION = "evaluation/objects-vgg16.json"  # of every run


def check(
    against: Annotated[str, typer.Option(help="The git revision that holds the reference run.")] = "HEAD",
    scale: ScaleOption = None,
) -> None:
    """Every cell of the tables in results/<scale>/ against the same cell of the run that is in the repository.

    On the same hardware with the same packages a number must be equal. Elsewhere an error may move by 5 points, as with
    another seed. Times are not compared, speed-ups may move by 30 %. The exit code is 1 if any cell is different, and 2
    if there is nothing to compare.
    """
    from study.judging import reference
    from study.rendering.table import left, table

    name = chosen(scale)
    folder = paths.results(name)
    before, now = from_git(against, name), from_folder(folder, name)
    same = reference.same_machine(_provenance_of_git(against, name), _provenance(folder / EVALUATION))
    found = reference.checked(before, now, same=same)
    counts = {state: sum(one.state == state for one in found) for state in reference.STATES}
    different = [one for one in found if one.state == reference.DIFFERENT]
    machine = "the same hardware and packages" if same else "other hardware or packages"
    summary = ", ".join(f"{count} {state}" for state, count in counts.items() if count)
    said = f"Against the reference run ({against}, {machine}), cells of scale {name}: {summary}."
    if not different:
        terminal.say(said, style=terminal.GOOD)
        return
    rows = [[one.name, one.reference, one.here, one.why] for one in different]
    terminal.show(table(left("cell", "reference", "here", "why"), rows, "Different from the reference", behind=[said]))
    raise typer.Exit(1)


def _provenance(file: Path) -> dict[str, Any]:
    if not file.exists():
        raise InvalidData(f"{file}: no such result; make it with: dvc repro")
    return _of(paths.read_json(file))


def _provenance_of_git(revision: str, scale: str) -> dict[str, Any]:
    place = f"{revision}:./{(paths.results(scale) / EVALUATION).as_posix()}"
    try:
        return _of(json.loads(git("show", place)))
    except (subprocess.CalledProcessError, ValueError):
        raise InvalidData(f"{place}: no such result in the repository") from None


def _of(evaluation: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = evaluation.get("provenance", {})
    return found
