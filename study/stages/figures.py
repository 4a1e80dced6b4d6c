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
    folder, drawn = paths.results(scale) / "figures", list(all_figures(scale))
    record.check()
    about = {}
    for figure, image in drawn:
        style.save(image, folder / f"{figure.name}.png")
        about[figure.name] = {"caption": figure.caption, "photographs": style.photographs(image)}
    paths.write_json(folder / "figures.json", about)


if __name__ == "__main__":
    entry.run(main)
