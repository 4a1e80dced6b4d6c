"""Draw every figure from what was measured."""

from study.figures import style
from study.figures.catalogue import all_figures
from study.paper.deviations import InForce
from study.settings import config, paths
from study.settings.record import Record
from study.stages import entry


class Settings(InForce):
    """What this stage reads of params.yaml."""


def main(scale: entry.Scale) -> None:
    record = Record("figures", config.load(Settings, scale))
    folder, captions = paths.results(scale) / "figures", {}
    for figure, drawn in all_figures(scale):
        style.save(drawn, folder / f"{figure.name}.png")
        captions[figure.name] = figure.caption
        paths.write_json(folder / "figures.json", captions)
    record.check()


if __name__ == "__main__":
    entry.run(main)
