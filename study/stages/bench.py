"""Measure speed alone and print it: one image and several, one thread and all, every implementation.

Not part of the pipeline; run it with: make bench
"""

from study.judging.machines import stored
from study.rendering import markdown, terminal, timing
from study.settings import config, params, paths
from study.settings.parameters.measuring import Timing
from study.settings.provenance import hardware
from study.settings.record import Record
from study.speed.machines import fingerprint
from study.stages import entry
from study.stages.timing import Networked, measured


class Settings(Networked):
    """What this stage reads of params.yaml."""

    bench: Timing


def main() -> None:
    scale = params.read().scale
    settings = config.load(Settings, scale)
    record = Record("bench", settings)
    results = {**measured(scale, settings, settings.bench), "provenance": record.fields_now()}
    machine = fingerprint(hardware())
    folder = paths.results(scale) / "bench"
    paths.write_json(folder / f"{machine}.json", results)
    paths.write_text(folder.with_suffix(".md"), markdown.page(timing.page(stored(folder))))
    print(f"\n{terminal.page(timing.page({machine: results}))}\nWritten to {folder}.md and {folder / machine}.json")


if __name__ == "__main__":
    entry.run(main)
