"""Put everything that was found into one HTML file that needs no network."""

from study.rendering import document
from study.settings import config, paths
from study.stages import entry

PARAMS = ()
REPORT = "report.html"  # of the last scale that was run, beside metrics.json


def main(scale: str) -> None:
    config.load(scale, PARAMS)
    paths.write_text(paths.results(scale).parent / REPORT, document.html(scale))


if __name__ == "__main__":
    entry.run(main, "scale")
