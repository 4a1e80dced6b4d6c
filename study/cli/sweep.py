"""`study sweep`: the pipeline for several values of lambda and gamma, as experiments of DVC, and what they come to."""

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from study.cli import terminal
from study.cli.options import ScaleOption, chosen
from study.settings import paths
from study.settings.errors import InvalidData, InvalidParameter, StudyError

if TYPE_CHECKING:
    from study.judging.sweep import Point, Sweep

CORES_A_RUN = 2  # a training uses two well, more of them less well
app = typer.Typer(
    help="Run the pipeline for several values of lambda and gamma, and compare.",
    epilog="Examples:\n\n\b\n  study sweep run --lambda 0.1 --lambda 1 --lambda 10\n  study sweep show",
    no_args_is_help=True,
)


class Failed(StudyError):
    """DVC did not do what it was asked for."""


@app.command("run")
def run(
    lambdas: Annotated[
        list[float], typer.Option("--lambda", help="Weight of the energy of I_H; give it several times.")
    ],
    gammas: Annotated[
        list[float] | None, typer.Option("--gamma", help="Weight of the transform loss; that of params.yaml if none.")
    ] = None,
    jobs: Annotated[int | None, typer.Option(min=1, help="Runs at a time; one for two cores if not given.")] = None,
) -> None:
    """Queue an experiment for every pair, run the queue, compare them, write results/<scale>/sweep/.

    DVC makes the grid, runs it and keeps the experiments (dvc exp show, dvc exp remove); what does not depend on the
    values is taken from its cache. Changes that are not committed are part of every run. The channels of the embedded
    photographs are kept for every value, for the page on Eq. 5 in the report.
    """
    from study.figures import style
    from study.figures.sweep import draw
    from study.judging.sweep import Sweep
    from study.rendering import csv, markdown, stored
    from study.rendering.sweep import page
    from study.settings import params
    from study.settings.provenance import cores

    grid = [*_override("lambda", lambdas), *_override("gamma", gammas or [])]
    scale = params.read().scale
    name = f"sweep-{datetime.now(UTC):%Y%m%d-%H%M%S}"
    if _dvc("exp", "run", "--queue", "--name", name, *grid):
        raise Failed(f"DVC did not queue {name}; its message stands above")
    _dvc("exp", "run", "--run-all", "--jobs", str(jobs or max(1, cores() // CORES_A_RUN)))
    runs = runs_of(name, scale)
    points = [point for point, _ in runs]
    folder = paths.results(scale) / "sweep"
    found = Sweep(scale, tuple(points))
    for point, channels in runs:
        if channels is not None:
            paths.write_bytes(folder / point.archive, channels)
    paths.write_text(folder / "sweep.json", stored.as_json(found))
    paths.write_text(folder / "sweep.csv", csv.lines(points))
    paths.write_text(folder / "sweep.md", markdown.page(page(found)))
    style.save(draw(points), folder / "sweep.png")
    _print(found)
    if any(one.failed for one in points):
        raise typer.Exit(1)


def _override(name: str, values: list[float]) -> list[str]:
    """Words for DVC that set a parameter to each of some values, every digit kept; none where there is no value.

    Raises InvalidParameter for a value that params.yaml could not hold.
    """
    from pydantic import TypeAdapter, ValidationError

    from study.settings.parameters.types import NotNegative

    for value in values:
        try:
            TypeAdapter(NotNegative).validate_python(value)
        except ValidationError as error:
            wanted = error.errors()[0]["msg"].removeprefix("Input should be ")
            raise InvalidParameter(f"--{name}: must be {wanted}, got {value:g}") from None
    return ["-S", f"{name}={','.join(map(repr, sorted(set(values))))}"] if values else []


def _dvc(*words: str) -> int:
    """DVC's exit code. What it starts looks for `dvc` and `python` on the PATH: it finds those of this program."""
    own = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    return subprocess.run(
        [sys.executable, "-m", "dvc", *words], check=False, env={**os.environ, "PATH": own}
    ).returncode


def runs_of(name: str, scale: str) -> "list[tuple[Point, bytes | None]]":
    """What the experiments whose names start with `name` came to, by lambda and gamma, each with an archive of the
    channels of the embedded photographs, None where there is none.

    Raises Failed if DVC knows none.
    """
    import json

    import dvc.api

    from study.judging import sweep

    runs: list[tuple[Point, bytes | None]] = []
    for row in dvc.api.exp_show():
        experiment = row["Experiment"] or ""
        if not experiment.startswith(name):
            continue
        if row["State"] == "Success":
            folder = paths.results(scale)
            texts = {file: dvc.api.read(str(folder / file), rev=experiment) for file in sweep.FILES}
            stored = {file: json.loads(text) for file, text in texts.items()}
            channels = sweep.shown(dvc.api.read(str(folder / sweep.ARRAYS), rev=experiment, mode="rb"))
            runs.append((sweep.point(row["lambda"], row["gamma"], stored), channels))
        else:
            state = str(row["State"]).lower()
            failed = f"{state}; dvc queue logs {experiment}"
            runs.append((sweep.Point(row["lambda"], row["gamma"], failed=failed), None))
    if not runs:
        raise Failed(f"DVC knows no experiment {name}; see: dvc exp show, dvc queue status")
    return sorted(runs, key=lambda run: (run[0].lambda_, run[0].gamma))


@app.command("show")
def show(scale: ScaleOption = None) -> None:
    """Print the last sweep."""
    from study.judging.sweep import Sweep
    from study.rendering import stored

    found = chosen(scale)
    file = paths.results(found) / "sweep" / "sweep.json"
    if not file.exists():
        raise InvalidData(f"{file}: no sweep was run; for example: study sweep run --lambda 0.1 --lambda 1 --lambda 10")
    _print(stored.read(file, Sweep))


def _print(found: "Sweep") -> None:
    from study.rendering.sweep import page

    terminal.show_page(page(found))
    terminal.say(f"\nMore: {paths.results(found.scale) / 'sweep'}", style="dim")
