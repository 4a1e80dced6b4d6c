"""Draw every figure from what was measured."""

from study.figures import style
from study.figures.catalogue import all_figures
from study.settings import config, paths
from study.stages import entry

PARAMS = ("lambda", "gamma", "sgd", "channel_norm", "precision", "full_size", "noise", "pruning", "scales.{scale}")


def main(scale: str) -> None:
    config.load(scale, PARAMS)
    for figure, drawn in all_figures(scale):
        style.save(drawn, paths.results(scale) / "figures" / figure.name)


if __name__ == "__main__":
    entry.run(main, "scale")
