"""Comparisons that the paper lacks and a referee asks for: what of the result is whose doing."""

import csv
import io
import json
from dataclasses import asdict, dataclass

from study.judging.measured import Key, Measured
from study.judging.tables import number
from study.measures.statistics import paired_interval

LOWER, HIGHER, CANNOT_TELL = "lower", "higher", "cannot tell"
NAMES = {
    "standard": "full network",
    "standard_longer": "full network, trained on as long as ours",
    "standard_recovered": "full network, trained on like a pruned one",
    "half": "at half resolution",
    "half_narrow": "at half resolution, with the narrower heads of ours",
    "decomposition": "Decomposition+CNN",
    "decomposition_longer": "Decomposition+CNN, trained on as long as ours",
    "ours_fixed": "ours without fine-tuning",
    "ours_fixed_unnormalised": "ours without fine-tuning and without norms",
    "ours": "ours",
    "ours_cut": "ours, high stream cut",
    "taylor_1": "Taylor-1",
    "taylor_2": "Taylor-2",
    "thinet_gap": "ThiNet-GAP",
    "thinet_tiny": "ThiNet-Tiny",
    "thinet_30": "ThiNet-30",
}
IS_IT_PRUNING = "Is it pruning, or the training that comes with it?"
# (question, data set, backbone, row, the row that it is compared with)
COMPARISONS = (
    ("Do the narrower heads explain our gain?", "objects", "vgg16", "half_narrow", "half"),
    ("Do the narrower heads explain our gain?", "objects", "vgg16", "ours_fixed", "half_narrow"),
    ("Does the trained network need its high stream?", "objects", "vgg16", "ours_cut", "ours"),
    ("Does the trained network need its high stream?", "faces", "vgg16", "ours_cut", "ours"),
    ("What does BatchNorm behind the auto-encoder do?", "objects", "vgg16", "ours_fixed_unnormalised", "ours_fixed"),
    ("Is it the longer training of ours?", "objects", "vgg16", "standard_longer", "standard"),
    ("Is it the longer training of ours?", "objects", "vgg16", "ours", "standard_longer"),
    ("Is it the longer training of ours?", "objects", "vgg16", "decomposition_longer", "decomposition"),
    ("Is it the longer training of ours?", "objects", "vgg16", "ours", "decomposition_longer"),
    (IS_IT_PRUNING, "objects", "vgg16", "standard_recovered", "standard"),
    (IS_IT_PRUNING, "objects", "vgg16", "taylor_1", "standard_recovered"),
    (IS_IT_PRUNING, "objects", "vgg16", "taylor_2", "standard_recovered"),
    (IS_IT_PRUNING, "objects", "vgg16", "thinet_gap", "standard_recovered"),
    (IS_IT_PRUNING, "objects", "vgg16", "thinet_tiny", "standard_recovered"),
    (IS_IT_PRUNING, "objects", "resnet50", "standard_recovered", "standard"),
    (IS_IT_PRUNING, "objects", "resnet50", "thinet_30", "standard_recovered"),
)


@dataclass(frozen=True)
class Comparison:
    """Top-1 errors of a row and of the one that it is compared with, in percent, and their paired difference with its
    95 % interval over seeds and test images; `reason` says why there is none."""

    question: str
    dataset: str
    backbone: str
    row: str
    against: str
    row_error_percent: float | None
    against_error_percent: float | None
    difference: float | None
    interval: tuple[float, float] | None
    outcome: str
    reason: str = ""


def comparisons(measured: dict[Key, Measured]) -> list[Comparison]:
    """Every comparison in the order of the questions."""
    return [_comparison(measured, *comparison) for comparison in COMPARISONS]


def _comparison(
    measured: dict[Key, Measured], question: str, dataset: str, backbone: str, row: str, against: str
) -> Comparison:
    pair = [measured.get((dataset, backbone, method, "top1_error_percent", "")) for method in (row, against)]
    lacking = [
        f"{NAMES[method]} {'is not measured' if found is None else f'failed: {found.failed}'}"
        for method, found in zip((row, against), pair, strict=True)
        if found is None or found.failed is not None
    ]
    if lacking:
        values = [found.value if found else None for found in pair]
        return Comparison(
            question, dataset, backbone, row, against, *values, None, None, CANNOT_TELL, "; ".join(lacking)
        )
    low, high = paired_interval(pair[0].wrong, pair[1].wrong)
    outcome = LOWER if high < 0 else HIGHER if low > 0 else CANNOT_TELL
    difference = pair[0].value - pair[1].value
    return Comparison(
        question, dataset, backbone, row, against, pair[0].value, pair[1].value, difference, (low, high), outcome
    )


def as_json(found: list[Comparison], scale: str) -> str:
    """The comparisons with all that is known of each."""
    return json.dumps({"scale": scale, "comparisons": [asdict(one) for one in found]}, indent=1, allow_nan=False) + "\n"


def as_csv(found: list[Comparison]) -> str:
    """A line a comparison, its interval in two columns."""
    text = io.StringIO()
    lines = []
    for one in found:
        line = asdict(one)
        low, high = line.pop("interval") or (None, None)
        lines.append({**line, "interval_low": low, "interval_high": high})
    writer = csv.DictWriter(text, lines[0].keys(), lineterminator="\n")
    writer.writeheader()
    writer.writerows(lines)
    return text.getvalue()


def as_markdown(found: list[Comparison], scale: str) -> str:
    """A line a comparison under its question."""
    text = [
        f"# Controls at scale {scale}",
        "",
        "Rows of this study, not of the paper. Top-1 errors in percent. A difference is "
        "paired (same test images, seeds as a level), with its 95 % interval. `lower` means a lower error. "
        "The intervals are not widened for their number.",
        "",
        "| question | data | network | row | error | compared with | error | difference | the row's error is |",
        "|---|---|---|---|---:|---|---:|---:|---|",
    ]
    for one in found:
        difference = "–"
        if one.interval is not None:
            low, high = one.interval
            difference = f"{one.difference:+.2f} ({low:+.2f} to {high:+.2f})"
        outcome = f"{one.outcome}: {one.reason}" if one.reason else one.outcome
        text.append(
            f"| {one.question} | {one.dataset} | {one.backbone} | {NAMES[one.row]} | {number(one.row_error_percent)} "
            f"| {NAMES[one.against]} | {number(one.against_error_percent)} | {difference} | {outcome} |"
        )
    return "\n".join(text) + "\n"
