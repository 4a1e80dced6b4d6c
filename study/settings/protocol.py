"""The registered protocol: what is measured, when a training counts, which words a number may carry.

Its values stand in paper_tables/protocol.yaml, registered before the results that they judge.
"""

from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, ValidationError

from study.settings import config, paths
from study.settings.errors import InvalidParameter
from study.settings.faults import problems
from study.settings.parameters.types import Block, Count, Fraction

FILE = paths.PAPER_TABLES / "protocol.yaml"
Points = Annotated[float, Field(gt=0, le=100)]


class Primary(Block):
    """The primary endpoint."""

    name: str
    formula: str
    interval: str
    undefined: str


class Endpoints(Block):
    """What is measured, and which of the two errors comes first."""

    primary: Primary
    secondary: list[str]
    top5_first_from_classes: Count
    top5_shown_from_classes: Count


class NearlyTheSame(Block):
    """What the full network's error may be called nearly the same as."""

    share: Fraction
    reason: str


class Equivalent(Block):
    """Within what two rows are equivalent."""

    share: Fraction
    least_points: Points
    reason: str


class Margins(Block):
    """Margins with their reasons."""

    nearly_the_same_error: NearlyTheSame
    equivalent: Equivalent


class Seeds(Block):
    """How many trainings a word needs."""

    least: Annotated[int, Field(ge=2, le=1000)]
    core: Annotated[int, Field(ge=2, le=1000)]
    reason: str


class Chance(Block):
    """What a row must be better than."""

    baseline: str
    otherwise: str


class Family(Block):
    """Comparisons whose p-values are corrected together."""

    name: str
    about: str


class PaperData(Block):
    """What makes a data set the paper's."""

    classes: Count
    wnids_sha256: str
    train_images: Count
    test_images: Count
    test_images_per_class: Count
    least_median_side: Count


class Protocol(Block):
    """The protocol as a whole; blocks about trainings are read by those who train."""

    registered: date
    endpoints: Endpoints
    level: Fraction
    margins: Margins
    seeds: Seeds
    units: dict[str, str]
    chance: Chance
    families: list[Family]
    training: dict[str, Any]
    robustness: dict[str, Any]
    paper_data: dict[str, PaperData]

    def margin_points(self, loss: float) -> float:
        """Within how many points two rows are equivalent, where half resolution loses so many."""
        return max(self.margins.equivalent.least_points, self.margins.equivalent.share * loss)


@cache
def protocol(file: Path = FILE) -> Protocol:
    """The protocol. Raises InvalidParameter, one line for each fault."""
    try:
        return Protocol.model_validate(config.values(file))
    except ValidationError as error:
        raise InvalidParameter(problems(error, file)) from None


def digest(file: Path = FILE) -> str:
    """Short hash of the protocol's values: comments and the order of lines do not count."""
    return config.digest_of(protocol(file).model_dump(mode="json"))
