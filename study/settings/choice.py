"""Which rows are trained and measured: the lists of params.yaml, and the whole choice that a few words stand for.

DVC multiplies lists out and filters none, so params.yaml holds one for every group of dvc.yaml. A person names rows
and data sets; what these need, and the lists, follow from the records.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from study.settings.errors import InvalidParameter
from study.settings.methods import BACKBONES, METHODS, PLACES, trained
from study.settings.records import DATASETS, Method, Place

# By data set, backbone and group, the items of the group's matrix.
Groups = Mapping[str, Mapping[str, Mapping[str, list[str]]]]
# Everything is set beside these: they are in every choice.
ALWAYS: Place = ("objects", "vgg16")
ALWAYS_ROWS = ("full", "half")
PAPER, ALL = "paper", "all"


@dataclass(frozen=True)
class Choice:
    """The data sets, auto-encoders, backbones and rows of a run, as they stand in params.yaml."""

    datasets: list[str]
    auto_encoders: list[str]
    backbones: Mapping[str, list[str]]
    rows: Groups


def group(row: Method) -> str:
    """The group of dvc.yaml that trains a row, without the ending for its data set and backbone."""
    if row.stage == "train":
        return "train_frozen" if row.frozen_encoder else "train_plan" if row.plan_of else "train"
    if row.stage == "recover":
        return "recover" if row.starts_from == f"{row.budget_of}_scratch" else f"recover_{row.starts_from}"
    return row.stage


def item(row: Method) -> str:
    """What stands for a row in its group's matrix: its word, or that of the row by which dvc.yaml names it."""
    other = {"recover": row.budget_of, "extend": row.starts_from, "train": row.plan_of}.get(row.stage)
    return other or row.word


def chosen(rows: Groups, dataset: str, backbone: str) -> tuple[str, ...]:
    """The trained rows of a place that are chosen, in the order of the records."""
    groups = rows.get(dataset, {}).get(backbone, {})
    return tuple(
        word for word in trained(dataset, backbone) if item(METHODS[word]) in groups.get(group(METHODS[word]), ())
    )


def measured(rows: Groups, dataset: str, backbone: str) -> tuple[str, ...]:
    """The rows of a place that have predictions: the chosen ones, and the parts of those."""
    there = chosen(rows, dataset, backbone)
    parts = [row.word for row in METHODS.values() if row.part_of in there and (dataset, backbone) in row.places]
    return tuple(word for word in METHODS if word in (*there, *parts))


def needs(word: str) -> tuple[str, ...]:
    """The rows that a row is made from."""
    row = METHODS[word]
    return tuple(other for other in (row.starts_from, row.plan_of, row.budget_of, row.part_of) if other)


def needs_auto_encoder(word: str) -> bool:
    """Whether the auto-encoder of stage 1 is needed for a row itself."""
    return METHODS[word].frozen_encoder or METHODS[word].stage == "finetune"


def words(asked: Iterable[str]) -> tuple[str, ...]:
    """The rows that are meant: `paper` are those of the paper, `all` those and every control.

    Raises InvalidParameter, naming what is known, for a word that is no row.
    """
    found: list[str] = []
    for word in asked:
        if word == PAPER:
            found += [row.word for row in METHODS.values() if row.in_paper]
        elif word == ALL:
            found += METHODS
        elif word in METHODS:
            found.append(word)
        else:
            raise InvalidParameter(f"rows: must be {PAPER}, {ALL}, or among {', '.join(METHODS)}; got {word!r}")
    return tuple(dict.fromkeys(found))


def choice(
    asked: Iterable[str], datasets: Iterable[str] = DATASETS, backbones: Iterable[str] = tuple(BACKBONES)
) -> Choice:
    """The choice that some rows stand for, with every row that they are made from or set beside.

    Raises InvalidParameter for a row or data set that the study does not know, and for one without the objects.
    """
    of_data, of_backbones = tuple(datasets), tuple(backbones)
    for about, given, known, always in (
        ("datasets", of_data, DATASETS, ALWAYS[0]),
        ("backbones", of_backbones, tuple(BACKBONES), ALWAYS[1]),
    ):
        for one in given:
            if one not in known:
                raise InvalidParameter(f"{about}: must be among {', '.join(known)}, got {one!r}")
        if always not in given:
            raise InvalidParameter(f"{about}: {always} must be among them; all else is set beside it")
    wanted = list(words(asked))
    for word in wanted:  # grows while it is gone through
        wanted += [other for other in needs(word) if other not in wanted]
    by_place: dict[Place, list[str]] = {}
    for place in PLACES:
        wished = place[0] in of_data and place[1] in of_backbones
        there = [word for word in trained(*place) if word in wanted] if wished else []
        if there or place == ALWAYS:
            by_place[place] = [word for word in trained(*place) if word in (*there, *ALWAYS_ROWS)]
    rows: dict[str, dict[str, dict[str, list[str]]]] = {}
    for dataset, backbone in PLACES:
        # A list for every group that there is, empty or not: dvc.yaml names it.
        lists = rows.setdefault(dataset, {}).setdefault(backbone, {})
        for word in trained(dataset, backbone):
            its = lists.setdefault(group(METHODS[word]), [])
            if word in by_place.get((dataset, backbone), ()):
                its.append(item(METHODS[word]))
    encoded = {dataset for (dataset, _), there in by_place.items() if any(map(needs_auto_encoder, there))}
    return Choice(
        [dataset for dataset in DATASETS if dataset in {place[0] for place in by_place}],
        [dataset for dataset in DATASETS if dataset in encoded],
        {dataset: [one for one in BACKBONES if (dataset, one) in by_place] for dataset in DATASETS},
        rows,
    )


def faults(found: Choice) -> list[str]:
    """What does not fit in the lists of params.yaml, a line each."""
    lines = []
    for dataset, of_backbones in found.rows.items():
        for backbone, groups in of_backbones.items():
            place = f"rows.{dataset}.{backbone}"
            if (dataset, backbone) not in PLACES:
                lines.append(f"{place}: the study does not pair them")
                continue
            known = {(group(METHODS[word]), item(METHODS[word])) for word in trained(dataset, backbone)}
            for name, items in groups.items():
                lines += [f"{place}.{name}: {one} is no row there" for one in items if (name, one) not in known]
            there = chosen(found.rows, dataset, backbone)
            lines += [
                f"{place}: {word} needs {other}, which is not among the rows"
                for word in there
                for other in needs(word)
                if other not in there
            ]
            if there and dataset not in found.datasets:
                lines.append(f"datasets: {dataset} is missing, on which {there[0]} is trained")
            if any(map(needs_auto_encoder, there)) and dataset not in found.auto_encoders:
                lines.append(f"auto_encoders: {dataset} is missing, which rows there need")
            if bool(there) != (backbone in found.backbones.get(dataset, ())):
                lines.append(f"backbones.{dataset}: {backbone} must be there if rows of it are, and only then")
    always = chosen(found.rows, *ALWAYS)
    place = ".".join(ALWAYS)
    lines += [
        f"rows.{place}.train: {word} is missing; all else is set beside it"
        for word in ALWAYS_ROWS
        if word not in always
    ]
    return [f"{line}; `study use` writes lists that fit" for line in lines]
