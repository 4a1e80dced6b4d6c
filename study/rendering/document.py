"""The report: everything that a scale has come to, in one HTML file that needs no network."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from study.judging import machines
from study.judging.answer import ROW, answer
from study.judging.claims import Claims
from study.judging.controls import Controls
from study.judging.data import Data, Described, named
from study.judging.endpoint import Endpoints
from study.judging.ledger import ledger
from study.judging.predicates import CANNOT_TELL, FAILS, HOLDS
from study.judging.pruning import Drops
from study.judging.registration import Registration
from study.judging.rows import Rows
from study.judging.tables import ComparedTable
from study.paper import tables as paper
from study.paper.deviations import Setup
from study.rendering import (
    claims,
    controls,
    counting,
    deviations,
    endpoint,
    first_screen,
    html,
    paper_tables,
    pruning,
    stored,
    timing,
    transform_loss,
)
from study.rendering import data as data_page
from study.rendering import ledger as ledger_page
from study.rendering import registration as registered_page
from study.rendering.dark import dark
from study.rendering.leaderboard import NOTE, leaderboard
from study.rendering.table import Page, Table, left, right, table
from study.settings import paths

# What the stages that measure leave.
MEASURED = (
    "architecture.json",
    "channels/channels.json",
    "complexity.json",
    "timing/*.json",
    "evaluation/*.json",
    "noise/*.json",
    "reconstruction/*.json",
)
CAPTIONS = "figures.json"
FIRST_FIGURE = "tradeoff"
TAKEN = ("ms", "speedup")
ANSWERING = 2  # the paper's table with the times of every network


@dataclass(frozen=True)
class Picture:
    """A figure with its caption, as the texts of two addresses that hold the image itself: for a light and for a dark
    page."""

    name: str
    caption: str
    address: str
    dark_address: str


@dataclass(frozen=True)
class Section:
    """A part of the report: its id, its heading, and what stands below it."""

    id: str
    title: str
    content: Markup


def document(scale: str) -> str:
    """The report from results/<scale>; the same results give the same text.

    Names of classes are those of the prepared data, where these are on this machine. Raises FileNotFoundError for a
    result that the stage `tables` leaves and that is not there.
    """
    results = paths.results(scale)
    tables = [stored.read(file, ComparedTable) for file in sorted((results / "tables").glob("table_*.json"))]
    judged = stored.read(results / "claims.json", Claims)
    every, shares = stored.read(results / "rows.json", Rows), stored.read(results / "endpoint.json", Endpoints)
    registered = stored.read(results / "protocol.json", Registration)
    file = results / "complexity.json"
    counts = paths.read_json(file) if file.exists() else None
    outcomes = [claim.in_this_experiment for claim in judged.claims]
    drawn = pictures(results / "figures")
    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined)
    environment.filters |= {"of_hardware": of_hardware, "as_table": _as_table}
    return environment.from_string(_text("document.html.jinja")).render(
        scale=scale,
        style=Markup(_text("document.css")),
        script=Markup(_text("document.js")),
        parts=first_screen.parts(answer(every, shares, next(one for one in tables if one.table == ANSWERING))),
        basis=first_screen.basis(every, registered),
        lines=first_screen.lines(shares, every, tables, ROW),
        first_figure=next((one for one in drawn if one.name == FIRST_FIGURE), None),
        board=leaderboard(every, shares),
        board_note=NOTE,
        slider=transform_loss.slider(results),
        data=[(data_page.place_page(one), one.own) for one in places(results / "data.json", scale)],
        data_note=data_page.NAMES,
        counts={
            html.badge(word): outcomes.count(word) for word in dict.fromkeys((HOLDS, FAILS, CANNOT_TELL, *outcomes))
        },
        claims=len(outcomes),
        summary=judged.summary,
        pictures=[one for one in drawn if one.name != FIRST_FIGURE],
        folded=[
            _section("endpoint", endpoint.page(shares), True),
            _section("claims", claims.page(judged), True),
            _tables(tables, scale),
            _section("controls", controls.page(stored.read(results / "controls.json", Controls)), True),
            _section("pruning", pruning.page(stored.read(results / "pruning.json", Drops)), True),
            _section("timing", timing.page(machines.stored(results / "timing")), True),
            _section("counting", counting.page(counts, paper.tables()), True),
            _section("deviations", deviations.page(stored.read(results / "deviations.json", Setup))),
            _section("ledger", _ledger(tables)),
            _section("provenance", _provenance(results, registered)),
        ],
    )


def of_hardware(times: Mapping[str, tuple[str, str]], quantity: str) -> str:
    """By hardware, a network's time ("ms") or its speed-up, as JSON for the script that shows another's."""
    return json.dumps({name: found[TAKEN.index(quantity)] for name, found in times.items()})


def _as_table(part: Table, label: str) -> Markup:
    return html.table(part, label, sortable=True)


def places(file: Path, scale: str) -> tuple[Described, ...]:
    """The data of each place, with the names of the classes where the prepared data are on this machine."""
    if not file.exists():
        return ()
    found = []
    for one in stored.read(file, Data).places:
        manifest = paths.prepared(scale, one.dataset) / "manifest.json"
        found.append(named(one, paths.read_json(manifest)) if manifest.exists() else one)
    return tuple(found)


def _text(name: str) -> str:
    return (resources.files("study.rendering") / "templates" / name).read_text(encoding="utf-8")


def _section(name: str, page: Page, sortable: bool = False) -> Section:
    title = page.title.partition(" at scale")[0].rstrip(",")  # the scale stands above all of them
    return Section(name, title, html.page(page, sortable=sortable))


def _tables(tables: list[ComparedTable], scale: str) -> Section:
    about = "Intervals are over seeds and independent test units at once: as other seeds and other images would differ."
    page = Page("The paper's tables", (about, *(paper_tables.page(one, scale) for one in tables)))
    return _section("tables", page, True)


def _ledger(tables: list[ComparedTable]) -> Page:
    """The ledger speaks of the paper's cells by the paper's names, so it says first whose they are."""
    names = {cell.row: cell.label for table in tables for cell in table.cells if cell.row != cell.label}
    said = "; ".join(f"{row} is {name}" for row, name in names.items())
    page = ledger_page.page(ledger(tables))
    return replace(page, parts=(f"Names as the paper prints them: {said}.", *page.parts))


def pictures(folder: Path) -> list[Picture]:
    """Every figure that was drawn, inside the document, in the order of the catalogue."""
    if not (folder / CAPTIONS).exists():
        return []
    about: Mapping[str, Any] = paths.read_json(folder / CAPTIONS)
    found = []
    for name, its in about.items():
        light = (folder / f"{name}.png").read_bytes()
        found.append(Picture(name, its["caption"], _address(light), _address(dark(light, its["photographs"]))))
    return found


def _address(png: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(png).decode()}"


def _provenance(results: Path, registered: Registration) -> Page:
    """Under which protocol results were made, then what made each."""
    return registered_page.under(provenance(results), registered)


def provenance(results: Path) -> Page:
    """What made each result: the provenance that stands in it."""
    files = [file for name in MEASURED for file in sorted(results.glob(name))]
    made = {file.relative_to(results).as_posix(): paths.read_json(file)["provenance"] for file in files}
    rows_of_files = [
        [
            name,
            one["stage"],
            one["finished"],
            str(one["seconds"]),
            f"`{one['code_commit']}`",
            f"`{one['params_digest']}`",
            f"{one['hardware']['processor']}, {one['hardware']['cores']} cores; "
            f"GPU: {one['hardware']['gpu'] or 'none'}; Python {one['hardware']['python']}",
        ]
        for name, one in made.items()
    ]
    packages = {
        ", ".join(f"{package} {version}" for package, version in one["packages"].items()) for one in made.values()
    }
    columns = [*left("file", "stage", "finished"), *right("seconds"), *left("code", "parameters", "hardware")]
    return Page(
        "Provenance",
        (
            f"What made each file of `{results.as_posix()}`. The trainings have records of their own.",
            table(columns, rows_of_files),
            *(f"Packages: {listed}." for listed in sorted(packages)),
        ),
    )
