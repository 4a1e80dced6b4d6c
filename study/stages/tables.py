"""Set the paper's tables, claims and ledger beside what was measured; a missing number is shown as missing."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from study.judging import claims, controls, data, endpoint, headline, ledger, machines, measured, pruning, rows, tables
from study.judging.registration import registration
from study.judging.results import read
from study.paper import deviations, shares
from study.paper import tables as paper
from study.rendering import claims as claims_page
from study.rendering import controls as controls_page
from study.rendering import counting, csv, markdown, paper_tables, stored, timing
from study.rendering import data as data_page
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


@dataclass(frozen=True)
class Made:
    """A page, its record where there is one, and the lines of that as they stand in a CSV file."""

    page: Page
    record: Any = None
    lines: tuple[Any, ...] = ()


def made(settings: Settings, scale: str) -> dict[str, Made]:
    """Every page by the name of its file below results/<scale>, judged from what was measured. Nothing is written."""
    setup = deviations.setup(settings, scale)
    results, printed = paths.results(scale), paper.tables()
    evaluated, registered = read(results), registration(results)
    found = measured.everything(scale, evaluated, [one.key for one in setup.deviations])
    compared = {table.slug: tables.compared(table, found) for table in printed}
    every = rows.rows(found, evaluated, scale)
    won_back = endpoint.endpoints(evaluated, shares.by_row(), scale)
    about = data.described(evaluated, scale)
    judged = claims.claims(claims.read(), printed, found, evaluated, scale)
    asked = controls.controls(evaluated, scale)
    pruned = pruning.drops(found, evaluated, printed, pruning.plans(results), scale)
    counts = results / "complexity.json"
    by_protocol = {
        **{f"tables/{slug}": Made(paper_tables.page(its, scale), its, its.cells) for slug, its in compared.items()},
        "rows": Made(rows_page.page(every), every, every.rows),
        "data": Made(data_page.page(about), about),
        "endpoint": Made(endpoint_page.page(won_back), won_back),
        "claims": Made(claims_page.page(judged), judged),
        "controls": Made(controls_page.page(asked), asked),
        "pruning": Made(pruning_page.page(pruned), pruned),
    }
    return {
        **{name: replace(one, page=registered_page.under(one.page, registered)) for name, one in by_protocol.items()},
        "deviations": Made(deviations_page.page(setup), setup),
        "ledger": Made(ledger_page.page(ledger.ledger(compared.values()))),
        "timing": Made(timing.page(machines.stored(results / "timing"))),
        "complexity": Made(counting.page(paths.read_json(counts) if counts.exists() else None, printed)),
    }


def main(scale: entry.Scale) -> None:
    settings = config.load(Settings, scale)
    record = Record("tables", settings)
    results, pages = paths.results(scale), made(settings, scale)
    registered = registration(results)
    record.check()
    paths.write_text(results / "protocol.json", stored.as_json(registered))
    for name, one in pages.items():
        write(results / name, one.page, one.record, one.lines)
    compared = [one.record for name, one in pages.items() if name.startswith("tables/")]
    # `dvc metrics` shows whatever stands in it.
    paths.write_json(results / "metrics.json", headline.headline(compared), checksum=False)


def write(file: Path, page: Page, record: Any = None, records: tuple[Any, ...] = ()) -> None:
    """The page as file.md, and where there are any its record as file.json and the lines of that as file.csv."""
    paths.write_text(file.with_suffix(".md"), markdown.page(page))
    if record is not None:
        paths.write_text(file.with_suffix(".json"), stored.as_json(record))
    if records:
        paths.write_text(file.with_suffix(".csv"), csv.lines(records))


if __name__ == "__main__":
    entry.run(main)
