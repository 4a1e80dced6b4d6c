"""Draw error against time and against multiply-adds, a figure a backbone, from what was measured."""

from study import config, paths
from study.methods import MEASURED_AT_FULL_SIZE
from study.report import deviations, figures, measured, paper
from study.stages import entry

PARAMS = ("lambda", "gamma", "sgd", "channel_norm", "precision", "full_size", "noise", "pruning", "scales.{scale}")


def main(scale: str) -> None:
    config.load(scale, PARAMS)
    changed = [key for key, *_ in deviations.deviations(config.read(), scale)]
    printed, found = paper.tables(), measured.everything(scale, changed)
    for backbone in MEASURED_AT_FULL_SIZE:
        grid = figures.panels(backbone, printed, found, scale)
        figures.draw(grid, paths.results(scale) / "figures" / f"error_{backbone}")


if __name__ == "__main__":
    entry.run(main, "scale")
