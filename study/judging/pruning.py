"""The drop of every pruned network against its own baseline, quoted and measured, and what it gains over scratch."""

import csv
import io
import json
from dataclasses import asdict, dataclass
from decimal import Decimal
from pathlib import Path

from ruamel.yaml import YAML

from study.judging.measured import HEADLINE_NEEDS_CLASSES, Key, Measured
from study.judging.tables import number
from study.measures.statistics import paired_interval
from study.paper.tables import Cell, Table
from study.settings import paths
from study.settings.methods import TRAINED

DATASET, BASELINE = "objects", "full"
TOP1, TOP5 = "top1_error_percent", "top5_error_percent"


@dataclass(frozen=True)
class Drop:
    """One row: errors in percent, drops in percentage points. Quoted numbers are top-5 errors; `quantity` says which
    error ours are. `scratch` is the same network trained from scratch with the epochs of the standard network, and
    `scratch_longer` that one with the updates of pruning as well, over which the gain is. Intervals are of paired
    differences, 95 %, over seeds and test images. `channels` are the filters kept, layer by layer, of each seed;
    `lacking` says what there is no number for.
    """

    backbone: str
    method: str
    label: str
    quoted_error: float
    quoted_baseline: float
    quoted_drop: float
    baseline_source: str
    quantity: str
    error: float | None
    baseline: float | None
    drop: float | None
    drop_interval: tuple[float, float] | None
    scratch_error: float | None
    scratch_longer_error: float | None
    gain_over_scratch: float | None
    gain_interval: tuple[float, float] | None
    multiply_adds_billion: float | None
    baseline_multiply_adds_billion: float | None
    channels: dict[str, list[int]]
    lacking: str


def baselines(folder: Path = paths.PAPER_TABLES) -> list[dict[str, str]]:
    """What each quoted error is to be compared with, as paper_tables/ holds it."""
    return YAML(typ="safe", pure=True).load((folder / "baselines.yaml").read_text(encoding="utf-8"))


def plans(results: Path) -> dict[str, dict]:
    """By backbone, method and seed: the layers that pruning left at this scale, as far as any were pruned."""
    backbones = [backbone for dataset, backbone in TRAINED if dataset == DATASET]
    files = {backbone: results / "plans" / f"{DATASET}-{backbone}.json" for backbone in backbones}
    return {backbone: paths.read_json(file) for backbone, file in files.items() if file.exists()}


def drops(measured: dict[Key, Measured], tables: list[Table], left: dict[str, dict]) -> list[Drop]:
    """A row for every baseline. Raises KeyError for a baseline of a method that no table has."""
    cells: dict[tuple[str, str], Cell] = {}
    for table in tables:
        if table.dataset == DATASET:
            for cell in table.cells:
                if cell.quantity == TOP5:
                    cells.setdefault((table.backbone, cell.method), cell)
    return [
        _drop(entry, cells[entry["backbone"], entry["method"]], measured, left.get(entry["backbone"], {}))
        for entry in baselines()
    ]


def _drop(entry: dict[str, str], cell: Cell, measured: dict[Key, Measured], left: dict) -> Drop:
    backbone, method = entry["backbone"], entry["method"]

    def error_of(word: str, quantity: str) -> Measured | None:
        found = measured.get((DATASET, backbone, word, quantity, ""))
        return found if found is not None and found.failed is None else None

    own = error_of(BASELINE, TOP5) or error_of(method, TOP5)
    quantity = TOP1 if own is not None and (own.classes or 0) < HEADLINE_NEEDS_CLASSES else TOP5
    words = (method, BASELINE, f"{method}_scratch", f"{method}_scratch_longer")
    row, base, scratch, longer = (error_of(word, quantity) for word in words)
    drop, drop_interval = _difference(row, base)
    gain, gain_interval = _difference(longer, row)
    adds, base_adds = (measured.get(("", backbone, word, "flops_billion", "")) for word in (method, BASELINE))
    expected = {"its error": (method, row), "its baseline": (BASELINE, base), "its multiply-adds": ("", adds)}
    if f"{method}_scratch" in TRAINED[DATASET, backbone]:
        expected["the same network from scratch"] = (f"{method}_scratch", scratch)
        expected["that one with the updates of pruning"] = (f"{method}_scratch_longer", longer)
    lacking = []
    for name, (word, found) in expected.items():
        raw = measured.get((DATASET, backbone, word, quantity, ""))
        if found is None:
            lacking.append(f"{name} (failed: {raw.failed})" if raw else name)
    return Drop(
        backbone,
        method,
        cell.row,
        cell.value,
        float(entry["value"]),
        float(Decimal(cell.text) - Decimal(entry["value"])),
        entry["note"],
        quantity,
        row.value if row else None,
        base.value if base else None,
        drop,
        drop_interval,
        scratch.value if scratch else None,
        longer.value if longer else None,
        gain,
        gain_interval,
        adds.value if adds else None,
        base_adds.value if base_adds else None,
        {seed: plan["kept"] for seed, plan in left.get(method, {}).items()},
        ", ".join(lacking),
    )


def _difference(
    first: Measured | None, second: Measured | None
) -> tuple[float, tuple[float, float]] | tuple[None, None]:
    """First minus second, and its paired interval; nothing where one is lacking."""
    if first is None or second is None:
        return None, None
    return first.value - second.value, paired_interval(first.wrong, second.wrong)


def as_json(found: list[Drop], scale: str) -> str:
    """The rows with all that is known of each."""
    return json.dumps({"scale": scale, "rows": [asdict(one) for one in found]}, indent=1, allow_nan=False) + "\n"


def as_csv(found: list[Drop]) -> str:
    """A line a row, intervals in two columns each; the layers are in the JSON."""
    lines = []
    for one in found:
        line = asdict(one)
        del line["channels"]
        for name in ("drop_interval", "gain_interval"):
            low, high = line.pop(name) or (None, None)
            line |= {f"{name}_low": low, f"{name}_high": high}
        lines.append(line)
    text = io.StringIO()
    writer = csv.DictWriter(text, lines[0].keys(), lineterminator="\n")
    writer.writeheader()
    writer.writerows(lines)
    return text.getvalue()


def _signed(value: float | None, interval: tuple[float, float] | None) -> str:
    if value is None:
        return number(None)
    return f"{value:+.2f} ({interval[0]:+.2f} to {interval[1]:+.2f})"


def rows(found: list[Drop]) -> list[list[str]]:
    """The heads of the columns, then a row a pruned network."""
    written = [
        [
            "network",
            "method",
            "quoted",
            "its baseline",
            "quoted drop",
            "here",
            "baseline here",
            "drop here",
            "from scratch",
            "with the updates of pruning",
            "gain over that",
            "multiply-adds",
            "lacking",
        ]
    ]
    for one in found:
        adds = number(one.multiply_adds_billion)
        if one.multiply_adds_billion is not None and one.baseline_multiply_adds_billion is not None:
            adds += f" of {number(one.baseline_multiply_adds_billion)}"
        written.append(
            [
                one.backbone,
                one.label,
                number(one.quoted_error),
                number(one.quoted_baseline),
                f"{one.quoted_drop:+.2f}",
                number(one.error),
                number(one.baseline),
                _signed(one.drop, one.drop_interval),
                number(one.scratch_error),
                number(one.scratch_longer_error),
                _signed(one.gain_over_scratch, one.gain_interval),
                adds,
                one.lacking,
            ]
        )
    return written


def as_markdown(found: list[Drop], scale: str) -> str:
    """Quoted drops beside measured ones, then the layers that pruning left."""
    top1 = any(one.quantity == TOP1 for one in found)
    text = [
        f"# Pruning at scale {scale}",
        "",
        "Quoted: top-5 errors in percent on ImageNet, and the drop against the baseline of the paper that the number "
        f"comes from. Here: {'top-1' if top1 else 'top-5'} errors in percent; the drop against the standard network, "
        "from which a pruned one was made with the same seed; the same layers from scratch, with the epochs of the "
        "standard network and then with as many more updates, at the same rates, as pruning had; what pruning gains "
        "over these. Drops and gains have the 95 % intervals of paired differences. Multiply-adds are those at full "
        "size, in billions.",
        "",
        "A pruned network is trained for longer than its baseline and than ours, and from a higher rate than stage 3 "
        "of ours (docs/decisions/0008-pruning.md has the budgets): where the baseline is not trained to the end, part "
        "of a gain is that. controls.md sets pruned networks beside the full one with their updates.",
        "",
    ]
    head, *body = rows(found)
    text += [f"| {' | '.join(head)} |", f"|---|---|{'---:|' * (len(head) - 3)}---|"]
    text += [f"| {' | '.join(row)} |" for row in body]
    text += ["", "Where the quoted baselines come from:", ""]
    text += [f"- {one.backbone}, {one.label}: {number(one.quoted_baseline)}, {one.baseline_source}." for one in found]
    text += ["", "## Filters kept, layer by layer", "", "| network | method | seed | filters |", "|---|---|---:|---|"]
    text += [
        f"| {one.backbone} | {one.label} | {seed} | {' '.join(map(str, kept))} |"
        for one in found
        for seed, kept in one.channels.items()
    ]
    return "\n".join(text) + "\n"
