"""How the recipe of the trainings is chosen, and under which others the conclusion is looked at."""

from typing import Annotated

from pydantic import Field

from study.settings.parameters.types import Block, Fraction, LearningRate, Seed

Dropout = Annotated[float, Field(ge=0, lt=1)]
Candidates = Annotated[list[LearningRate], Field(min_length=1)]


class Search(Block):
    """One search with the same candidates for every row (paper_tables/protocol.yaml, training.search)."""

    learning_rate: dict[str, Candidates]
    """by backbone, the rates that are tried"""
    dropout: Annotated[list[Dropout], Field(min_length=1)]
    """shares that are tried, where the heads have dropout"""
    seed: Seed
    """seed of the trainings and of the split; of no training that counts"""
    validation_fraction: Fraction
    """share of the training images that is validated on"""


CHOICES = ("epochs", "dropout", "stage_1", "initialisation", "lambda")
Condition = Annotated[
    str,
    Field(pattern=r"^((epochs|dropout|lambda)-\d{1,6}(\.\d{1,6})?|stage_1-(sgd|adam)|initialisation-(he|xavier))$"),
]
Conditions = Annotated[list[Condition], Field(min_length=1)]
