"""params.yaml as a whole, validated: what only those read who look at everything."""

from pathlib import Path

from pydantic import ValidationError

from study.settings import choice, config, paths
from study.settings.choice import Choice
from study.settings.errors import InvalidParameter
from study.settings.faults import problems
from study.settings.methods import BACKBONES, METHODS
from study.settings.parameters.data import RenderedFaces
from study.settings.parameters.training import OTHERS
from study.settings.parameters.whole import Params, Scale, Scales

MOST_DRAWN = 1_000_000  # all are held in memory


def read(path: Path = paths.PARAMS) -> Params:
    """The validated parameters.

    Raises InvalidParameter, one line for each fault, if the file cannot be read, holds an unfit value, or if values do
    not fit one another.
    """
    try:
        params = Params.model_validate(config.values(path))
    except ValidationError as error:
        raise InvalidParameter(problems(error, path)) from None
    faults = [f"{path}: scales.{name}.{fault}" for name in Scales.model_fields for fault in _faults(params.at(name))]
    faults += [f"{path}: {fault}" for fault in choice.faults(chosen(params))]
    if faults:
        raise InvalidParameter("\n".join(faults))
    return params


def chosen(params: Params) -> Choice:
    """What of the study is run."""
    return Choice(
        [*params.datasets],
        [*params.auto_encoders],
        {**params.backbones},
        {**params.rows},
    )


def _faults(scale: Scale) -> list[str]:
    """What does not fit within one scale, a line each."""
    found = []
    for dataset, pictures in (("objects", scale.data.objects), ("faces", scale.data.faces)):
        if isinstance(pictures, RenderedFaces):
            images = pictures.identities * (pictures.train_per_identity + pictures.test_per_identity)
            if images > MOST_DRAWN:
                found.append(f"data.{dataset}: must make at most {MOST_DRAWN} images, makes {images}")
        if pictures.crop > pictures.resize:
            found.append(f"data.{dataset}.crop: must be at most resize ({pictures.resize}), got {pictures.crop}")
    key = "network.dropout"
    if OTHERS not in scale.network.dropout:
        found.append(f"{key}.{OTHERS}: missing")
    found += [f"{key}.{row}: no such row" for row in scale.network.dropout if row not in (*METHODS, OTHERS)]
    if scale.other_wae.optimiser == scale.wae.optimiser:
        found.append(f"other_wae.optimiser: must be another than wae.optimiser, got {scale.wae.optimiser}")
    for backbone, rates in scale.classifier.learning_rate.items():
        key = f"classifier.learning_rate.{backbone}"
        if backbone not in BACKBONES:
            found.append(f"{key}: no such backbone; known: {', '.join(BACKBONES)}")
        if OTHERS not in rates:
            found.append(f"{key}.{OTHERS}: missing")
        found += [f"{key}.{row}: no such row" for row in rates if row not in (*METHODS, OTHERS)]
    found += [
        f"classifier.learning_rate.{backbone}: missing"
        for backbone in BACKBONES
        if backbone not in scale.classifier.learning_rate
    ]
    return found
