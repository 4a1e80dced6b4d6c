"""Evaluate the networks of one data set and backbone, trained on clean images, under Gaussian noise."""

from typing import Annotated

from study.assembly.images import images, read_data
from study.assembly.networks import shape_of, trained_network
from study.evaluation import ranks
from study.settings import config, paths
from study.settings.choice import measured
from study.settings.config import At, StageSettings
from study.settings.methods import METHODS, check_place
from study.settings.parameters.measuring import Noise
from study.settings.parameters.training import Network
from study.settings.parameters.types import Rows, Seeds
from study.settings.record import Record
from study.stages import entry
from study.training.device import device, make_deterministic


class Settings(StageSettings):
    """What this stage reads of params.yaml."""

    seeds: Seeds
    rows: Rows
    channel_norm: bool
    noise: Noise
    network: Annotated[Network, At("scales.{scale}.network")]


def main(scale: entry.Scale, dataset: entry.Dataset, backbone: entry.Backbone) -> None:
    settings = config.load(Settings, scale)
    check_place(dataset, backbone)
    record = Record("noise", settings)
    make_deterministic(0)
    data = read_data(scale, dataset)
    shape = shape_of(data, settings.network, settings.channel_norm)
    columns = ranks.described(images(data, "test"), data.source)
    for method in measured(settings.rows, dataset, backbone):
        pictures = images(data, "test", METHODS[method])
        for seed in settings.seeds:
            _, network = trained_network(scale, dataset, backbone, method, seed, shape)
            if network is None:
                continue  # its outcome stands in the evaluation of clean images
            for variance in settings.noise.variances:
                columns[f"{method}.{seed}.V={variance:g}"] = ranks.ranks(
                    network,
                    pictures,
                    device(),
                    f"{method} seed {seed} V={variance:g}",
                    variance=variance,
                    noise_seed=settings.noise.seed,
                )
    name, results = f"{dataset}-{backbone}", paths.results(scale)
    provenance = record.fields_now()  # before anything is written
    paths.write_bytes(results / "noise" / f"{name}.npz", ranks.archive(columns))
    paths.write_json(
        results / "noise" / f"{name}.json",
        {
            "dataset": dataset,
            "backbone": backbone,
            "variances": settings.noise.variances,
            "seeds": settings.seeds,
            "provenance": provenance,
        },
    )


if __name__ == "__main__":
    entry.run(main)
