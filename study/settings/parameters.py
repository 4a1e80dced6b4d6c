"""The parameters of the study: their types, ranges and meaning. Their values stand in params.yaml."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, PlainValidator, Tag
from pydantic_core import PydanticCustomError

Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
NotNegative = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Fraction = Annotated[float, Field(gt=0, lt=1)]
Count = Annotated[int, Field(ge=1)]
Seed = Annotated[int, Field(ge=0)]
ClassNumber = Annotated[int, Field(ge=2)]
Pixels = Annotated[int, Field(ge=32, multiple_of=2)]
Aspect = Literal["warp", "keep"]


class Block(BaseModel):
    """A part of params.yaml: every key known, every type exact, nothing changed afterwards."""

    model_config = ConfigDict(
        extra="forbid", strict=True, frozen=True, populate_by_name=True, use_attribute_docstrings=True
    )


class Pictures(Block):
    """What every data set has."""

    resize: Pixels
    """side after resizing, in pixels"""
    crop: Pixels
    """side of the crop that a network sees, in pixels; at most `resize`"""


class Photographs(Pictures):
    """Patches of the photographs inside scikit-image and PyWavelets; a class is a photograph."""

    source: Literal["photographs"]
    """the photographs inside scikit-image and PyWavelets, cut into patches; a class is a photograph"""
    train_per_class: Count
    """training patches of every photograph"""
    test_per_class: Count
    """test patches of every photograph"""
    reduce: Count
    """by how much the photographs are made smaller before they are cut"""
    split_seed: Seed
    """seed of the places of the patches"""


class RenderedFaces(Pictures):
    """Faces drawn by a seeded renderer."""

    source: Literal["rendered_faces"]
    """faces drawn by a seeded renderer; a class is an identity"""
    identities: Annotated[int, Field(ge=20)]
    """faces that are told apart"""
    train_per_identity: Count
    """training pictures of every face"""
    test_per_identity: Count
    """test pictures of every face"""
    split_seed: Seed
    """seed of all that is drawn"""


class Folder(Pictures):
    """A folder of pictures, one folder a class."""

    source: Literal["folder"]
    """a folder of pictures, one folder a class"""
    aspect: Aspect
    """what resizing does to a picture that is not square: `warp` it, or `keep` the ratio and cut"""
    packed: bool
    """whether the resized pictures are kept in one file, and in memory"""
    classes: ClassNumber | None
    """how many classes must be found; null for any number"""
    test_fraction: Fraction
    """share of the pictures that is tested with, where there is no folder `val`"""
    split_seed: Seed
    """seed of that choice"""


class ImageNet(Pictures):
    """ImageNet (ILSVRC2012) in class folders."""

    source: Literal["imagenet"]
    """ILSVRC2012 in class folders"""
    aspect: Aspect
    """what resizing does to a picture that is not square: `warp` it, or `keep` the ratio and cut"""
    classes: ClassNumber
    """how many classes must be found"""


class CACD(Pictures):
    """The Cross-Age Celebrity Dataset with its metadata file."""

    source: Literal["cacd"]
    """the Cross-Age Celebrity Dataset with its metadata file"""
    aspect: Aspect
    """what resizing does to a picture that is not square: `warp` it, or `keep` the ratio and cut"""
    identities: ClassNumber
    """how many identities, the best-ranked first"""
    split_seed: Seed
    """seed of the choice of test pictures"""


SOURCES = ("photographs", "rendered_faces", "folder", "imagenet", "cacd")
Source = Annotated[Photographs | RenderedFaces | Folder | ImageNet | CACD, Field(discriminator="source")]


class Data(Block):
    """Where pictures come from, by data set."""

    objects: Source
    """pictures of objects (Tables 1 to 5)"""
    faces: Source
    """pictures of faces (Tables 6 and 7)"""


class Plateau(Block):
    """Divide the learning rate by 10 when the training error (percent) has not fallen by `improvement` points for more
    than `patience` epochs, at most `times` times; the next plateau ends the training."""

    patience: Count
    """epochs without improvement that are waited for"""
    improvement: NotNegative
    """points of training error that count as one"""
    times: Annotated[int, Field(ge=0)]
    """how often the rate is divided by 10; the next plateau ends the training"""


EPOCHS, RULE = "a list of epochs", "a plateau rule"
Drops = Annotated[
    Annotated[list[Count], Tag(EPOCHS)] | Annotated[Plateau, Tag(RULE)],
    Discriminator(lambda value: RULE if isinstance(value, (dict, Plateau)) else EPOCHS),
]


class Training(Block):
    """Length and schedule of a training."""

    batch: Count
    """pictures a batch"""
    epochs: Count
    """passes over the training pictures, at most"""
    drops: Drops
    """epochs after which the learning rate is divided by 10, or the rule that finds them"""


class AutoEncoderTraining(Training):
    """A training at a rate of its own."""

    learning_rate: Positive
    """of SGD, at the start"""


class BackboneTraining(Block):
    """What differs from one standard network to the other."""

    learning_rate: Positive
    """of SGD, at the start"""


class ClassifierTraining(Training):
    """Training of the classifiers (stage 2 of the paper)."""

    vgg16: BackboneTraining
    """networks made from VGG16"""
    resnet50: BackboneTraining
    """networks made from ResNet-50"""


class Noise(Block):
    """Gaussian noise on test pictures with values in [0, 1]."""

    variances: Annotated[list[NotNegative], Field(min_length=1)]
    """the variances V"""
    seed: Seed
    """seed of the draws, the same for every network"""


class Network(Block):
    """The size of the classifiers."""

    width: Annotated[float, Field(gt=0, le=1)]
    """relative width of every layer"""
    batch_norm: bool
    """BatchNorm behind every convolution of VGG16 (ResNet-50 has it in any case)"""


def _threads(value: object) -> int | str:
    if value != "all" and (type(value) is not int or value < 1):
        raise PydanticCustomError("threads", "a whole number of at least 1, or all")
    return value


Threads = Annotated[int | str, PlainValidator(_threads)]


class Timing(Block):
    """What is timed, and for how long."""

    seconds: Positive
    """limit of the comparison of the networks for one batch size and number of threads; taking them apart may take
    half of it, and the wavelets a tenth"""
    threads: Annotated[list[Threads], Field(min_length=1)]
    """numbers of threads; all: of the processors that the process may use"""
    batches: Annotated[list[Count], Field(min_length=1)]
    """pictures at a time on the processor"""
    gpu_batches: Annotated[list[Count], Field(min_length=1)]
    """pictures at a time on a GPU"""
    implementations: Literal["as written", "without a compiler", "all"]
    """of the networks that are timed in several: those that need no compiler, or all, or the networks as they are
    written and no other"""


class ShortTraining(Block):
    """A number of updates at one learning rate."""

    learning_rate: Positive
    """of SGD"""
    batch: Count
    """pictures a batch"""
    updates: Count
    """steps of SGD"""


class Recovery(Block):
    """Fine-tuning of a pruned network."""

    between: ShortTraining
    """after every removal"""
    final: AutoEncoderTraining
    """when the last filter is gone"""


class LayerByLayer(Block):
    """ThiNet's recovery, by backbone."""

    vgg16: Recovery
    """pruning of VGG16"""
    resnet50: Recovery
    """pruning of ResNet-50"""


class ToCost(Block):
    """Taylor's recovery, by backbone."""

    vgg16: Recovery
    """pruning of VGG16"""


class Prune(Block):
    """How pruning goes on at a scale."""

    images: Count
    """Taylor: pictures by which the maps of all layers are scored"""
    maps: Count
    """Taylor: how many maps go at a time"""
    thinet: LayerByLayer
    """ThiNet: fine-tuning"""
    taylor: ToCost
    """Taylor: fine-tuning"""


class Targets(Block):
    """Where Taylor's pruning ends: the share of the multiply-adds that is kept."""

    taylor_1: Fraction
    """of Taylor-1"""
    taylor_2: Fraction
    """of Taylor-2"""


class Pruning(Block):
    """What decides about filters, at every scale."""

    images_per_class: Count
    """ThiNet: pictures of every class"""
    locations: Count
    """ThiNet: outputs of the next layer drawn from each picture"""
    flops_weight: NotNegative
    """Taylor: weight of a map's cost in its score"""
    targets: Targets
    """Taylor: share of the multiply-adds at which each row ends"""


class Scale(Block):
    """What changes with the scale."""

    data: Data
    """pictures"""
    network: Network
    """size of the classifiers"""
    wae: AutoEncoderTraining
    """stage 1: the auto-encoder"""
    classifier: ClassifierTraining
    """stage 2: the classifiers"""
    finetune: AutoEncoderTraining
    """stage 3: both together"""
    prune: Prune
    """the compared pruning methods"""
    timing: Timing
    """the stage `timing`"""


class SGD(Block):
    """The optimiser of every training."""

    momentum: Annotated[float, Field(ge=0, lt=1)]
    """momentum"""
    weight_decay: NotNegative
    """weight decay"""


class FullSize(Block):
    """The networks whose operations are counted and whose time is taken, at every scale."""

    side: Pixels
    """side of the input, in pixels"""
    classes: ClassNumber
    """classes"""


class Scales(Block):
    """A block for every scale."""

    smoke: Scale
    """for tests"""
    desk: Scale
    """for a laptop"""
    photos: Scale
    """for real folders"""
    paper: Scale
    """ImageNet and CACD"""


class Params(Block):
    """params.yaml as a whole."""

    scale: Literal["smoke", "desk", "photos", "paper"]
    """what is run"""
    seeds: Annotated[list[Seed], Field(min_length=1)]
    """a run of every training for each; they must differ"""
    lambda_: Annotated[NotNegative, Field(alias="lambda")]
    """weight of the energy of I_H in the transform loss (Eq. 5)"""
    gamma: NotNegative
    """weight of the transform loss in the joint loss (Eq. 9)"""
    sgd: SGD
    """the optimiser of every training"""
    channel_norm: bool
    """BatchNorm without scale before every stream"""
    precision: Literal["auto", "bf16", "fp32"]
    """of training; auto: bf16 where the processor computes it, else fp32"""
    full_size: FullSize
    """the networks whose operations are counted and whose time is taken"""
    noise: Noise
    """Gaussian noise on test pictures with values in [0, 1]"""
    pruning: Pruning
    """what decides about filters"""
    bench: Timing
    """the command `make bench`"""
    scales: Scales
    """what changes with the scale"""
