"""The core rows again under one condition, a choice that the paper leaves open: does the conclusion hang on it?

A training on which the condition has no bearing is that of the main run, and is read from there if it has been made.
"""

import time
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from study.assembly import conditions, stage_1, stage_2, stage_3
from study.assembly.conditions import Recipe
from study.assembly.images import images, read_data
from study.assembly.learning import decisive, decisive_of_auto_encoder
from study.assembly.networks import shape_of, trained_network
from study.assembly.recipes import auto_encoder_recipe, counted, recipe
from study.assembly.trials import Ranks, Trials, errors, measured
from study.evaluation.ranks import described, ranks
from study.evaluation.reconstruction import quality
from study.measures import flattening
from study.models.wae import WaveletLikeAutoEncoder
from study.settings import code, config, paths
from study.settings.config import digest_of
from study.settings.methods import METHODS, evaluated
from study.settings.record import Record
from study.stages import entry
from study.training.device import device, make_deterministic
from study.training.loop import Objective
from study.training.run import Weights, part, read_log, read_outcome, read_weights, training

BACKBONE = "vgg16"
AUTO_ENCODER = "wae"
CORE = (
    "full",
    "half",
    "wavelet_cnn",
    "decomposition_cnn",
    "space_to_depth",
    "ca",
    "wae_cnn_frozen",  # next to the row that starts from it
    "wae_cnn",
)
NO_START = {"outcome": "not trained", "reason": "what it starts from has no weights"}

ConditionOption = Annotated[str, typer.Option(help="What is changed, such as epochs-0.5 (params.yaml, robustness).")]


class Settings(Recipe):
    """What this stage reads of params.yaml."""


def core(dataset: str) -> tuple[str, ...]:
    """The core rows of a data set."""
    return tuple(word for word in CORE if word in evaluated(dataset, BACKBONE))


def decides(settings: Recipe, word: str) -> dict[str, Any]:
    """What of the settings decides about a row, or about the auto-encoder."""
    if word == AUTO_ENCODER:
        return decisive_of_auto_encoder(settings)
    found = decisive(settings, BACKBONE, word)
    if METHODS[word].stage == "finetune":
        found |= {"lambda": settings.lambda_, "gamma": settings.gamma, "finetune": settings.finetune.model_dump()}
    return found


class Run:
    """The trainings of one data set and seed under one condition, `main` being the recipe without it."""

    def __init__(
        self, scale: str, dataset: str, seed: int, main: Recipe, changed: Recipe, title: str, record: Record
    ) -> None:
        self.scale, self.dataset, self.seed = scale, dataset, seed
        self.main, self.changed, self.title, self.record = main, changed, title, record
        self.data = read_data(scale, dataset)
        self._kept: dict[str, Weights | None] = {}  # what other rows start from, None if it has no weights

    def key(self, word: str) -> str:
        """A digest of all that decides about a training here."""
        row = "wae_cnn" if word == AUTO_ENCODER else word
        decided_by = {
            "row": word,
            "settings": decides(self.changed, word),
            "seed": self.seed,
            "data": self.data.digest,
            "code": code.of_stage("robustness", row, BACKBONE),
        }
        return digest_of(decided_by)

    def folder(self, word: str) -> Path:
        """Where the main run leaves a training."""
        if word == AUTO_ENCODER:
            return paths.auto_encoder(self.scale, self.dataset, self.seed)
        return paths.classifier(self.scale, self.dataset, BACKBONE, word, self.seed)

    def in_main(self, word: str) -> bool:
        """Whether the main run has made this very training: the condition changes nothing that decides about it, and
        it lies there with the settings of params.yaml."""
        if decides(self.main, word) != decides(self.changed, word) or not (self.folder(word) / "outcome.json").exists():
            return False
        now = self.main.as_dict()
        recorded = read_outcome(self.folder(word)).get("settings", {})
        return bool(recorded) and all(recorded[name] == now[name] for name in recorded if name != "method")

    def auto_encoder(self) -> dict[str, Any]:
        """Stage 1: what it came to, PSNR and ratio of energies on the test images. Keeps its weights."""
        start = time.monotonic()
        weights: Weights | None
        if self.in_main(AUTO_ENCODER):
            folder = self.folder(AUTO_ENCODER)
            outcome, reason = (read_outcome(folder)[name] for name in ("outcome", "reason"))
            weights, log, here = read_weights(folder), read_log(folder), False
        else:
            with training(
                f"{self.title}-{AUTO_ENCODER}",
                lambda: stage_1.auto_encoder(self.changed.lambda_),
                self.data.pictures("train"),
                auto_encoder_recipe(self.changed.wae, self.changed.sgd),
                seed=self.seed,
                precision="fp32",  # as in the stage `wae`
                settings=decides(self.changed, AUTO_ENCODER),
                data_digest=self.data.digest,
                record=self.record,
            ) as done:
                outcome, reason, log, here = done.outcome, done.reason, done.rows, True
                weights = done.trained.state_dict() if outcome == "trained" else None
        self._kept[AUTO_ENCODER] = weights
        found = flattening.of_log(log)
        entry_ = {
            "row": AUTO_ENCODER,
            "outcome": outcome,
            "reason": reason,
            "trained_here": here,
            "flattened": found.flattened,
            "training": asdict(found),
        }
        if weights is not None:
            auto_encoder = WaveletLikeAutoEncoder()
            auto_encoder.load_state_dict(weights)
            shown = quality(auto_encoder, self.data.pictures("test"), device(), f"{self.title} {AUTO_ENCODER}")
            entry_ |= {"psnr_db": shown["psnr_db"], "energy_ratio": shown["energy_high"] / shown["energy_low"]}
        return entry_ | {"seconds": round(time.monotonic() - start, 1)}

    def start(self, word: str) -> Weights | None:
        """The weights that a row starts from, those of the auto-encoder or of another row; None if it left none."""
        if word not in self._kept:
            if word == AUTO_ENCODER:
                self.auto_encoder()
            else:
                self.row(word)
        return self._kept[word]

    def row(self, word: str) -> tuple[dict[str, Any], Ranks | None]:
        """A row: what it came to, and the rank of the true class of every test image, none if it has no weights."""
        start = time.monotonic()
        found, ranked = self._of_main(word) if self.in_main(word) else self._trained(word)
        return {"row": word, **found, "seconds": round(time.monotonic() - start, 1)}, ranked

    def _keep(self, word: str, weights: Weights | None) -> None:
        if any(METHODS[other].starts_from == word for other in CORE):
            self._kept[word] = weights

    def _of_main(self, word: str) -> tuple[dict[str, Any], Ranks | None]:
        make_deterministic(self.seed)
        shape = shape_of(self.data, self.main.network, self.main.channel_norm)
        outcome, network = trained_network(self.scale, self.dataset, BACKBONE, word, self.seed, shape)
        found = {name: outcome[name] for name in ("outcome", "reason", "learned")} | {"trained_here": False}
        self._keep(word, network.state_dict() if network is not None else None)
        if network is None:
            return found, None
        shown = images(self.data, "test", METHODS[word])
        ranked = ranks(network, shown, device(), f"{self.title} {word}")
        log = read_log(self.folder(word))
        return {**found, "epochs": len(log), **errors(ranked, float(log[-1]["top1_error_percent"]))}, ranked

    def _trained(self, word: str) -> tuple[dict[str, Any], Ranks | None]:
        row, changed = METHODS[word], self.changed
        encoder = trained = decoder = None
        how = recipe(changed.classifier, changed.classifier.rate(BACKBONE, word), changed.sgd)
        if row.frozen_encoder or row.starts_from:
            whole = self.start(AUTO_ENCODER)
            trained = self.start(row.starts_from) if row.starts_from else None
            if whole is None or (row.starts_from and trained is None):
                self._keep(word, None)
                return {**NO_START, "trained_here": True}, None
            encoder, decoder = part(whole, "encoder"), part(whole, "decoder")
        if row.starts_from:
            how = recipe(changed.finetune, changed.finetune.learning_rate, changed.sgd)
        shape = shape_of(self.data, changed.network, changed.channel_norm, word)

        def make() -> Objective:
            if trained is not None and decoder is not None:
                return stage_3.finetuned(BACKBONE, word, shape, trained, decoder, changed.lambda_, changed.gamma)
            return stage_2.classifier(BACKBONE, word, shape, encoder)

        pictures = images(self.data, "train", METHODS[word])
        how = counted(how, pictures)
        with training(
            f"{self.title}-{word}",
            make,
            pictures,
            how,
            seed=self.seed,
            precision=changed.precision,
            settings={"row": word, **decides(changed, word)},
            data_digest=self.data.digest,
            record=self.record,
        ) as done:
            shown = images(self.data, "test", METHODS[word])
            found, ranked = measured(done, pictures, how, self.seed, shown, f"{self.title} {word}")
            weights = done.trained.get_submodule("classifier").state_dict()
            self._keep(word, weights if done.outcome == "trained" else None)
            return {**found, "trained_here": True}, ranked


def main(scale: entry.Scale, dataset: entry.Dataset, condition: ConditionOption, seed: entry.Seed) -> None:
    settings = config.load(Settings, scale)
    chosen = conditions.condition(condition)
    record = Record("robustness", settings, seed=seed)
    title = f"robustness-{scale}-{dataset}-{chosen}-seed{seed}"
    run = Run(scale, dataset, seed, settings, chosen.applied(settings), title, record)
    keys = {word: run.key(word) for word in (AUTO_ENCODER, *core(dataset))}
    stored = Trials(
        paths.results(scale) / "robustness" / dataset / f"{chosen}-{seed}.json",
        keys.values(),
        {
            "condition": str(chosen),
            "choice": chosen.choice,
            "value": chosen.value,
            "dataset": dataset,
            "backbone": BACKBONE,
            "source": run.data.source,
            "classes": len(run.data.collection.classes),
            "seed": seed,
        },
    )
    stored.columns |= described(images(run.data, "test"), run.data.source)
    for word, key in keys.items():
        if key in stored:
            continue
        found, ranked = (run.auto_encoder(), None) if word == AUTO_ENCODER else run.row(word)
        stored.add(key, found, **({} if ranked is None else {word: ranked}))
    stored.write(provenance=record.fields_now())


if __name__ == "__main__":
    entry.run(main)
