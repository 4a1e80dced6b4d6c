"""Set the paper's tables and ours side by side, from stored results; a missing number is shown as missing."""

from study import config, paths
from study.report import deviations, headline, measured, paper, tables
from study.stages import entry

PARAMS = ("seeds", "scales.{scale}", "scales.paper")


def main(scale: str) -> None:
    settings = config.load(scale, PARAMS)
    found = measured.everything(scale)
    lines_of = {}
    folder = paths.results(scale) / "tables"
    for table in paper.tables():
        lines = tables.compared(table, found)
        lines_of[table.slug] = lines
        paths.write_text(folder / f"{table.slug}.json", tables.as_json(table, lines))
        paths.write_text(folder / f"{table.slug}.csv", tables.as_csv(lines))
        paths.write_text(folder / f"{table.slug}.md", tables.as_markdown(table, lines))
    paths.write_text(
        paths.results(scale) / "deviations.md", deviations.as_markdown(scale, settings.paper, getattr(settings, scale))
    )
    paths.write_json(paths.METRICS, headline.ours(lines_of))


if __name__ == "__main__":
    entry.run(main, "scale")
