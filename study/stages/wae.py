"""Stage 1: train the wavelet-like auto-encoder alone, by the transform loss (Sec. Learning, stage 1; Eq. 5)."""

from dataclasses import asdict
from typing import Annotated

from pydantic import Field

from study.assembly import stage_1
from study.assembly.images import images, read_data
from study.assembly.recipes import auto_encoder_recipe
from study.measures import flattening
from study.settings import config, paths
from study.settings.config import At, StageSettings
from study.settings.parameters.training import SGD, AutoEncoderTraining
from study.settings.parameters.types import NotNegative
from study.settings.record import Record
from study.stages import entry
from study.training.run import add_to_outcome, read_log, train


class Settings(StageSettings):
    """What this stage reads of params.yaml."""

    lambda_: Annotated[NotNegative, Field(alias="lambda")]
    sgd: SGD
    wae: Annotated[AutoEncoderTraining, At("scales.{scale}.wae")]


def main(scale: entry.Scale, dataset: entry.Dataset, seed: entry.Seed) -> None:
    settings = config.load(Settings, scale)
    record = Record("wae", settings, seed=seed)
    data = read_data(scale, dataset)
    folder = paths.auto_encoder(scale, dataset, seed)
    train(
        folder,
        lambda: stage_1.auto_encoder(settings.lambda_),
        images(data, "train"),
        auto_encoder_recipe(settings.wae, settings.sgd),
        seed=seed,
        precision="fp32",  # an auto-encoder is small, and bf16 would round I_H, which is small beside I_L
        settings=settings.as_dict(),
        data_digest=data.digest,
        record=record,
    )
    reconstruction = flattening.of_log(read_log(folder))
    add_to_outcome(folder, flattened=reconstruction.flattened, reconstruction=asdict(reconstruction))


if __name__ == "__main__":
    entry.run(main, ranks=True)
