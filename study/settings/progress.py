"""How far the whole run is: which stage of how many, and the time that is left by the plan of `study plan`."""

import time
from collections.abc import Mapping
from pathlib import Path

from study.settings import paths
from study.settings.errors import StudyError

TRUSTED = 60.0  # seconds of the plan that must have passed before it is corrected by how long they took


def file() -> Path:
    """Where the plan of the run lies, beside the unfinished trainings."""
    return paths.checkpoints() / "plan.json"


def begin(seconds: Mapping[str, float]) -> None:
    """Store a plan: by stage, the seconds that it is expected to take."""
    paths.write_json(file(), {"seconds": dict(seconds), "started": {}})


def announce(stage: str) -> None:
    """Say that a stage starts, if it is one of the plan; a plan that cannot be read is none."""
    try:
        plan = paths.read_json(file())
        if stage not in plan["seconds"] or stage in plan["started"]:
            return
        plan["started"][stage] = time.time()
        paths.write_json(file(), plan)
        print(said(plan["seconds"], plan["started"], time.time()), flush=True)
    except (OSError, StudyError, KeyError, TypeError):
        return


def said(seconds: Mapping[str, float], started: Mapping[str, float], now: float) -> str:
    """Which stage of how many this is, and how long it and the rest will take by the time that those before it took."""
    before = sum(seconds[stage] for stage in list(started)[:-1])
    left = sum(seconds.values()) - before
    if before > TRUSTED:
        left *= (now - min(started.values())) / before
    return f"Stage {len(started)} of {len(seconds)}; {duration(left)} left for the run."


def duration(seconds: float) -> str:
    """A length of time as it is spoken of."""
    minutes = round(seconds / 60)
    if minutes < 1:
        return "less than a minute"
    if minutes < 120:
        return f"about {minutes} minute{'s' if minutes > 1 else ''}"
    return f"about {minutes / 60:.0f} hours" if minutes < 48 * 60 else f"about {minutes / 1440:.0f} days"
