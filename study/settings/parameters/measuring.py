"""What is measured: noise, operations, times."""

from typing import Annotated, Literal

from pydantic import Field, PlainValidator
from pydantic_core import PydanticCustomError

from study.settings.parameters.types import Block, ClassNumber, Count, NotNegative, Pixels, Positive, Seed


class Noise(Block):
    """Gaussian noise on test images with values in [0, 1]."""

    variances: Annotated[list[NotNegative], Field(min_length=1, max_length=100)]
    """the variances V"""
    seed: Seed
    """seed of the draws, the same for every network"""


class FullSize(Block):
    """The networks whose operations are counted and whose time is taken, at every scale."""

    side: Pixels
    """side of the input, in pixels"""
    classes: ClassNumber
    """classes"""


def _threads(value: object) -> int | str:
    if value == "all":
        return "all"
    if type(value) is int and 1 <= value <= 4096:
        return value
    raise PydanticCustomError("threads", "a whole number of 1 to 4096, or all")


Threads = Annotated[int | str, PlainValidator(_threads)]


Implementations = Literal["as written", "without a compiler", "all"]


class Timing(Block):
    """What is timed, and for how long."""

    seconds: Positive
    """limit of the comparison of the networks for one batch size and number of threads, all processes together; taking
    them apart may take half of it, and the wavelets a tenth"""
    processes: Annotated[int, Field(ge=2, le=100)]
    """fresh processes in which everything is repeated: intervals are over them"""
    threads: Annotated[list[Threads], Field(min_length=1)]
    """numbers of threads; all: of the processors that the process may use"""
    batches: Annotated[list[Count], Field(min_length=1)]
    """images at a time on the processor"""
    gpu_batches: Annotated[list[Count], Field(min_length=1)]
    """images at a time on a GPU"""
    implementations: Implementations
    """of the networks that are timed in several: those that need no compiler, or all, or the networks as they are
    written and no other"""
