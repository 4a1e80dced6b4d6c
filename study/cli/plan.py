"""`study plan`: what a run will do, before it starts."""

import json
import shlex
import shutil
import subprocess
import sys
from collections import Counter, defaultdict
from typing import Annotated, Any

import typer

from study.cli import pipeline, terminal
from study.cli.options import ScaleOption, chosen
from study.settings.errors import InvalidData, StudyError

EPILOG = "Examples:\n\n\b\n  study plan\n  study plan --scale desk"
# Bytes of memory: torch with a network and its batch, and what the stage `timing` holds.
A_TRAINING, TIMING = 1.5e9, 4.0e9


def plan(
    scale: ScaleOption = None,
    everything: Annotated[bool, typer.Option("--all", help="Also what DVC takes for up to date.")] = False,
) -> None:
    """What `dvc repro` will run, about how long it takes here, what it needs of disk and memory, and what is missing.

    Every kind of training is made for a few steps, so this takes a minute. While the run goes on, each stage then says
    which of how many it is, and the time that is left. The exit code is 1 if something is missing.
    """
    from study.assembly.forecast import Forecast
    from study.rendering.table import headed
    from study.settings import params, progress
    from study.settings.provenance import available_memory_bytes
    from study.stages import preflight

    whole, at = params.read(), chosen(scale)
    found = pipeline.stages()
    stale = set(found) if everything or at != whole.scale else out_of_date(found)
    missing: list[str] = []
    files: dict[str, int] = {}
    for dataset in whole.datasets:
        try:
            there = preflight.outside_contents(at, whole.at(at).data, [dataset])[dataset]
            files[dataset] = there.files if there else 0
        except StudyError as error:
            missing.append(str(error))
    forecast = Forecast(whole, at, files)
    seconds: dict[str, float] = {}
    kinds: Counter[str] = Counter()
    of_kind: dict[str, float] = defaultdict(float)
    with terminal.working("making a few steps of every training"):
        for name, stage in found.items():
            if name not in stale:
                continue
            kind, words = arguments(stage["cmd"])
            if words.get("dataset") in whole.datasets and words["dataset"] not in files:
                continue  # how long it takes depends on images that are not there
            seconds[name] = forecast.of(kind, words)
            kinds[kind] += 1
            of_kind[kind] += seconds[name]
    rows = [["stage", "number", "minutes"]]
    rows += [[kind, str(number), f"{of_kind[kind] / 60:.1f}"] for kind, number in kinds.items()]
    rows.append(["all", str(len(seconds)), f"{sum(seconds.values()) / 60:.1f}"])
    free, least = shutil.disk_usage(".").free / preflight.GIB, preflight.LEAST_FREE_GIB[at]
    needed = TIMING if "timing" in kinds else A_TRAINING
    memory = available_memory_bytes()
    behind = [
        f"{len(stale)} of {len(found)} stages are to be run: {progress.duration(sum(seconds.values()))} here, "
        "with the machine as busy as it is now.",
        f"Disk: {least} GiB at most, {free:.0f} are free. Memory: {needed / 1e9:.1f} GB, {memory / 1e9:.1f} are free.",
    ]
    if free < least:
        missing.append(f"disk: {free:.1f} GiB are free, {least} are needed")
    if memory < needed:
        behind.append("That is little memory: close other programs.")
    terminal.show(headed(f"Scale {at}, seeds {', '.join(map(str, whole.seeds))}", rows, behind=behind, left_columns=1))
    for fault in missing:
        terminal.say(f"missing: {fault}")
    if at == whole.scale:
        progress.begin(seconds)
    if missing:
        raise typer.Exit(1)


def arguments(command: str) -> tuple[str, dict[str, str]]:
    """A stage's name in study/stages and the arguments of its command."""
    _, _, module, *words = shlex.split(command)
    names = [name.removeprefix("--") for name in words[::2]]
    return module.rpartition(".")[2], dict(zip(names, words[1::2], strict=True))


def out_of_date(stages: dict[str, dict[str, Any]]) -> set[str]:
    """The stages that DVC would run: those that it finds changed, and all behind them. Raises InvalidData."""
    ran = subprocess.run([sys.executable, "-m", "dvc", "status", "--json"], capture_output=True, text=True)
    try:
        stale = {name for name in json.loads(ran.stdout) if name in stages}
    except ValueError:
        raise InvalidData(f"dvc status: {' '.join(ran.stderr.split())[-300:]}") from None
    # `preflight` runs always, and what it writes mostly stays as it was.
    waiting = [name for name in stale if name != "preflight"]
    while waiting:
        outs = paths_of(stages[waiting.pop()], "outs", "metrics")
        for name, stage in stages.items():
            if name not in stale and any(_within(dep, out) for dep in paths_of(stage, "deps") for out in outs):
                stale.add(name)
                waiting.append(name)
    return stale


def paths_of(stage: dict[str, Any], *kinds: str) -> list[str]:
    """The paths under `deps`, `outs` or `metrics` of a stage."""
    return [next(iter(one)) if isinstance(one, dict) else one for kind in kinds for one in stage.get(kind, [])]


def _within(one: str, other: str) -> bool:
    return one == other or one.startswith(f"{other}/") or other.startswith(f"{one}/")
