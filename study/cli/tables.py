"""`study tables`: one table judged again from what was measured, without training."""

from pathlib import Path
from typing import Annotated

import typer

from study.cli import terminal
from study.cli.options import ScaleOption, chosen
from study.settings.errors import InvalidParameter

EPILOG = "Examples:\n\n\b\n  study tables\n  study tables table_2\n  study tables rows --out rows.csv --scale desk"
FOLDER = "tables/"  # in which the paper's own lie


def tables(
    name: Annotated[str | None, typer.Argument(help="Which one; without a name all are listed.")] = None,
    out: Annotated[
        Path | None, typer.Option(help="A file: .md, .json with every digit, .csv with a line each.")
    ] = None,
    scale: ScaleOption = None,
) -> None:
    """Judge the measured numbers and print one page of them; `dvc repro tables@<scale>` writes all of them.

    `study show` prints what the pipeline wrote.
    """
    from study.rendering import csv, markdown, stored
    from study.settings import config, paths
    from study.stages.tables import Settings, made

    at = chosen(scale)
    pages = {key.removeprefix(FOLDER): one for key, one in made(config.load(Settings, at), at).items()}
    if name is None:
        for key, one in pages.items():
            terminal.say(f"{key:<11} {one.page.title}")
        return
    if name not in pages:
        raise InvalidParameter(f"table: must be one of {', '.join(pages)}, got {name!r}")
    one = pages[name]
    if out is None:
        terminal.show_page(one.page)
        return
    texts = {".md": markdown.page(one.page)}
    if one.record is not None:
        texts[".json"] = stored.as_json(one.record)
    if one.lines:
        texts[".csv"] = csv.lines(one.lines)
    if out.suffix not in texts:
        raise InvalidParameter(f"--out: {name} is written as {', '.join(texts)}, got {out}")
    paths.write_text(out, texts[out.suffix])
    terminal.say(f"{out}: {one.page.title}")
