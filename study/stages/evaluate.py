"""Evaluate every trained network of one data set and backbone on the test pictures: ranks of the true class, errors."""

import numpy as np

from study import config, paths
from study.evaluation.ranks import ranks
from study.methods import TRAINED
from study.models.build import build
from study.provenance import Record
from study.stages import entry, inputs
from study.training.device import device, make_deterministic
from study.training.run import as_csv, part, read_log, read_outcome, read_weights

PARAMS = ("seeds", "channel_norm", "scales.{scale}.network")


def main(scale: str, dataset: str, backbone: str) -> None:
    settings = config.load(scale, PARAMS)
    inputs.check_place(dataset, backbone)
    record = Record("evaluate", settings.digest())
    make_deterministic(0)
    data = inputs.read_data(scale, dataset)
    labels = data.collection.test.labels
    columns: dict[str, np.ndarray] = {"label": labels}
    runs, curves = [], []
    for method in TRAINED[dataset, backbone]:
        pictures = inputs.pictures(data, "test", method)
        for seed in settings.seeds:
            folder = paths.classifier(scale, dataset, backbone, method, seed)
            weights = read_weights(folder)
            run = {"method": method, "seed": seed, **read_outcome(folder)}
            if weights is not None:
                network = build(method, inputs.shape(data, settings.network, settings.channel_norm))
                network.load_state_dict(part(weights, "classifier"))
                found = ranks(network, pictures, device(), f"{method} seed {seed}")
                columns[f"{method}.{seed}"] = found
                run["top1_error_percent"] = float(np.mean(found > 0) * 100)
                run["top5_error_percent"] = float(np.mean(found > 4) * 100)
            curves += [
                {"method": method, "seed": seed, "epoch": row["epoch"], "top1_error_percent": row["top1_error_percent"]}
                for row in read_log(folder)
            ]
            runs.append({**run, "training": paths.read_json(paths.record(folder))})
    wae_curves = [
        {"seed": seed, **row} for seed in settings.seeds for row in read_log(paths.auto_encoder(scale, dataset, seed))
    ]
    name = f"{dataset}-{backbone}"
    rows = [
        dict(zip(columns, values, strict=True)) for values in zip(*(c.tolist() for c in columns.values()), strict=True)
    ]
    paths.write_text(paths.results(scale) / "predictions" / f"{name}.csv", as_csv(rows))
    paths.write_text(paths.results(scale) / "curves" / f"{name}.csv", as_csv(curves))
    paths.write_text(paths.results(scale) / "curves" / f"{dataset}-wae.csv", as_csv(wae_curves))
    paths.write_json(
        paths.results(scale) / "evaluation" / f"{name}.json",
        {
            "dataset": dataset,
            "backbone": backbone,
            "source": data.source,
            "classes": len(data.collection.classes),
            "test_images": len(labels),
            "seeds": settings.seeds,
            "runs": runs,
            "provenance": record.fields_now(),
        },
    )


if __name__ == "__main__":
    entry.run(main, "scale", "dataset", "backbone")
