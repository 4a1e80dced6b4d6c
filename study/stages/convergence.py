"""Which rows have converged: the error after half the epochs against that after all, one seed, the same recipe.

From what the stage `robustness` left of the first seed (paper_tables/protocol.yaml, training.converged).
"""

from typing import Any

from study.measures.convergence import Convergence
from study.settings import config, paths
from study.settings.config import StageSettings
from study.settings.parameters.types import Seeds
from study.settings.record import Record
from study.stages import entry

BACKBONE = "vgg16"
HALF, WHOLE = "epochs-0.5", "epochs-1"


class Settings(StageSettings):
    """What this stage reads of params.yaml."""

    seeds: Seeds


def rows(half: list[dict[str, Any]], whole: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """By row with test errors after half the epochs and after all, both errors in percent and whether it has
    converged; a row that lacks one of them is left out: of it nothing is known."""
    after_half = {one["row"]: one for one in half if "top1_error_percent" in one}
    found = {}
    for one in whole:
        if one["row"] in after_half and "top1_error_percent" in one:
            judged = Convergence(
                after_half[one["row"]]["top1_error_percent"], one["top1_error_percent"], one["training_error_percent"]
            )
            found[one["row"]] = judged.as_dict()
    return found


def main(scale: entry.Scale, dataset: entry.Dataset) -> None:
    settings = config.load(Settings, scale)
    record = Record("convergence", settings)
    seed = settings.seeds[0]
    folder = paths.results(scale) / "robustness" / dataset
    half, whole = (paths.read_json(folder / f"{name}-{seed}.json")["trainings"] for name in (HALF, WHOLE))
    paths.write_json(
        paths.results(scale) / "convergence" / f"{dataset}-{BACKBONE}.json",
        {
            "dataset": dataset,
            "backbone": BACKBONE,
            "seed": seed,
            "rows": rows(half, whole),
            "provenance": record.fields_now(),
        },
    )


if __name__ == "__main__":
    entry.run(main)
