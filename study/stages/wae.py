"""Stage 1: train the wavelet-like auto-encoder alone, by the transform loss (Sec. Learning, stage 1; Eq. 5)."""

from typing import Annotated

from pydantic import Field
from torch import Tensor, nn

from study.assembly.images import images, read_data
from study.assembly.recipes import recipe
from study.measures.losses import energy_loss, reconstruction_loss, transform_loss
from study.measures.metrics import psnr_db
from study.models.initialisation import initialised
from study.models.wae import WaveletLikeAutoEncoder
from study.settings import config, paths
from study.settings.config import At, StageSettings
from study.settings.parameters.training import SGD, AutoEncoderTraining
from study.settings.parameters.types import NotNegative
from study.settings.record import Record
from study.stages import entry
from study.training.loop import Objective
from study.training.run import train


class Settings(StageSettings):
    """What this stage reads of params.yaml."""

    lambda_: Annotated[NotNegative, Field(alias="lambda")]
    sgd: SGD
    wae: Annotated[AutoEncoderTraining, At("scales.{scale}.wae")]


def main(scale: entry.Scale, dataset: entry.Dataset, seed: entry.Seed) -> None:
    settings = config.load(Settings, scale)
    record = Record("wae", settings, seed=seed)
    data = read_data(scale, dataset)

    def make() -> tuple[nn.Module, Objective]:
        auto_encoder = WaveletLikeAutoEncoder()
        initialised(auto_encoder)

        def objective(image: Tensor, _: Tensor) -> tuple[Tensor, dict[str, Tensor]]:
            low, high, reconstructed = auto_encoder(image)
            reconstruction, energy = reconstruction_loss(image, reconstructed), energy_loss(high)
            numbers = {
                "reconstruction": reconstruction,
                "energy_high": energy,
                "energy_low": energy_loss(low.detach()),
                "psnr_db": psnr_db(image, reconstructed.detach()),
            }
            return transform_loss(reconstruction, energy, settings.lambda_), numbers

        return auto_encoder, objective

    adam = settings.wae.optimiser == "adam"
    train(
        paths.auto_encoder(scale, dataset, seed),
        make,
        images(data, "train"),
        recipe(settings.wae, settings.wae.learning_rate, settings.sgd, "reconstruction", adam=adam),
        seed=seed,
        precision="fp32",  # an auto-encoder is small, and bf16 would round I_H, which is small beside I_L
        settings=settings.as_dict(),
        data_digest=data.digest,
        record=record,
    )


if __name__ == "__main__":
    entry.run(main)
