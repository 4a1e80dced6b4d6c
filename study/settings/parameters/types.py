"""The kinds of values that params.yaml holds."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

# Above these a value is a slip of the hand: what it asks for would never end, or no library takes it.
MOST = 10_000_000
LARGEST_SEED = 2**32 - 1  # NumPy and torch both take it

Positive = Annotated[float, Field(gt=0, le=1e6, allow_inf_nan=False)]
NotNegative = Annotated[float, Field(ge=0, le=1e6, allow_inf_nan=False)]
LearningRate = Annotated[float, Field(gt=0, le=100, allow_inf_nan=False)]
Fraction = Annotated[float, Field(gt=0, lt=1)]
Count = Annotated[int, Field(ge=1, le=MOST)]
CountOrNone = Annotated[int, Field(ge=0, le=MOST)]
Seed = Annotated[int, Field(ge=0, le=LARGEST_SEED)]
ClassNumber = Annotated[int, Field(ge=2, le=MOST)]
Pixels = Annotated[int, Field(ge=32, le=4096, multiple_of=2)]


def _different(seeds: list[int]) -> list[int]:
    if len(set(seeds)) != len(seeds):
        raise PydanticCustomError("different", "numbers that differ from one another")
    return seeds


Seeds = Annotated[list[Seed], Field(min_length=1, max_length=1000), AfterValidator(_different)]
Dataset = Literal["objects", "faces"]
Rows = dict[str, dict[str, dict[str, list[str]]]]  # by data set, backbone and group of dvc.yaml
Precision = Literal["auto", "bf16", "fp32"]


class Block(BaseModel):
    """A part of params.yaml: every key known, every type exact, nothing changed afterwards."""

    model_config = ConfigDict(
        extra="forbid", strict=True, frozen=True, populate_by_name=True, use_attribute_docstrings=True
    )
