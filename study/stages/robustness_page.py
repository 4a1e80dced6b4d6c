"""One page and one figure of all conditions: does the conclusion hang on a choice of the recipe?"""

from study.figures import robustness as figure
from study.figures import style
from study.judging import robustness
from study.rendering import markdown
from study.rendering import robustness as rendering
from study.settings import config, paths
from study.settings.config import StageSettings
from study.settings.parameters.recipe import Conditions
from study.settings.parameters.types import Seeds
from study.settings.record import Record
from study.stages import entry


class Settings(StageSettings):
    """What this stage reads of params.yaml."""

    seeds: Seeds
    robustness: Conditions


def main(scale: entry.Scale, dataset: entry.Dataset) -> None:
    settings = config.load(Settings, scale)
    record = Record("robustness_page", settings)
    found = robustness.read(scale, dataset, map(str, settings.robustness), settings.seeds)
    text, drawn = markdown.page(rendering.page(found, scale)), figure.draw(found, scale)
    record.check()
    file = paths.results(scale) / "robustness" / f"{dataset}.md"
    paths.write_text(file, text)
    style.save(drawn, file.with_suffix(".png"))


if __name__ == "__main__":
    entry.run(main)
