"""Trainings: the networks' size, optimiser, length and schedule."""

from typing import Annotated, Literal

from pydantic import Field

from study.settings.parameters.types import Block, Count, CountOrNone, LearningRate, NotNegative

OTHERS = "others"  # the key of every row that has no rate of its own


class Network(Block):
    """The classifiers: their size, and how they start."""

    width: Annotated[float, Field(gt=0, le=1)]
    """relative width of every layer"""
    batch_norm: bool
    """BatchNorm behind every convolution of VGG16 (ResNet-50 has it in any case)"""
    dropout: dict[str, Annotated[float, Field(ge=0, lt=1)]]
    """share of the hidden units of VGG16's heads that are dropped, of each row by its word, and of all `others`"""
    initialisation: Literal["xavier", "he"]
    """of convolutions and linear layers: Glorot and Bengio 2010, or He et al. 2015"""

    def dropout_of(self, row: str) -> float:
        """The dropout of a row."""
        return self.dropout[row] if row in self.dropout else self.dropout[OTHERS]


class SGD(Block):
    """Stochastic gradient descent, the optimiser of every classifier."""

    momentum: Annotated[float, Field(ge=0, lt=1)]
    """momentum"""
    weight_decay: NotNegative
    """weight decay"""


class Constant(Block):
    """One learning rate from start to end."""

    kind: Literal["constant"]
    """one rate from start to end"""


class Milestones(Block):
    """Divide the learning rate by 10 after certain epochs."""

    kind: Literal["milestones"]
    """divided by 10 after certain epochs"""
    epochs: Annotated[list[Count], Field(min_length=1)]
    """those epochs"""


class Plateau(Block):
    """Divide the learning rate by 10 when the watched number has not fallen by `improvement` for more than `patience`
    epochs, at most `times` times; the next plateau ends the training."""

    kind: Literal["plateau"]
    """divided by 10 when the training error has stopped falling"""
    patience: Count
    """epochs without improvement that are waited for"""
    improvement: NotNegative
    """points of training error that count as one"""
    times: CountOrNone
    """how often the rate is divided by 10; the next plateau ends the training"""


class OneCycle(Block):
    """Warm up to the learning rate, then anneal it to nearly 0 by a cosine (Smith and Topin 2017)."""

    kind: Literal["one_cycle"]
    """up to the rate, then down to nearly 0 by a cosine, batch by batch"""
    warm_up: Annotated[float, Field(gt=0, lt=1)]
    """share of the training on the way up"""


Schedule = Annotated[Constant | Milestones | Plateau | OneCycle, Field(discriminator="kind")]


class Training(Block):
    """Length and schedule of a training."""

    batch: Count
    """images a batch"""
    epochs: Count
    """passes over the training images, at most"""
    schedule: Schedule
    """how the learning rate changes"""


class RatedTraining(Training):
    """A training with one learning rate for all rows."""

    learning_rate: LearningRate
    """at the start, or at the peak of a cycle"""


class AutoEncoderTraining(RatedTraining):
    """Training of the auto-encoder (stage 1 of the paper)."""

    optimiser: Literal["sgd", "adam"]
    """SGD with momentum and weight decay as in `sgd`, or Adam (Kingma and Ba 2014) without weight decay"""


class ClassifierTraining(Training):
    """Training of the classifiers (stage 2 of the paper)."""

    learning_rate: dict[str, dict[str, LearningRate]]
    """by backbone, of each row by its word, and of all `others`: at the start, or at the peak of a cycle"""

    def rate(self, backbone: str, row: str) -> float:
        """The learning rate of a row. Raises KeyError, naming the key, where none is given for a backbone."""
        rates = self.learning_rate[backbone]
        return rates[row] if row in rates else rates[OTHERS]


class ShortTraining(Block):
    """A number of updates at one learning rate."""

    learning_rate: LearningRate
    """of SGD"""
    batch: Count
    """images a batch"""
    updates: Count
    """steps of SGD"""
