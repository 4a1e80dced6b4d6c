"""Measure speed alone and print it: one image and several, one thread and all, every implementation.

Not part of the pipeline; run it with: make bench
"""

from study.rendering import speeds
from study.settings import config, paths
from study.settings.provenance import Record
from study.stages import entry
from study.stages.timing import measured

PARAMS = ("full_size", "channel_norm", "pruning.targets", "bench")


def main() -> None:
    scale = config.read().scale
    settings = config.load(scale, PARAMS)
    record = Record("bench", settings.digest())
    results = {**measured(scale, settings, settings.bench), "provenance": record.fields_now()}
    files = [paths.results(scale) / f"bench.{suffix}" for suffix in ("json", "md")]
    paths.write_json(files[0], results)
    paths.write_text(files[1], speeds.as_markdown(results))
    print(f"\n{speeds.in_the_terminal(results)}\n\nWritten to {files[0]} and {files[1]}")


if __name__ == "__main__":
    entry.run(main)
