"""Set the paper's tables, claims and ledger beside what was measured; a missing number is shown as missing."""

from pathlib import Path
from typing import Any

from study.judging import claims, controls, endpoint, headline, ledger, machines, measured, pruning, rows, tables
from study.judging.registration import registration
from study.judging.results import read
from study.paper import deviations, shares
from study.paper import tables as paper
from study.rendering import claims as claims_page
from study.rendering import controls as controls_page
from study.rendering import counting, csv, markdown, paper_tables, stored, timing
from study.rendering import deviations as deviations_page
from study.rendering import endpoint as endpoint_page
from study.rendering import ledger as ledger_page
from study.rendering import pruning as pruning_page
from study.rendering import registration as registered_page
from study.rendering import rows as rows_page
from study.rendering.table import Page
from study.settings import config, paths
from study.settings.record import Record
from study.stages import entry


class Settings(deviations.InForce):
    """What this stage reads of params.yaml."""


def main(scale: entry.Scale) -> None:
    settings = config.load(Settings, scale)
    record = Record("tables", settings)
    setup = deviations.setup(settings, scale)
    results, printed = paths.results(scale), paper.tables()
    evaluated, registered = read(results), registration(results)
    found = measured.everything(scale, evaluated, [one.key for one in setup.deviations])
    compared = {table.slug: tables.compared(table, found) for table in printed}
    every = rows.rows(found, evaluated, scale)
    won_back = endpoint.endpoints(evaluated, shares.by_row(), scale)
    judged = claims.claims(claims.read(), printed, found, evaluated, scale)
    asked = controls.controls(evaluated, scale)
    pruned = pruning.drops(found, evaluated, printed, pruning.plans(results), scale)
    pages: dict[str, tuple[Page, Any, tuple[Any, ...]]] = {
        **{f"tables/{slug}": (paper_tables.page(its, scale), its, its.cells) for slug, its in compared.items()},
        "rows": (rows_page.page(every), every, every.rows),
        "endpoint": (endpoint_page.page(won_back), won_back, ()),
        "claims": (claims_page.page(judged), judged, ()),
        "controls": (controls_page.page(asked), asked, ()),
        "pruning": (pruning_page.page(pruned), pruned, ()),
    }
    record.check()
    paths.write_text(results / "protocol.json", stored.as_json(registered))
    for name, (page, whole, lines) in pages.items():
        write(results / name, registered_page.under(page, registered), whole, lines)
    write(results / "deviations", deviations_page.page(setup), setup)
    write(results / "ledger", ledger_page.page(ledger.ledger(compared.values())))
    write(results / "timing", timing.page(machines.stored(results / "timing")))
    counts = results / "complexity.json"
    write(results / "complexity", counting.page(paths.read_json(counts) if counts.exists() else None, printed))
    # `dvc metrics` shows whatever stands in it.
    paths.write_json(results / "metrics.json", headline.headline(compared.values()), checksum=False)


def write(file: Path, page: Page, record: Any = None, records: tuple[Any, ...] = ()) -> None:
    """The page as file.md, and where there are any its record as file.json and the lines of that as file.csv."""
    paths.write_text(file.with_suffix(".md"), markdown.page(page))
    if record is not None:
        paths.write_text(file.with_suffix(".json"), stored.as_json(record))
    if records:
        paths.write_text(file.with_suffix(".csv"), csv.lines(records))


if __name__ == "__main__":
    entry.run(main)
