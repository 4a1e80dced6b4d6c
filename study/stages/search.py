"""Choose the recipe: train every row with every candidate on a part of the training images, validate on the rest.

The same candidates, epochs and seed for every row (paper_tables/protocol.yaml, training.search). No test image is read.
"""

import time
from dataclasses import asdict, dataclass
from typing import Annotated, Any

import torch
from torch import nn

from study.assembly import adoption, stage_1, stage_2, stage_3, validation
from study.assembly.images import images
from study.assembly.learning import Learning, decisive, decisive_of_auto_encoder
from study.assembly.networks import shape_of
from study.assembly.recipes import auto_encoder_recipe, counted, lasting, recipe
from study.assembly.trials import Trials, measured
from study.data.prepared import PreparedSet
from study.measures import flattening
from study.models.build import architecture
from study.settings import code, config, paths
from study.settings.config import At, digest_of
from study.settings.errors import InvalidParameter
from study.settings.methods import METHODS, check_place, trained
from study.settings.parameters.data import Source
from study.settings.parameters.recipe import Search
from study.settings.parameters.training import OTHERS
from study.settings.parameters.types import Count
from study.settings.record import Record
from study.stages import entry
from study.training.loop import Objective
from study.training.run import Weights, part, training

NOT_SEARCHED = "its layers are known only when pruning has run; it takes the values of all others"


class Settings(Learning):
    """What this stage reads of params.yaml."""

    search: Search
    search_epochs: Annotated[Count | None, At("scales.{scale}.search_epochs")]
    source: Annotated[Source, At("scales.{scale}.data.{dataset}")]


@dataclass(frozen=True)
class Trial:
    """One row with one candidate; `dropout` is None for a network that has none. `settings` are those it runs with."""

    row: str
    learning_rate: float
    dropout: float | None
    settings: Settings
    key: str


def searched(dataset: str, backbone: str) -> tuple[str, ...]:
    """The rows that start from new weights, of layers that are known before anything is trained."""
    rows = (METHODS[word] for word in trained(dataset, backbone))
    return tuple(row.word for row in rows if row.stage in ("train", "joint") and not row.plan_of)


def trials(settings: Settings, data: PreparedSet, dataset: str, backbone: str, epochs: int) -> list[Trial]:
    """Every row with every candidate, in the order in which they are tried."""
    found = []
    for word in searched(dataset, backbone):
        with torch.device("meta"):
            network = architecture(backbone, word, shape_of(data, settings.network, settings.channel_norm, word))
        drops = any(isinstance(module, nn.Dropout) for module in network.modules())
        dropouts: list[float] | list[None] = settings.search.dropout if drops else [None]
        for rate in settings.search.learning_rate[backbone]:
            for dropout in dropouts:
                settings_tried = settings.model_copy(
                    update={
                        "network": settings.network.model_copy(update={"dropout": {OTHERS: dropout or 0.0}}),
                        "classifier": lasting(settings.classifier, epochs).model_copy(
                            update={"learning_rate": {backbone: {OTHERS: rate}}}
                        ),
                    }
                )
                decided_by = {
                    "row": word,
                    "settings": decisive(settings_tried, backbone, word),
                    "seed": settings.search.seed,
                    "data": data.digest,
                    "code": code.of_stage("search", word, backbone),
                }
                found.append(Trial(word, rate, dropout, settings_tried, digest_of(decided_by)))
    return found


def encoder(settings: Settings, data: PreparedSet, name: str, record: Record) -> tuple[Weights | None, dict[str, Any]]:
    """The encoder of a stage 1 on the same part of the training images, and how well it brings them back; no weights
    if it diverged."""
    with training(
        name,
        lambda: stage_1.auto_encoder(settings.lambda_),
        data.pictures("train"),
        auto_encoder_recipe(settings.wae, settings.sgd),
        seed=settings.search.seed,
        precision="fp32",  # as in the stage `wae`
        settings=decisive_of_auto_encoder(settings),
        data_digest=data.digest,
        record=record,
    ) as done:
        found = flattening.of_log(done.rows)
        described = {"outcome": done.outcome, **asdict(found), "flattened": found.flattened}
        return (part(done.trained.state_dict(), "encoder") if done.outcome == "trained" else None), described


def tried(
    trial: Trial,
    data: PreparedSet,
    backbone: str,
    auto_encoder: tuple[Weights | None, dict[str, Any]] | None,
    name: str,
    record: Record,
    stored: Trials,
) -> None:
    """Train one row with one candidate, validate it and store what it came to. `auto_encoder` is that of a row whose
    encoder stays as it is."""
    settings, row = trial.settings, METHODS[trial.row]
    described: dict[str, Any] = {"row": row.word, "learning_rate": trial.learning_rate, "dropout": trial.dropout}
    frozen = None
    if auto_encoder is not None:
        frozen, described["stage_1"] = auto_encoder
        if frozen is None:
            return stored.add(trial.key, {**described, "outcome": "not trained", "reason": "its auto-encoder diverged"})
    shape = shape_of(data, settings.network, settings.channel_norm, row.word)

    def make() -> Objective:
        if row.stage == "joint":
            return stage_3.jointly(backbone, row.word, shape, settings.lambda_, settings.gamma)
        return stage_2.classifier(backbone, row.word, shape, frozen)

    pictures = images(data, "train", row)
    how = counted(recipe(settings.classifier, trial.learning_rate, settings.sgd), pictures)
    start = time.monotonic()
    with training(
        f"{name}-{row.word}",
        make,
        pictures,
        how,
        seed=settings.search.seed,
        precision=settings.precision,
        settings={"row": row.word, **decisive(settings, backbone, row.word)},
        data_digest=data.digest,
        record=record,
    ) as done:
        validated = images(data, "test", row)
        found, _ = measured(done, pictures, how, settings.search.seed, validated, row.word)
        return stored.add(trial.key, {**described, **found, "seconds": round(time.monotonic() - start, 1)})


def main(scale: entry.Scale, dataset: entry.Dataset, backbone: entry.Backbone) -> None:
    settings = config.load(Settings, scale, dataset)
    check_place(dataset, backbone)
    epochs, search = settings.search_epochs, settings.search
    if epochs is None:
        raise InvalidParameter(f"scales.{scale}.search_epochs: null, so this scale keeps its recipe; set it to search")
    if backbone not in search.learning_rate:
        raise InvalidParameter(f"search.learning_rate.{backbone}: missing in params.yaml")
    record = Record("search", settings)
    name = f"search-{scale}-{dataset}-{backbone}"
    data = validation.read_data(scale, dataset, settings.source, search.validation_fraction, search.seed)
    planned = trials(settings, data, dataset, backbone, epochs)
    stored = Trials(
        paths.results(scale) / "search" / f"{dataset}-{backbone}.json",
        [trial.key for trial in planned],
        {
            "dataset": dataset,
            "backbone": backbone,
            "source": data.source,
            "seed": search.seed,
            "training_images": len(data.collection.train),
            "validation_images": len(data.collection.test),
            "learning_rates": search.learning_rate[backbone],
            "dropouts": search.dropout,
            "not_searched": {
                word: NOT_SEARCHED
                for word in trained(dataset, backbone)
                if METHODS[word].stage == "train" and METHODS[word].plan_of
            },
        },
    )
    auto_encoder: tuple[Weights | None, dict[str, Any]] | None = None
    for trial in planned:
        if trial.key in stored:
            continue
        if METHODS[trial.row].frozen_encoder and auto_encoder is None:
            auto_encoder = encoder(settings, data, f"search-{scale}-{dataset}-wae", record)
        tried(trial, data, backbone, auto_encoder if METHODS[trial.row].frozen_encoder else None, name, record, stored)
    stored.write(choice=adoption.choice([stored.as_dict()]), provenance=record.fields_now())
    print(adoption.as_params(scale))


if __name__ == "__main__":
    entry.run(main)
