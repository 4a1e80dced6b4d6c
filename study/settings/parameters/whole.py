"""params.yaml as a whole."""

from typing import Annotated, Literal

from pydantic import Field

from study.settings.parameters.data import Data
from study.settings.parameters.measuring import FullSize, Noise, Timing
from study.settings.parameters.pruning import Prune, Pruning
from study.settings.parameters.recipe import Conditions, Search
from study.settings.parameters.training import SGD, AutoEncoderTraining, ClassifierTraining, Network, RatedTraining
from study.settings.parameters.types import Block, Count, Dataset, NotNegative, Precision, Rows, Seeds


class Scale(Block):
    """What changes with the scale."""

    data: Data
    """pictures"""
    device: Literal["gpu", "any"]
    """what must be there before anything runs: a `gpu` that torch can use, or `any` hardware"""
    network: Network
    """size of the classifiers"""
    wae: AutoEncoderTraining
    """stage 1: the auto-encoder"""
    other_wae: AutoEncoderTraining
    """stage 1 by the other optimiser, of the stage `robustness` alone"""
    classifier: ClassifierTraining
    """stage 2: the classifiers"""
    search_epochs: Count | None
    """epochs of every training of the stage `search`; null: the recipe is the paper's, and nothing is searched"""
    gate_updates: Count | None
    """updates by which the full network must have begun to learn before any classifier is trained; null: not asked"""
    finetune: RatedTraining
    """stage 3: both together"""
    prune: Prune
    """the compared pruning methods"""
    timing: Timing
    """the stage `timing`"""


ScaleName = Literal["smoke", "quick", "desk", "photos", "paper"]


class Scales(Block):
    """A block for every scale."""

    smoke: Scale
    """for tests"""
    quick: Scale
    """for a first look"""
    desk: Scale
    """for a laptop"""
    photos: Scale
    """for real folders"""
    paper: Scale
    """ImageNet and CACD"""


class Params(Block):
    """params.yaml as a whole."""

    scale: ScaleName
    """what is run"""
    seeds: Seeds
    """a run of every training for each; they must differ"""
    datasets: Annotated[list[Dataset], Field(min_length=1)]
    """data sets that are prepared"""
    auto_encoders: list[Dataset]
    """data sets on which stage 1 is trained"""
    backbones: dict[str, list[str]]
    """whose networks are measured, by data set"""
    rows: Rows
    """what is trained, by data set, backbone and group of dvc.yaml: rows by their words, but for `extend` and what
    follows pruning (`train_plan`, `recover` ...), where the row stands that they go on from"""
    lambda_: Annotated[NotNegative, Field(alias="lambda")]
    """weight of the energy of I_H in the transform loss (Eq. 5)"""
    gamma: NotNegative
    """weight of the transform loss in the joint loss (Eq. 9)"""
    sgd: SGD
    """the optimiser of every training"""
    channel_norm: bool
    """BatchNorm without scale before every stream"""
    precision: Precision
    """of training; auto: bf16 where the processor computes it, else fp32"""
    full_size: FullSize
    """the networks whose operations are counted and whose time is taken"""
    noise: Noise
    """Gaussian noise on test images with values in [0, 1]"""
    pruning: Pruning
    """what decides about filters"""
    search: Search
    """the stage `search`"""
    robustness: Conditions
    """what the stage `robustness` changes, one thing at a time: a choice of the recipe and its value"""
    bench: Timing
    """the command `make bench`"""
    scales: Scales
    """what changes with the scale"""

    def at(self, scale: str) -> Scale:
        """The block of a scale. Raises KeyError for a scale that there is not."""
        blocks: dict[str, Scale] = dict(iter(self.scales))
        return blocks[scale]
