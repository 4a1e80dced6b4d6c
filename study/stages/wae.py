"""Stage 1: train the wavelet-like auto-encoder alone, by the transform loss (Sec. Learning, stage 1; Eq. 5)."""

from study.measures.losses import energy_loss, reconstruction_loss, transform_loss
from study.measures.metrics import psnr_db
from study.models.initialisation import xavier
from study.models.wae import WaveletLikeAutoEncoder
from study.settings import config, paths
from study.settings.provenance import Record
from study.stages import entry, inputs
from study.training.run import train

PARAMS = ("lambda", "sgd", "scales.{scale}.wae")


def main(scale: str, dataset: str, seed: int) -> None:
    settings = config.load(scale, PARAMS)
    record = Record("wae", settings.digest(), seed)
    data = inputs.read_data(scale, dataset)

    def make():
        auto_encoder = xavier(WaveletLikeAutoEncoder())

        def objective(image, _):
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

    train(
        paths.auto_encoder(scale, dataset, seed),
        make,
        inputs.pictures(data, "train", "wae"),
        inputs.recipe(settings.wae, settings.wae.learning_rate, settings.sgd, "reconstruction"),
        seed=seed,
        precision="fp32",  # an auto-encoder is small, and bf16 would round I_H, which is small beside I_L
        settings=settings.as_dict(),
        data_digest=data.digest,
        record=record,
    )


if __name__ == "__main__":
    entry.run(main, "scale", "dataset", "seed")
