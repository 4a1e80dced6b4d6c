"""`study sweep`: the pipeline for several values of lambda and gamma, as experiments of DVC, and what they come to."""

import json
import subprocess
import sys
from itertools import product
from typing import Annotated

import typer

from study.cli import terminal
from study.cli.options import ScaleOption, chosen
from study.settings import paths
from study.settings.errors import InvalidData, InvalidParameter, StudyError
from study.settings.provenance import cores

CORES_A_RUN = 2  # a training uses two well, more of them less well
app = typer.Typer(
    help="Run the pipeline for several values of lambda and gamma, and compare.",
    epilog="Examples:\n\n\b\n  study sweep run --lambda 0.1 --lambda 1 --lambda 10\n  study sweep show",
    no_args_is_help=True,
)


class Failed(StudyError):
    """DVC or git did not do what it was asked for."""


def name_of(lambda_: float, gamma: float) -> str:
    """The name of an experiment."""
    return f"sweep-lambda-{lambda_:g}-gamma-{gamma:g}"


def revisions() -> dict[str, str]:
    """The commits of DVC's experiments, by their names."""
    told = _git("for-each-ref", "--format=%(refname:lstrip=4) %(objectname)", "refs/exps").splitlines()
    return {name: commit for name, _, commit in (line.partition(" ") for line in told) if name}


def stored_at(commit: str, scale: str) -> dict[str, dict]:
    """The files that a sweep is made of, as a commit holds them. Raises Failed if one is not there."""
    from study.rendering import sweep

    return {name: json.loads(_git("show", f"{commit}:{paths.results(scale) / name}")) for name in sweep.FILES}


def _git(*words: str) -> str:
    done = subprocess.run(["git", *words], capture_output=True, text=True, check=False)
    if done.returncode:
        raise Failed(f"git {' '.join(words)}: {done.stderr.strip()}")
    return done.stdout


def _dvc(*words: str, quiet: bool = False) -> int:
    return subprocess.run([sys.executable, "-m", "dvc", *words], check=False, capture_output=quiet).returncode


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
    """Queue an experiment for every pair, run them, compare them, write results/<scale>/sweep/.

    What does not depend on the values is taken from the cache. Changes that are not committed are part of every run.
    """
    from study.figures import style
    from study.rendering import sweep
    from study.settings import config

    params = config.read()
    pairs = list(product(sorted(set(lambdas)), sorted(set(gammas or [params.gamma]))))
    for lambda_, gamma in pairs:
        if lambda_ < 0 or gamma < 0:
            raise InvalidParameter(f"lambda and gamma must be at least 0, got {lambda_:g} and {gamma:g}")
    for lambda_, gamma in pairs:
        name = name_of(lambda_, gamma)
        _dvc("exp", "remove", name, quiet=True)  # of an earlier sweep, if there was one
        if _dvc("exp", "run", "--queue", "--name", name, "-S", f"lambda={lambda_:g}", "-S", f"gamma={gamma:g}"):
            raise Failed(f"DVC did not queue {name}; its message stands above")
    at_a_time = jobs or max(1, cores() // CORES_A_RUN)
    code = _dvc("exp", "run", "--run-all", "--jobs", str(at_a_time))
    done, points = revisions(), []
    for lambda_, gamma in pairs:
        name = name_of(lambda_, gamma)
        if name in done:
            points.append(sweep.point(lambda_, gamma, stored_at(done[name], params.scale)))
        else:
            points.append(sweep.Point(lambda_, gamma, failed=f"see: dvc queue logs {name}"))
    folder = paths.results(params.scale) / "sweep"
    paths.write_text(folder / "sweep.json", sweep.as_json(points, params.scale))
    paths.write_text(folder / "sweep.csv", sweep.as_csv(points))
    paths.write_text(folder / "sweep.md", sweep.as_markdown(points, params.scale))
    style.save(sweep.draw(points), folder / "sweep")
    _print(points, params.scale)
    if code or any(one.failed for one in points):
        raise typer.Exit(1)


@app.command("show")
def show(scale: ScaleOption = None) -> None:
    """Print the last sweep."""
    from study.rendering import sweep

    found = chosen(scale)
    file = paths.results(found) / "sweep" / "sweep.json"
    if not file.exists():
        raise InvalidData(f"{file}: no sweep was run; for example: study sweep run --lambda 0.1 --lambda 1 --lambda 10")
    _print(sweep.from_json(paths.read_json(file)), found)


def _print(points: list, scale: str) -> None:
    from study.rendering import sweep

    for section in sweep.sections(points, scale):
        terminal.say("")
        terminal.show(section)
    terminal.say(f"\nMore: {paths.results(scale) / 'sweep'}", style="dim")
