"""The drop of every pruned network against its own baseline, quoted and measured, and what it gains over scratch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from study.judging.measured import Key, Measured
from study.judging.pairs import FULL, Difference, Pair, differences
from study.judging.results import METRICS, Results
from study.paper.files import read_yaml
from study.paper.tables import Cell, Table
from study.settings import paths
from study.settings.methods import BACKBONES, METHODS, label, pruned
from study.settings.records import Method, Place

DATASET, BASELINE = "objects", FULL
TOP5 = "top5_error_percent"

# By backbone, row and seed: the layers that pruning left.
Plans = Mapping[str, Mapping[str, Mapping[str, Mapping[str, Any]]]]


@dataclass(frozen=True)
class Drop:
    """One pruned row. Quoted numbers are top-5 errors in percent, None for a row that the paper lacks.

    By error, "top1" and "top5": `drops` are its error less the full network's; `from_scratch` less that of the same
    layers trained from scratch with the epochs of the full network; `same_budget` less that of these with the updates
    of pruning as well. `channels` are the filters kept, layer by layer, of each seed; `lacking` says what there is no
    number for.
    """

    backbone: str
    method: str
    label: str
    quoted_error: float | None
    quoted_baseline: float | None
    quoted_drop: float | None
    baseline_source: str
    drops: dict[str, Difference]
    from_scratch: dict[str, Difference]
    same_budget: dict[str, Difference]
    multiply_adds_billion: float | None
    baseline_multiply_adds_billion: float | None
    channels: dict[str, tuple[int, ...]]
    lacking: str


@dataclass(frozen=True)
class Drops:
    """All rows of a scale."""

    scale: str
    rows: tuple[Drop, ...]


def baselines(folder: Path = paths.PAPER_TABLES) -> list[dict[str, Any]]:
    """What each quoted error is to be compared with, as paper_tables/baselines.yaml holds it."""
    found: list[dict[str, Any]] = read_yaml(folder / "baselines.yaml")
    return found


def plans(results: Path) -> Plans:
    """The layers that pruning left at this scale, as far as any were pruned."""
    files = {backbone: results / "plans" / f"{DATASET}-{backbone}.json" for backbone in BACKBONES}
    return {backbone: paths.read_json(file) for backbone, file in files.items() if file.exists()}


def from_scratch(row: Method) -> Method | None:
    """The row with the layers that a pruned row is left with, trained from scratch, or None."""
    return _with_its_layers(row, "train")


def same_budget(row: Method) -> Method | None:
    """The row with the layers of a pruned row, from scratch, that has had its updates too, or None."""
    return _with_its_layers(row, "recover")


def _with_its_layers(row: Method, stage: str) -> Method | None:
    same = (
        other
        for other in METHODS.values()
        if other.stage == stage and (other.plan_of == row.word or (row.plan and other.plan == row.plan))
    )
    return next(same, None)


def drops(
    measured: Mapping[Key, Measured],
    results: Mapping[Place, Results],
    tables: Sequence[Table],
    left: Plans,
    scale: str,
) -> Drops:
    """A row for every baseline, then one for every pruned network that the paper lacks; all differences are one family
    for each error.

    Raises KeyError for a baseline of a method that no table has.
    """
    cells: dict[tuple[str, str], Cell] = {}
    for table in tables:
        if table.dataset == DATASET:
            for cell in table.cells:
                if cell.quantity == TOP5:
                    cells.setdefault((table.backbone, cell.method), cell)
    quoted = {(entry["backbone"], entry["method"]): entry for entry in baselines()}
    here = [(backbone, word) for backbone in BACKBONES for word in pruned(backbone)]
    rows = list(dict.fromkeys([*quoted, *here]))
    compared = _differences(rows, results)
    return Drops(
        scale,
        tuple(
            _drop(place, quoted.get(place), cells, measured, left.get(place[0], {}), compared[place]) for place in rows
        ),
    )


def _against(place: tuple[str, str]) -> dict[str, str]:
    """What a pruned row is compared with, by the field of Drop."""
    method = METHODS[place[1]]
    scratch, budget = from_scratch(method), same_budget(method)
    found = {"drops": BASELINE}
    found |= {"from_scratch": scratch.word} if scratch else {}
    return found | ({"same_budget": budget.word} if budget else {})


def _differences(
    rows: Sequence[tuple[str, str]], results: Mapping[Place, Results]
) -> dict[tuple[str, str], dict[str, dict[str, Difference]]]:
    """By row and field of Drop, the differences in each error."""
    asked = [
        (place, name, Pair(results[DATASET, place[0]], place[1], against))
        for place in rows
        if (DATASET, place[0]) in results
        for name, against in _against(place).items()
    ]
    found: dict[tuple[str, str], dict[str, dict[str, Difference]]] = {
        place: {"drops": {}, "from_scratch": {}, "same_budget": {}} for place in rows
    }
    for metric in METRICS:
        for (place, name, _), difference in zip(asked, differences([pair for *_, pair in asked], metric), strict=True):
            found[place][name][metric] = difference
    return found


def _drop(
    place: tuple[str, str],
    entry: Mapping[str, Any] | None,
    cells: Mapping[tuple[str, str], Cell],
    measured: Mapping[Key, Measured],
    left: Mapping[str, Mapping[str, Mapping[str, Any]]],
    compared: Mapping[str, dict[str, Difference]],
) -> Drop:
    backbone, method = place
    adds, base_adds = (measured.get(("", backbone, word, "flops_billion", "")) for word in (method, BASELINE))
    lacking = list(
        dict.fromkeys(
            one.reason for its in compared.values() for one in its.values() if one.difference is None and one.reason
        )
    )
    printed = cells[place] if entry else None
    return Drop(
        backbone=backbone,
        method=method,
        label=label(method, backbone),
        quoted_error=printed.value if printed else None,
        quoted_baseline=float(entry["value"]) if entry else None,
        quoted_drop=float(Decimal(printed.text) - Decimal(entry["value"])) if printed and entry else None,
        baseline_source=entry["note"] if entry else "",
        drops=compared["drops"],
        from_scratch=compared["from_scratch"],
        same_budget=compared["same_budget"],
        multiply_adds_billion=adds.value if adds else None,
        baseline_multiply_adds_billion=base_adds.value if base_adds else None,
        channels={seed: tuple(plan["kept"]) for seed, plan in left.get(method, {}).items()},
        lacking="; ".join([*lacking, *(["its multiply-adds"] if adds is None else [])]),
    )
