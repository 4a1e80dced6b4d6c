"""The full network for a few updates, before days are spent: does its training error fall below that of guessing?

A network without BatchNorm can stay at chance for a whole run where its first weights or its learning rate do not fit.
Fails, and stores nothing, if the error does not fall; at a scale with a gate no classifier is trained without it.
"""

from typing import Annotated

from study.assembly import stage_2
from study.assembly.images import images, read_data
from study.assembly.networks import shape_of
from study.assembly.recipes import WATCHED, ClassifierSettings, counted, lasting, recipe
from study.measures.chance import majority_error_percent
from study.settings import config, paths
from study.settings.config import At
from study.settings.errors import InvalidParameter, StudyError
from study.settings.methods import METHODS, check_place
from study.settings.parameters.training import ClassifierTraining
from study.settings.parameters.types import Count
from study.settings.record import Record
from study.stages import entry
from study.training.run import training

FULL = METHODS["full"]
SEED = 1000  # of no training that counts, as that of the search


class Settings(ClassifierSettings):
    """What this stage reads of params.yaml."""

    classifier: Annotated[ClassifierTraining, At("scales.{scale}.classifier")]
    gate_updates: Annotated[Count | None, At("scales.{scale}.gate_updates")]


def main(scale: entry.Scale, dataset: entry.Dataset, backbone: entry.Backbone) -> None:
    settings = config.load(Settings, scale)
    check_place(dataset, backbone)
    if settings.gate_updates is None:
        raise InvalidParameter(f"scales.{scale}.gate_updates: null, so nothing is asked of this scale before it trains")
    record = Record("gate", settings, seed=SEED)
    data = read_data(scale, dataset)
    pictures = images(data, "train", FULL)
    shape = shape_of(data, settings.network, settings.channel_norm, FULL.word)
    updates_an_epoch = max(1, len(pictures) // settings.classifier.batch)
    epochs = max(1, round(settings.gate_updates / updates_an_epoch))
    how = counted(
        recipe(lasting(settings.classifier, epochs), settings.classifier.rate(backbone, FULL.word), settings.sgd),
        pictures,
    )
    with training(
        f"gate-{scale}-{dataset}-{backbone}",
        lambda: stage_2.classifier(backbone, FULL.word, shape),
        pictures,
        how,
        seed=SEED,
        precision=settings.precision,
        settings=settings.as_dict(),
        data_digest=data.digest,
        record=record,
    ) as done:
        error = done.rows[-1][WATCHED] if done.rows else None
        guessing = majority_error_percent(pictures.labels.numpy())
        said = (
            f"training error {error:.2f} %, that of guessing is {guessing:.2f} %" if error is not None else done.reason
        )
        if not done.learned:
            raise StudyError(
                f"{dataset}, {backbone}: not learned after {epochs * updates_an_epoch} updates ({said}); before all "
                f"others are trained, change scales.{scale}.classifier.learning_rate or network.initialisation"
            )
        found = {
            "dataset": dataset,
            "backbone": backbone,
            "updates": epochs * updates_an_epoch,
            "learned": done.learned,
            "training_error_percent": error,
            "majority_error_percent": guessing,
            "provenance": record.fields_now(),
        }
        paths.write_json(paths.gate(scale, dataset, backbone), found)
    print(f"{dataset}, {backbone}: learns; {said}")


if __name__ == "__main__":
    entry.run(main)
