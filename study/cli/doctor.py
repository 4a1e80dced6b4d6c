"""`study doctor`: is everything there that a run needs?"""

from typing import Annotated

import typer

from study.cli import terminal
from study.cli.options import ScaleOption
from study.cli.pipeline import PROJECT
from study.settings.errors import InvalidData

EPILOG = "Examples:\n\n\b\n  study doctor\n  STUDY_OBJECTS=~/photos study doctor --scale photos"


def doctor(
    scale: ScaleOption = None,
    errors: Annotated[bool, typer.Option("--errors", help="Print errors alone, as before a run.")] = False,
) -> None:
    """Look at Python, packages, torch, GPU, memory, disk, git, DVC and the data of a scale.

    A line a finding, ok, warning or error, each fault with its fix. The exit code is 1 if there is an error.
    """
    from study.cli import checks

    if not PROJECT.is_file():
        raise InvalidData(f"{PROJECT}: not found; run it in the root of the checkout")
    found = []
    for finding in checks.findings(scale.value if scale else None):
        found.append(finding)
        if errors and finding.level != checks.ERROR:
            continue
        terminal.mark(finding.level, f"{finding.about}: {finding.found}", finding.fix)
    counts = {level: sum(one.level == level for one in found) for level in (checks.ERROR, checks.WARNING)}
    if not errors:
        terminal.say("\n" + ", ".join(f"{count} {level}{'' if count == 1 else 's'}" for level, count in counts.items()))
    if counts[checks.ERROR]:
        raise typer.Exit(1)
