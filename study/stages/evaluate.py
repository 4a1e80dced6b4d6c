"""Evaluate every trained network of one data set and backbone on the test images: ranks of the true class, errors."""

from typing import Annotated, Any

from study.assembly.images import images, read_data
from study.assembly.networks import filters, shape_of, trained_network
from study.data.prepared import facts, read_manifest
from study.evaluation import ranks
from study.models import plans
from study.settings import config, paths
from study.settings.choice import measured
from study.settings.config import At, StageSettings
from study.settings.methods import METHODS, check_place
from study.settings.parameters.training import Network
from study.settings.parameters.types import Rows, Seeds
from study.settings.record import Record
from study.stages import entry
from study.training.device import device, make_deterministic
from study.training.run import as_csv, read_log


class Settings(StageSettings):
    """What this stage reads of params.yaml."""

    seeds: Seeds
    rows: Rows
    channel_norm: bool
    network: Annotated[Network, At("scales.{scale}.network")]


def main(scale: entry.Scale, dataset: entry.Dataset, backbone: entry.Backbone) -> None:
    settings = config.load(Settings, scale)
    check_place(dataset, backbone)
    record = Record("evaluate", settings)
    make_deterministic(0)
    data = read_data(scale, dataset)
    shape = shape_of(data, settings.network, settings.channel_norm)
    columns = ranks.described(images(data, "test"), data.source)
    runs: list[dict[str, Any]] = []
    curves: list[dict[str, Any]] = []
    left_by_pruning: dict[str, dict[str, Any]] = {}
    for method in measured(settings.rows, dataset, backbone):
        pictures = images(data, "test", METHODS[method])
        for seed in settings.seeds:
            outcome, network = trained_network(scale, dataset, backbone, method, seed, shape)
            run = {"method": method, "seed": seed, **outcome}
            if network is not None:
                found = ranks.ranks(network, pictures, device(), f"{method} seed {seed}")
                columns[f"{method}.{seed}"] = found
                run |= ranks.errors_percent(found)
            if not METHODS[method].part_of:
                folder = paths.classifier(scale, dataset, backbone, method, seed)
                log = read_log(folder)
                run["training_error_percent"] = float(log[-1]["top1_error_percent"]) if log else None
                run["training"] = paths.read_json(paths.record(folder))
                curves += [
                    {"method": method, "seed": seed, **{key: row[key] for key in ("epoch", "top1_error_percent")}}
                    for row in log
                ]
                plan = plans.read(folder)
                if plan is not None:
                    left = plans.as_dict(plan, filters(backbone, shape))
                    left_by_pruning.setdefault(method, {})[str(seed)] = left
            runs.append(run)
    name, results = f"{dataset}-{backbone}", paths.results(scale)
    provenance = record.fields_now()  # before anything is written: what changed while it ran replaces no result
    paths.write_bytes(results / "predictions" / f"{name}.npz", ranks.archive(columns))
    paths.write_text(results / "curves" / f"{name}.csv", as_csv(curves))
    paths.write_json(results / "plans" / f"{name}.json", left_by_pruning)
    paths.write_json(
        results / "evaluation" / f"{name}.json",
        {
            "dataset": dataset,
            "backbone": backbone,
            "source": data.source,
            "data": facts(read_manifest(paths.prepared(scale, dataset))),
            "classes": len(data.collection.classes),
            "test_images": len(data.collection.test),
            "seeds": settings.seeds,
            "runs": runs,
            "provenance": provenance,
        },
    )


if __name__ == "__main__":
    entry.run(main)
