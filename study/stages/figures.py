"""Draw every figure from what was measured; one that shows what the chosen rows do not have is left out."""

from study.figures import style
from study.figures.catalogue import all_figures
from study.paper.deviations import InForce
from study.settings import config, paths
from study.settings.errors import InvalidData
from study.settings.record import Record
from study.stages import entry


class Settings(InForce):
    """What this stage reads of params.yaml."""


def main(scale: entry.Scale) -> None:
    record = Record("figures", config.load(Settings, scale))
    folder, drawn = paths.results(scale) / "figures", []
    try:
        for one in all_figures(scale):
            drawn.append(one)
    except InvalidData as fault:  # comes behind the figures that can be drawn
        if not drawn:
            raise
        print(f"left out, what they show was not measured: {fault}")
    record.check()
    about = {}
    for figure, image in drawn:
        style.save(image, folder / f"{figure.name}.png")
        about[figure.name] = {"caption": figure.caption, "photographs": style.photographs(image)}
    paths.write_json(folder / "figures.json", about)


if __name__ == "__main__":
    entry.run(main)
