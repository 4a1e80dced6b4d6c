"""The drop of every pruned network against its own baseline, quoted and measured, and what it gains over scratch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from study.judging.measured import HEADLINE_NEEDS_CLASSES, Interval, Key, Measured
from study.measures.statistics import paired_interval
from study.paper.files import read_yaml
from study.paper.tables import Cell, Table
from study.settings import paths
from study.settings.methods import BACKBONES, METHODS, label, pruned
from study.settings.records import Method

DATASET, BASELINE = "objects", "full"
TOP1, TOP5 = "top1_error_percent", "top5_error_percent"

# By backbone, row and seed: the layers that pruning left.
Plans = Mapping[str, Mapping[str, Mapping[str, Mapping[str, Any]]]]


@dataclass(frozen=True)
class Drop:
    """One row: errors in percent, drops in percentage points.

    Quoted numbers are top-5 errors, None for a row that the paper lacks; `quantity` says which error the measured ones
    are. `scratch` is the same network trained from scratch with the epochs of the full network, and `same_budget` that
    one with the updates of pruning as well, over which the gain is. Intervals are of paired differences, 95 %, over
    seeds and test images. `channels` are the filters kept, layer by layer, of each seed; `lacking` says what there is
    no number for.
    """

    backbone: str
    method: str
    label: str
    quoted_error: float | None
    quoted_baseline: float | None
    quoted_drop: float | None
    baseline_source: str
    quantity: str
    error: float | None
    baseline: float | None
    drop: float | None
    drop_interval: Interval | None
    scratch_error: float | None
    same_budget_error: float | None
    gain_over_same_budget: float | None
    gain_interval: Interval | None
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


def drops(measured: Mapping[Key, Measured], tables: Sequence[Table], left: Plans, scale: str) -> Drops:
    """A row for every baseline, then one for every pruned network that the paper lacks.

    Raises KeyError for a baseline of a method that no table has.
    """
    cells: dict[tuple[str, str], Cell] = {}
    for table in tables:
        if table.dataset == DATASET:
            for cell in table.cells:
                if cell.quantity == TOP5:
                    cells.setdefault((table.backbone, cell.method), cell)
    quoted = {(entry["backbone"], entry["method"]): entry for entry in baselines()}
    ours = [(backbone, word) for backbone in BACKBONES for word in pruned(backbone)]
    return Drops(
        scale,
        tuple(
            _drop(place, quoted.get(place), cells, measured, left.get(place[0], {}))
            for place in dict.fromkeys([*quoted, *ours])
        ),
    )


def _drop(
    place: tuple[str, str],
    entry: Mapping[str, Any] | None,
    cells: Mapping[tuple[str, str], Cell],
    measured: Mapping[Key, Measured],
    left: Mapping[str, Mapping[str, Mapping[str, Any]]],
) -> Drop:
    backbone, method = place
    scratch_row, budget_row = from_scratch(METHODS[method]), same_budget(METHODS[method])

    def error_of(row: Method | None, quantity: str) -> Measured | None:
        found = measured.get((DATASET, backbone, row.word, quantity, "")) if row else None
        return found if found is not None and found.failed is None else None

    own = error_of(METHODS[BASELINE], TOP5) or error_of(METHODS[method], TOP5)
    quantity = TOP1 if own is not None and (own.classes or 0) < HEADLINE_NEEDS_CLASSES else TOP5
    rows = {
        "its error": METHODS[method],
        "its baseline": METHODS[BASELINE],
        "the same network from scratch": scratch_row,
        "that one with the updates of pruning": budget_row,
    }
    row, base, scratch, longer = (error_of(one, quantity) for one in rows.values())
    adds, base_adds = (measured.get(("", backbone, word, "flops_billion", "")) for word in (method, BASELINE))
    lacking = []
    for (name, expected), found in zip(rows.items(), (row, base, scratch, longer), strict=True):
        if expected is not None and found is None:
            raw = measured.get((DATASET, backbone, expected.word, quantity, ""))
            lacking.append(f"{name} (failed: {raw.failed})" if raw else name)
    if adds is None:
        lacking.insert(sum(error is None for error in (row, base)), "its multiply-adds")
    drop, drop_interval = _difference(row, base)
    gain, gain_interval = _difference(longer, row)
    printed = cells[place] if entry else None
    return Drop(
        backbone=backbone,
        method=method,
        label=label(method, backbone),
        quoted_error=printed.value if printed else None,
        quoted_baseline=float(entry["value"]) if entry else None,
        quoted_drop=float(Decimal(printed.text) - Decimal(entry["value"])) if printed and entry else None,
        baseline_source=entry["note"] if entry else "",
        quantity=quantity,
        error=row.value if row else None,
        baseline=base.value if base else None,
        drop=drop,
        drop_interval=drop_interval,
        scratch_error=scratch.value if scratch else None,
        same_budget_error=longer.value if longer else None,
        gain_over_same_budget=gain,
        gain_interval=gain_interval,
        multiply_adds_billion=adds.value if adds else None,
        baseline_multiply_adds_billion=base_adds.value if base_adds else None,
        channels={seed: tuple(plan["kept"]) for seed, plan in left.get(method, {}).items()},
        lacking=", ".join(lacking),
    )


def _difference(first: Measured | None, second: Measured | None) -> tuple[float | None, Interval | None]:
    """First minus second, and its paired interval; nothing where one is lacking."""
    if first is None or second is None or first.value is None or second.value is None:
        return None, None
    assert first.wrong is not None and second.wrong is not None  # every measured error has its images
    return first.value - second.value, paired_interval(first.wrong, second.wrong)
