"""The parameters of the study: their types, ranges and meaning, and the only reader of params.yaml."""

import hashlib
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, PlainValidator, Tag, ValidationError
from pydantic_core import PydanticCustomError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from study import paths
from study.errors import InvalidParameter

Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
NotNegative = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Fraction = Annotated[float, Field(gt=0, lt=1)]
Count = Annotated[int, Field(ge=1)]
Seed = Annotated[int, Field(ge=0)]
ClassNumber = Annotated[int, Field(ge=2)]
Pixels = Annotated[int, Field(ge=32, multiple_of=2)]


class Block(BaseModel):
    """A part of params.yaml: every key known, every type exact, nothing changed afterwards."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, populate_by_name=True)


class Pictures(Block):
    """What every data set has: the side after resizing and the side of the crop, in pixels."""

    resize: Pixels
    crop: Pixels


class Photographs(Pictures):
    """Patches of the photographs inside scikit-image and PyWavelets; a class is a photograph."""

    source: Literal["photographs"]
    train_per_class: Count
    test_per_class: Count
    reduce: Count
    split_seed: Seed


class RenderedFaces(Pictures):
    """Faces drawn by a seeded renderer."""

    source: Literal["rendered_faces"]
    identities: Annotated[int, Field(ge=20)]
    train_per_identity: Count
    test_per_identity: Count
    split_seed: Seed


class Folder(Pictures):
    """A folder of pictures, one folder a class. `packed` keeps them in memory, resized."""

    source: Literal["folder"]
    aspect: Literal["warp", "keep"]
    packed: bool
    classes: ClassNumber | None
    test_fraction: Fraction
    split_seed: Seed


class ImageNet(Pictures):
    """ImageNet (ILSVRC2012) in class folders."""

    source: Literal["imagenet"]
    aspect: Literal["warp", "keep"]
    classes: ClassNumber


class CACD(Pictures):
    """The Cross-Age Celebrity Dataset with its metadata file."""

    source: Literal["cacd"]
    aspect: Literal["warp", "keep"]
    identities: ClassNumber
    split_seed: Seed


SOURCES = ("photographs", "rendered_faces", "folder", "imagenet", "cacd")
Source = Annotated[Photographs | RenderedFaces | Folder | ImageNet | CACD, Field(discriminator="source")]


class Data(Block):
    objects: Source
    faces: Source


class Plateau(Block):
    """Divide the learning rate by 10 when the training error (percent) has not fallen by `improvement` points for more
    than `patience` epochs, at most `times` times; the next plateau ends the training."""

    patience: Count
    improvement: NotNegative
    times: Annotated[int, Field(ge=0)]


EPOCHS, RULE = "a list of epochs", "a plateau rule"
Drops = Annotated[
    Annotated[list[Count], Tag(EPOCHS)] | Annotated[Plateau, Tag(RULE)],
    Discriminator(lambda value: RULE if isinstance(value, (dict, Plateau)) else EPOCHS),
]


class Training(Block):
    """Batch size, number of epochs, and the epochs after which the learning rate is divided by 10 (or the rule)."""

    batch: Count
    epochs: Count
    drops: Drops


class AutoEncoderTraining(Training):
    learning_rate: Positive


class BackboneTraining(Block):
    learning_rate: Positive


class ClassifierTraining(Training):
    vgg16: BackboneTraining
    resnet50: BackboneTraining


class Noise(Block):
    """Variances V of the Gaussian noise on test pictures with values in [0, 1], and the seed of its draws."""

    variances: Annotated[list[NotNegative], Field(min_length=1)]
    seed: Seed


class Network(Block):
    """Relative width of every layer, and BatchNorm behind every convolution of the backbone."""

    width: Annotated[float, Field(gt=0, le=1)]
    batch_norm: bool


def _threads(value: object) -> int | str:
    if value != "all" and (type(value) is not int or value < 1):
        raise PydanticCustomError("threads", "a whole number of at least 1, or all")
    return value


Threads = Annotated[int | str, PlainValidator(_threads)]


class Timing(Block):
    """What is timed: batch sizes on the processor and on a GPU, numbers of threads, and which implementations of the
    networks that are timed in several of them. `seconds` limits the comparison of the networks for one batch size and
    number of threads; taking them apart may take half of it, and the wavelets a tenth.

    `implementations` are those that need no compiler, or all of them, or the networks as they are written and no other.
    """

    seconds: Positive
    threads: Annotated[list[Threads], Field(min_length=1)]
    batches: Annotated[list[Count], Field(min_length=1)]
    gpu_batches: Annotated[list[Count], Field(min_length=1)]
    implementations: Literal["as written", "without a compiler", "all"]


class ShortTraining(Block):
    """A number of updates at one learning rate."""

    learning_rate: Positive
    batch: Count
    updates: Count


class Recovery(Block):
    """Fine-tuning of a pruned network: after every removal, and at the end."""

    between: ShortTraining
    final: AutoEncoderTraining


class LayerByLayer(Block):
    vgg16: Recovery
    resnet50: Recovery


class ToCost(Block):
    vgg16: Recovery


class Prune(Block):
    """Pictures by which the maps of all layers are scored, how many maps go at a time, and the fine-tuning."""

    images: Count
    maps: Count
    thinet: LayerByLayer
    taylor: ToCost


class Pruning(Block):
    """What decides about filters: pictures of every class and outputs of the next layer drawn from each (ThiNet); the
    weight of a map's cost in its score, and the share of the multiply-adds at which each row ends (Taylor)."""

    images_per_class: Count
    locations: Count
    flops_weight: NotNegative
    targets: dict[str, Fraction]


class Scale(Block):
    data: Data
    network: Network
    wae: AutoEncoderTraining
    classifier: ClassifierTraining
    finetune: AutoEncoderTraining
    prune: Prune
    timing: Timing


class SGD(Block):
    momentum: Annotated[float, Field(ge=0, lt=1)]
    weight_decay: NotNegative


class FullSize(Block):
    side: Pixels
    classes: ClassNumber


class Scales(Block):
    smoke: Scale
    desk: Scale
    photos: Scale
    paper: Scale


class Params(Block):
    """params.yaml as a whole."""

    scale: Literal["smoke", "desk", "photos", "paper"]
    seeds: Annotated[list[Seed], Field(min_length=1)]
    lambda_: Annotated[NotNegative, Field(alias="lambda")]
    gamma: NotNegative
    sgd: SGD
    channel_norm: bool
    precision: Literal["auto", "bf16", "fp32"]
    full_size: FullSize
    noise: Noise
    pruning: Pruning
    bench: Timing
    scales: Scales


def _one_line(problem: dict) -> str:
    """A validation problem as one line: the key, what would be right, the value."""
    key = ".".join(str(part) for part in problem["loc"] if part not in (*SOURCES, EPOCHS, RULE))
    if problem["type"] == "extra_forbidden":
        return f"{key}: unknown key"
    if problem["type"] == "missing":
        return f"{key}: missing"
    wanted = problem["msg"].removeprefix("Input should be ").removeprefix("Input should have ")
    if problem["type"] == "union_tag_invalid":
        key, wanted = f"{key}.source", f"one of {problem['ctx']['expected_tags']}"
        return f"{key}: must be {wanted}, got {problem['ctx']['tag']!r}"
    return f"{key}: must be {wanted}, got {problem['input']!r}"


def read(path: Path = paths.PARAMS) -> Params:
    """The validated parameters, read as YAML 1.2 (1e-06 is a number there, a string in YAML 1.1).

    Raises InvalidParameter, one line for each fault, if the file is missing, is not YAML or holds an unfit value.
    """
    try:
        values = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InvalidParameter(f"{path}: not found; run from the root of the checkout") from None
    except YAMLError as error:
        raise InvalidParameter(f"{path}: not valid YAML: {' '.join(str(error).split())}") from None
    if not isinstance(values, dict):
        raise InvalidParameter(f"{path}: must hold keys and values, got {values!r}")
    try:
        params = Params.model_validate(values)
    except ValidationError as error:
        raise InvalidParameter("\n".join(f"{path}: {_one_line(problem)}" for problem in error.errors())) from None
    for name in Scales.model_fields:
        for dataset in Data.model_fields:
            pictures = getattr(getattr(params.scales, name).data, dataset)
            if pictures.crop > pictures.resize:
                raise InvalidParameter(
                    f"{path}: scales.{name}.data.{dataset}.crop: must be at most resize ({pictures.resize}), "
                    f"got {pictures.crop}"
                )
    if len(set(params.seeds)) != len(params.seeds):
        raise InvalidParameter(f"{path}: seeds: must differ from one another, got {params.seeds}")
    return params


class Settings(SimpleNamespace):
    """What one stage may read: the keys that it declares, by their names, and nothing else."""

    def as_dict(self) -> dict:
        """The declared keys and values, fit for JSON."""
        return {key: _plain(value) for key, value in vars(self).items()}

    def digest(self) -> str:
        """Short hash of the declared keys and values."""
        return hashlib.sha256(json.dumps(self.as_dict(), sort_keys=True).encode()).hexdigest()[:12]


def _plain(value: object) -> object:
    if isinstance(value, Settings):
        return value.as_dict()
    return value.model_dump() if isinstance(value, BaseModel) else value


def load(scale: str, declared: tuple[str, ...], path: Path = paths.PARAMS) -> Settings:
    """The declared settings at a scale.

    A declared key is dotted, from the top of params.yaml, and `scales.{scale}` stands for the block of the chosen
    scale: `("lambda", "scales.{scale}.wae")` gives an object with `.lambda_` and `.wae`; a whole block is named
    after its scale. Validates the whole file. Raises InvalidParameter.
    """
    params = read(path)
    if scale not in Scales.model_fields:
        raise InvalidParameter(f"scale: must be one of {', '.join(Scales.model_fields)}, got {scale!r}")
    settings = Settings()
    for key in declared:
        value, place = params, settings
        names = ["lambda_" if name == "lambda" else name for name in key.format(scale=scale).split(".")]
        for name in names:
            value = getattr(value, name)
        short = names[2:] or names[1:] if names[0] == "scales" else names
        for name in short[:-1]:
            if not hasattr(place, name):
                setattr(place, name, Settings())
            place = getattr(place, name)
        setattr(place, short[-1], value)
    return settings
