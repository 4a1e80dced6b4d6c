"""`study report`: everything that a scale has come to, on one page for a browser."""

from pathlib import Path
from typing import Annotated

import typer

from study.cli import pipeline, terminal
from study.cli.options import ScaleOption, chosen
from study.settings.errors import InvalidData

EPILOG = "Examples:\n\n\b\n  study report\n  study report --scale desk --out report.html"


def report(
    out: Annotated[
        Path | None, typer.Option(help="The file; results/<scale>/report.html, which git ignores, if none is given.")
    ] = None,
    scale: ScaleOption = None,
) -> None:
    """Write the report from what is stored: one HTML file that needs no network."""
    from study.rendering.document import document
    from study.settings import paths
    from study.stages.report import REPORT

    at = chosen(scale)
    try:
        text = document(at)
    except FileNotFoundError as error:
        raise InvalidData(f"{error.filename}: no such result; make it with: {pipeline.tables(at)}") from None
    file = out or paths.results(at) / REPORT
    paths.write_text(file, text)
    terminal.say(f"{file}: {len(text) / 1e6:.1f} MB, for a browser")
