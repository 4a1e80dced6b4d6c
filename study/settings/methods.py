"""The rows by their words, and what follows from their records."""

from study.settings.errors import InvalidParameter
from study.settings.records import Backbone, Control, Method, Place
from study.settings.rows import BACKBONES as BACKBONE_RECORDS
from study.settings.rows import ROWS

METHODS: dict[str, Method] = {row.word: row for row in ROWS}
BACKBONES: dict[str, Backbone] = {backbone.word: backbone for backbone in BACKBONE_RECORDS}
PLACES: tuple[Place, ...] = tuple(dict.fromkeys(place for row in ROWS for place in row.places))


def method(word: str) -> Method:
    """The row of a word. Raises InvalidParameter, naming what is known."""
    if word not in METHODS:
        raise InvalidParameter(f"method: must be one of {', '.join(METHODS)}, got {word!r}")
    return METHODS[word]


def label(word: str, backbone: str) -> str:
    """How a row is called in tables, figures and text."""
    return METHODS[word].named(BACKBONES[backbone].label)


def network_label(word: str, backbone: str) -> str:
    """How a row's network is called beside those of other backbones: its label, with the backbone's in it."""
    own, standard = label(word, backbone), BACKBONES[backbone].label
    return own if standard in own else f"{own} ({standard})"


def trained(dataset: str, backbone: str) -> tuple[str, ...]:
    """Every row with weights of its own on a data set and backbone."""
    return tuple(row.word for row in ROWS if row.stage and (dataset, backbone) in row.places)


def evaluated(dataset: str, backbone: str) -> tuple[str, ...]:
    """Every row with predictions on a data set and backbone: the trained ones, and the parts of those."""
    return tuple(row.word for row in ROWS if (dataset, backbone) in row.places)


def timed(backbone: str) -> tuple[str, ...]:
    """Every row whose operations are counted and whose time is taken."""
    return tuple(row.word for row in ROWS if backbone in row.timed)


def in_every_implementation() -> tuple[tuple[str, str], ...]:
    """(backbone, row) of the networks that are timed in every implementation."""
    return tuple((backbone, row.word) for backbone in BACKBONES for row in ROWS if backbone in row.implementations)


def pruned(backbone: str) -> tuple[str, ...]:
    """The pruned rows of a backbone."""
    return tuple(row.word for row in ROWS if row.stage == "prune" and any(its == backbone for _, its in row.places))


def controls() -> tuple[tuple[Control, Method, Place], ...]:
    """Every control with the row that it belongs to and each place where both rows are, question by question."""
    found = [
        (control, row, place)
        for row in ROWS
        for control in row.controls
        for place in row.places
        if place in METHODS[control.against].places
    ]
    questions = list(dict.fromkeys(control.question for control, *_ in found))
    return tuple(sorted(found, key=lambda each: questions.index(each[0].question)))


def check_place(dataset: str, backbone: str) -> None:
    """Raises InvalidParameter, naming what is known, for a data set and backbone that the study does not pair."""
    if (dataset, backbone) not in PLACES:
        known = ", ".join("-".join(pair) for pair in PLACES)
        raise InvalidParameter(f"dataset and backbone: must be one of {known}, got {dataset}-{backbone}")


def row_of_stage(stage: str, dataset: str, backbone: str, word: str) -> Method:
    """The row of a word, if this stage makes it there. Raises InvalidParameter, naming the stage that does."""
    check_place(dataset, backbone)
    row = method(word)
    known = [other for other in trained(dataset, backbone) if METHODS[other].stage == stage]
    if word not in known:
        made = f"{word} is made by the stage {row.stage}" if row.stage and row.stage != stage else f"got {word!r}"
        raise InvalidParameter(
            f"method: must be one of {', '.join(known)} for the stage {stage} on {dataset}-{backbone}; {made}"
        )
    return row
