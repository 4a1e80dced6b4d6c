"""The report: everything that a scale has come to, in one HTML file that needs no network."""

import base64
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from jinja2 import Environment, StrictUndefined
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from study.figures.catalogue import FIGURES
from study.judging.tables import NAMES, number, printed, shown
from study.rendering import views
from study.rendering.section import Section
from study.settings import paths

# Signs that tell verdicts apart without colour.
SIGNS = {"holds": "✓", "fails": "✗", "cannot tell": "?", "match": "✓", "indistinguishable": "≈", "failed": "✗"}
ANSWERED_BY = ("table_1", "table_2")  # which together have every row of VGG16 on objects
STATUSES = {
    "printed": "printed",
    "derived": "derived from printed numbers",
    "lost": "lost in the text",
    "dash": "a dash in the paper",
    "contradicts": "printed, contradicted elsewhere",
}
MARKDOWN = (
    ("timing", "Times", "timing.md"),
    ("counting", "Multiply-adds under named rules", "complexity.md"),
    ("deviations", "Deviations from the paper", "deviations.md"),
    ("ledger", "The paper's contradictions", "ledger.md"),
)
# What the stages that measure leave.
MEASURED = ("architecture.json", "channels/channels.json", "complexity.json", "timing.json")
MEASURED += ("evaluation/*.json", "noise/*.json", "reconstruction/*.json")


@dataclass(frozen=True)
class Picture:
    """A figure with its caption, as the text of an address that holds the picture itself."""

    name: str
    caption: str
    address: str


def html(scale: str) -> str:
    """The document, from results/<scale>; the same results give the same text."""
    results = paths.results(scale)
    stored = {slug: paths.read_json(results / "tables" / f"{slug}.json") for slug in _slugs(results)}
    claims = paths.read_json(results / "claims.json")
    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined)
    environment.globals["sign"] = lambda verdict: SIGNS.get(verdict, "")
    template = environment.from_string(_text("document.html.jinja"))
    return template.render(
        scale=scale,
        style=Markup(_text("document.css")),
        script=Markup(_text("document.js")),
        answer=answer(stored),
        claims=claims,
        counts={word: sum(one["here"]["outcome"] == word for one in claims["claims"]) for word in tuple(SIGNS)[:3]},
        tables=[(slug, table(each)) for slug, each in stored.items()],
        pictures=pictures(results),
        sections=[
            ("controls", views.controls(paths.read_json(results / "controls.json"))),
            ("pruning", views.pruning(paths.read_json(results / "pruning.json"))),
        ],
        pages=[(name, title, page(results / file)) for name, title, file in MARKDOWN],
        runs=runs(results),
    )


def _text(name: str) -> str:
    return (resources.files("study.rendering") / "templates" / name).read_text(encoding="utf-8")


def _slugs(results: Path) -> list[str]:
    return sorted(file.stem for file in (results / "tables").glob("table_*.json"))


def answer(stored: dict[str, dict]) -> Section:
    """Each method on one line: error, speed-up on the processor and multiply-adds, the paper's beside ours."""
    lines: dict[str, dict[str, dict]] = {}
    labels: dict[str, str] = {}
    for slug in ANSWERED_BY:
        for cell in stored[slug]["cells"]:
            lines.setdefault(cell["method"], {}).setdefault(cell["quantity"], cell)
            labels.setdefault(cell["method"], cell["row"])
    rows = [["network", "top-5 error, paper", "top-1 error, here", "95 % over seeds"]]
    rows[0] += ["CPU speed-up, paper", "CPU speed-up, here", "multiply-adds, paper", "multiply-adds, here"]
    for method, cells in lines.items():
        error, paper = cells.get("top1_error_percent"), cells.get("top5_error_percent")
        interval = error["intervals"].get("seeds") if error else None
        row = [labels[method], _printed(paper), _shown(error)]
        row.append(f"{number(interval[0])} to {number(interval[1])}" if interval else number(None))
        for quantity in ("cpu_speedup", "flops_billion"):
            row += [_printed(cells.get(quantity)), _shown(cells.get(quantity))]
        rows.append(row)
    return Section("VGG16 on objects: errors in percent, multiply-adds in billions at full size", rows)


def _printed(cell: dict | None) -> str:
    return printed(cell) if cell else number(None)


def _shown(cell: dict | None) -> str:
    return shown(cell) if cell else number(None)


def table(stored: dict) -> dict:
    """One of the paper's tables: its title and a line a cell, with where both numbers come from."""
    lines = []
    for cell in stored["cells"]:
        intervals = [
            f"{name} {number(low)} to {number(high)}" for name, (low, high) in sorted(cell["intervals"].items())
        ]
        lines.append(
            {
                "row": " ".join(part for part in (cell["row"], cell["condition"]) if part),
                "quantity": NAMES[cell["quantity"]],
                "paper": printed(cell),
                "status": STATUSES[cell["paper_status"].partition(":")[0]],
                "measured": shown(cell),
                "intervals": "; ".join(intervals),
                "verdict": cell["verdict"],
                "basis": cell["reason"] or cell["basis"],
            }
        )
    return {"number": stored["table"], "title": stored["title"], "lines": lines}


def pictures(results: Path) -> list[Picture]:
    """Every figure of the catalogue that was drawn, inside the document."""
    found = []
    for entry in FIGURES:
        file = results / "figures" / f"{entry.name}.png"
        if file.exists():
            content = base64.b64encode(file.read_bytes()).decode()
            found.append(Picture(entry.name, entry.caption, f"data:image/png;base64,{content}"))
    return found


def page(file: Path) -> Markup:
    """A page of the results in Markdown, its headings below those of the document, its tables in scrolling regions."""
    if not file.exists():
        return Markup("<p>Not measured.</p>")
    reader = MarkdownIt("commonmark").enable("table")
    tokens = reader.parse(file.read_text(encoding="utf-8"))
    if tokens[0].type == "heading_open" and tokens[0].tag == "h1":
        tokens = tokens[3:]  # the document has its own
    heading = file.stem
    for place, token in enumerate(tokens):
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{int(token.tag[1]) + 1}"
            if token.type == "heading_open":
                heading = tokens[place + 1].content
        elif token.type == "table_open":
            token.attrSet("aria-label", heading)
            token.meta["before"] = heading
    reader.renderer.rules["table_open"] = _open_region
    reader.renderer.rules["table_close"] = lambda *_: "</table></div>\n"
    return Markup(reader.renderer.render(tokens, reader.options, {}))


def _open_region(tokens: list[Token], place: int, *_: object) -> str:
    label = Markup.escape(tokens[place].meta["before"])
    return f'<div class="scroll" role="region" tabindex="0" aria-label="{label}"><table>\n'


def runs(results: Path) -> list[dict]:
    """What made each result: the file and the provenance that stands in it."""
    files = [file for name in MEASURED for file in sorted(results.glob(name))]
    return [{"file": file.relative_to(results).as_posix(), **paths.read_json(file)["provenance"]} for file in files]
