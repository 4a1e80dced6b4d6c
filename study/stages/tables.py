"""Set the paper's tables, claims and ledger beside what was measured; a missing number is shown as missing."""

from itertools import chain

from study.judging import claims, controls, headline, ledger, measured, pruning, tables
from study.judging.machines import stored
from study.paper import deviations
from study.paper import tables as paper
from study.rendering import speeds
from study.settings import config, paths
from study.stages import entry

PARAMS = ("lambda", "gamma", "sgd", "channel_norm", "precision", "full_size", "noise", "pruning", "scales.{scale}")


def main(scale: str) -> None:
    config.load(scale, PARAMS)
    params = config.read()
    changed = [key for key, *_ in deviations.deviations(params, scale)]
    printed, found = paper.tables(), measured.everything(scale, changed)
    lines_of = {}
    results = paths.results(scale)
    folder = results / "tables"
    for table in printed:
        lines = tables.compared(table, found)
        lines_of[table.slug] = lines
        paths.write_text(folder / f"{table.slug}.json", tables.as_json(table, lines))
        paths.write_text(folder / f"{table.slug}.csv", tables.as_csv(lines))
        paths.write_text(folder / f"{table.slug}.md", tables.as_markdown(table, lines))
        paths.write_text(folder / f"{table.slug}.tex", tables.as_latex(table, lines))
    evaluated = claims.evaluated(claims.read(), printed, found)
    paths.write_text(results / "claims.json", claims.as_json(evaluated, scale))
    paths.write_text(results / "claims.md", claims.as_markdown(evaluated, scale))
    compared = controls.comparisons(found)
    paths.write_text(results / "controls.json", controls.as_json(compared, scale))
    paths.write_text(results / "controls.csv", controls.as_csv(compared))
    paths.write_text(results / "controls.md", controls.as_markdown(compared, scale))
    pruned = pruning.drops(found, printed, pruning.plans(results))
    paths.write_text(results / "pruning.json", pruning.as_json(pruned, scale))
    paths.write_text(results / "pruning.csv", pruning.as_csv(pruned))
    paths.write_text(results / "pruning.md", pruning.as_markdown(pruned, scale))
    paths.write_text(results / "ledger.md", ledger.as_markdown(ledger.read(), list(chain(*lines_of.values()))))
    paths.write_text(results / "timing.md", speeds.as_markdown(stored(results / "timing")))
    paths.write_text(results / "deviations.md", deviations.as_markdown(params, scale))
    paths.write_json(paths.METRICS, headline.ours(lines_of))


if __name__ == "__main__":
    entry.run(main, "scale")
