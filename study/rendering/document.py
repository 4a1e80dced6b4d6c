"""The report: everything that a scale has come to, in one HTML file that needs no network."""

import base64
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from study.judging import machines
from study.judging.claims import Claims
from study.judging.controls import Controls
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
    html,
    paper_tables,
    pruning,
    rows,
    stored,
    timing,
)
from study.rendering import ledger as ledger_page
from study.rendering import registration as registered_page
from study.rendering.table import Page, left, right, table
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


@dataclass(frozen=True)
class Picture:
    """A figure with its caption, as the text of an address that holds the image itself."""

    name: str
    caption: str
    address: str


@dataclass(frozen=True)
class Section:
    """A part of the report: its id, its heading, and what stands below it."""

    id: str
    title: str
    content: Markup


def document(scale: str) -> str:
    """The report from results/<scale>; the same results give the same text.

    Raises FileNotFoundError for a result that the stage `tables` leaves and that is not there.
    """
    results = paths.results(scale)
    tables = [stored.read(file, ComparedTable) for file in sorted((results / "tables").glob("table_*.json"))]
    judged = stored.read(results / "claims.json", Claims)
    file = results / "complexity.json"
    counts = paths.read_json(file) if file.exists() else None
    outcomes = [claim.in_this_experiment for claim in judged.claims]
    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined)
    return environment.from_string(_text("document.html.jinja")).render(
        scale=scale,
        style=Markup(_text("document.css")),
        script=Markup(_text("document.js")),
        summary=judged.summary,
        protocol=html.text(registered_page.sentence(stored.read(results / "protocol.json", Registration))),
        counts={
            html.badge(word): outcomes.count(word) for word in dict.fromkeys((HOLDS, FAILS, CANNOT_TELL, *outcomes))
        },
        claims=len(outcomes),
        answer=html.table(paper_tables.answer({one.table: one for one in tables}), "The answer", True, "answer-table"),
        before=[
            _section("endpoint", endpoint.page(stored.read(results / "endpoint.json", Endpoints)), True),
            _section("claims", claims.page(judged), True),
            _tables(tables, scale),
        ],
        pictures=pictures(results / "figures"),
        behind=[
            _section("networks", rows.page(stored.read(results / "rows.json", Rows)), True),
            _section("controls", controls.page(stored.read(results / "controls.json", Controls)), True),
            _section("pruning", pruning.page(stored.read(results / "pruning.json", Drops)), True),
            _section("timing", timing.page(machines.stored(results / "timing"))),
            _section("counting", counting.page(counts, paper.tables())),
            _section("deviations", deviations.page(stored.read(results / "deviations.json", Setup))),
            _section("ledger", ledger_page.page(ledger(tables))),
            _section("provenance", provenance(results)),
        ],
    )


def _text(name: str) -> str:
    return (resources.files("study.rendering") / "templates" / name).read_text(encoding="utf-8")


def _section(name: str, page: Page, sortable: bool = False) -> Section:
    return Section(name, page.title, html.page(page, sortable=sortable))


def _tables(tables: list[ComparedTable], scale: str) -> Section:
    about = "Intervals are over seeds and independent test units at once: as other seeds and other images would differ."
    page = Page("The paper's tables", (about, *(paper_tables.page(one, scale) for one in tables)))
    return _section("tables", page, True)


def pictures(folder: Path) -> list[Picture]:
    """Every figure that was drawn, inside the document, in the order of the catalogue."""
    if not (folder / CAPTIONS).exists():
        return []
    found = []
    for name, caption in paths.read_json(folder / CAPTIONS).items():
        content = base64.b64encode((folder / f"{name}.png").read_bytes()).decode()
        found.append(Picture(name, caption, f"data:image/png;base64,{content}"))
    return found


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
