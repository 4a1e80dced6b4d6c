"""Measure the auto-encoders of one data set on the test images: how well I comes back, and how small I_H is."""

from study.assembly.images import images, read_data
from study.evaluation.reconstruction import quality
from study.models.wae import WaveletLikeAutoEncoder
from study.settings import config, paths
from study.settings.config import StageSettings
from study.settings.parameters.types import Seeds
from study.settings.record import Record
from study.stages import entry
from study.training.device import device, make_deterministic
from study.training.run import as_csv, read_log, read_outcome, read_weights


class Settings(StageSettings):
    """What this stage reads of params.yaml."""

    seeds: Seeds


def main(scale: entry.Scale, dataset: entry.Dataset) -> None:
    settings = config.load(Settings, scale)
    record = Record("reconstruct", settings)
    make_deterministic(0)
    data = read_data(scale, dataset)
    pictures = images(data, "test")
    runs, curves = [], []
    for seed in settings.seeds:
        folder = paths.auto_encoder(scale, dataset, seed)
        weights = read_weights(folder)
        run = {"seed": seed, **read_outcome(folder), "training": paths.read_json(paths.record(folder))}
        if weights is not None:
            auto_encoder = WaveletLikeAutoEncoder()
            auto_encoder.load_state_dict(weights)
            run |= quality(auto_encoder, pictures, device(), f"wae seed {seed}")
        runs.append(run)
        curves += [{"seed": seed, **row} for row in read_log(folder)]
    results = paths.results(scale)
    provenance = record.fields_now()  # before anything is written
    paths.write_text(results / "curves" / f"{dataset}-wae.csv", as_csv(curves))
    paths.write_json(
        results / "reconstruction" / f"{dataset}.json",
        {"dataset": dataset, "source": data.source, "runs": runs, "provenance": provenance},
    )


if __name__ == "__main__":
    entry.run(main)
