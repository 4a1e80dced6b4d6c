"""A network that others trained, evaluated here: its errors beside the numbers that the paper and its authors print."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from study.judging.basis import OTHER_DATA, OTHER_SETTINGS, in_short, unlike_imagenet
from study.judging.measured import Interval
from study.judging.results import GUESSES, METRICS
from study.judging.verdict import NOT_COMPARABLE, Verdict, by_interval
from study.measures.proportion import error_interval
from study.paper import authors_page
from study.paper.tables import Cell, tables
from study.settings.protocol import protocol

TABLES = ("table_1", "table_5")  # whose errors are of networks on ImageNet's validation images
PAPER, PAGE = "the paper", "the authors' page"
NETWORK_WIDTH = "network.width"


@dataclass(frozen=True)
class Printed:
    """A number that was printed of this row: who says so, where it stands, its text, and the word beside it."""

    who: str
    where: str
    text: str
    word: str
    reason: str


@dataclass(frozen=True)
class Error:
    """An error in percent with its 95 % interval over test images, and what was printed of it."""

    quantity: str
    value: float
    interval: Interval
    printed: tuple[Printed, ...]


@dataclass(frozen=True)
class Evaluated:
    """A published network on validation images.

    `weights` are the file's name, size and SHA-256; `network` what it is; `data` facts of the images, as a manifest has
    them; `seen` how they are prepared; `unlike` why its errors cannot be set against the paper's; `provenance` what it
    was evaluated with.
    """

    name: str
    weights: Mapping[str, Any]
    network: Mapping[str, Any]
    data: Mapping[str, Any]
    seen: Mapping[str, Any]
    errors: tuple[Error, ...]
    unlike: tuple[str, ...]
    provenance: Mapping[str, Any]


def unlike_the_paper(network: Mapping[str, Any], data: Mapping[str, Any]) -> tuple[str, ...]:
    """Why the errors of a published network cannot be set against printed ones; empty if they can.

    The images are judged as those of the study's own networks. Its training images are its publisher's word.
    """
    reasons = [f"{OTHER_DATA}: {reason}" for reason in unlike_imagenet(data, trained_here=False)]
    if network["width"] != 1:
        reasons.append(f"{OTHER_SETTINGS}: {NETWORK_WIDTH}")
    return tuple(reasons)


def errors(
    ranks: NDArray[np.int64], units: NDArray[np.int64], backbone: str, method: str, unlike: tuple[str, ...]
) -> tuple[Error, ...]:
    """Both errors from the rank of the true class and the unit of every image, (images,), beside what is printed.

    The words are those of the tables. One network is what is judged here, not a method by trainings of it, so there
    are no seeds to ask for: its error varies with the images alone.
    """
    found = []
    for metric in METRICS:
        wrong, quantity = ranks >= GUESSES[metric], f"{metric}_error_percent"
        value, interval = float(100 * wrong.mean()), error_interval(wrong, units, protocol().level)
        beside = []
        for who, where, cell in _printed(backbone, method, quantity):
            word = Verdict(NOT_COMPARABLE, in_short(unlike)) if unlike else by_interval(value, interval, cell, "lower")
            beside.append(Printed(who, where, cell.text, word.word, word.reason))
        found.append(Error(quantity, value, interval, tuple(beside)))
    return tuple(found)


def _printed(backbone: str, method: str, quantity: str) -> list[tuple[str, str, Cell]]:
    """Who prints an error of a row, where, and the cell."""
    found = [
        (PAPER, f"Table {table.number}, {cell.row}", cell)
        for table in tables()
        if table.slug in TABLES and table.backbone == backbone
        for cell in table.cells
        if (cell.method, cell.quantity) == (method, quantity)
    ]
    page = authors_page.cells().get((backbone, method), [])
    return found + [(PAGE, cell.row, cell) for cell in page if cell.quantity == quantity]
