"""Put everything that was found into one HTML file that needs no network."""

from study.rendering.document import document
from study.settings import config, paths
from study.settings.config import StageSettings
from study.settings.record import Record
from study.stages import entry

REPORT = "report.html"


class Settings(StageSettings):
    """What this stage reads of params.yaml: nothing."""


def main(scale: entry.Scale) -> None:
    record = Record("report", config.load(Settings, scale))
    text = document(scale)
    record.check()
    paths.write_text(paths.results(scale) / REPORT, text)


if __name__ == "__main__":
    entry.run(main)
