"""Evaluate the networks of one data set and backbone, trained on clean pictures, under Gaussian noise."""

import numpy as np

from study.evaluation.ranks import ranks
from study.settings import config, paths
from study.settings.methods import evaluated
from study.settings.provenance import Record
from study.stages import entry, inputs
from study.training.device import device, make_deterministic
from study.training.run import as_csv

PARAMS = ("seeds", "channel_norm", "noise", "scales.{scale}.network")


def main(scale: str, dataset: str, backbone: str) -> None:
    settings = config.load(scale, PARAMS)
    inputs.check_place(dataset, backbone)
    record = Record("noise", settings.digest())
    make_deterministic(0)
    data = inputs.read_data(scale, dataset)
    shape = inputs.shape(data, settings.network, settings.channel_norm)
    columns: dict[str, np.ndarray] = {"label": data.collection.test.labels}
    for method in evaluated(dataset, backbone):
        pictures = inputs.pictures(data, "test", method)
        for seed in settings.seeds:
            _, network = inputs.trained_network(scale, dataset, backbone, method, seed, shape)
            if network is None:
                continue  # its outcome stands in the evaluation of clean pictures
            for variance in settings.noise.variances:
                columns[f"{method}.{seed}.V={variance:g}"] = ranks(
                    network,
                    pictures,
                    device(),
                    f"{method} seed {seed} V={variance:g}",
                    variance=variance,
                    noise_seed=settings.noise.seed,
                )
    name, results = f"{dataset}-{backbone}", paths.results(scale)
    paths.write_text(results / "noise" / f"{name}.csv", as_csv(inputs.by_picture(columns)))
    paths.write_json(
        results / "noise" / f"{name}.json",
        {
            "dataset": dataset,
            "backbone": backbone,
            "variances": settings.noise.variances,
            "seeds": settings.seeds,
            "provenance": record.fields_now(),
        },
    )


if __name__ == "__main__":
    entry.run(main, "scale", "dataset", "backbone")
