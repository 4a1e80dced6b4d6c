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
    "full": "full network",
    "full_extended": "full network, trained on as long as ours",
    "full_thinet_tiny_budget": "full network, trained on like a pruned one",
    "half": "at half resolution",
    "half_narrow_heads": "at half resolution, with the narrower heads of ours",
    "decomposition_cnn": "Decomposition+CNN",
    "decomposition_cnn_extended": "Decomposition+CNN, trained on as long as ours",
    "wae_cnn_frozen": "ours without fine-tuning",
    "wae_cnn_frozen_unnormalised": "ours without fine-tuning and without norms",
    "wae_cnn": "wae_cnn",
    "wae_cnn_low_stream": "ours, high stream cut",
    "taylor_1": "Taylor-1",
    "taylor_2": "Taylor-2",
    "thinet_gap": "ThiNet-GAP",
    "thinet_tiny": "ThiNet-Tiny",
    "thinet_30": "ThiNet-30",
}
IS_IT_PRUNING = "Is it pruning, or the training that comes with it?"
# (question, data set, backbone, row, the row that it is compared with)
COMPARISONS = (
    ("Do the narrower heads explain our gain?", "objects", "vgg16", "half_narrow_heads", "half"),
    ("Do the narrower heads explain our gain?", "objects", "vgg16", "wae_cnn_frozen", "half_narrow_heads"),
    ("Does the trained network need its high stream?", "objects", "vgg16", "wae_cnn_low_stream", "wae_cnn"),
    ("Does the trained network need its high stream?", "faces", "vgg16", "wae_cnn_low_stream", "wae_cnn"),
    (
        "What does BatchNorm behind the auto-encoder do?",
        "objects",
        "vgg16",
        "wae_cnn_frozen_unnormalised",
        "wae_cnn_frozen",
    ),
    ("Is it the longer training of ours?", "objects", "vgg16", "full_extended", "full"),
    ("Is it the longer training of ours?", "objects", "vgg16", "wae_cnn", "full_extended"),
    ("Is it the longer training of ours?", "objects", "vgg16", "decomposition_cnn_extended", "decomposition_cnn"),
    ("Is it the longer training of ours?", "objects", "vgg16", "wae_cnn", "decomposition_cnn_extended"),
    (IS_IT_PRUNING, "objects", "vgg16", "full_thinet_tiny_budget", "full"),
    (IS_IT_PRUNING, "objects", "vgg16", "taylor_1", "full_thinet_tiny_budget"),
    (IS_IT_PRUNING, "objects", "vgg16", "taylor_2", "full_thinet_tiny_budget"),
    (IS_IT_PRUNING, "objects", "vgg16", "thinet_gap", "full_thinet_tiny_budget"),
    (IS_IT_PRUNING, "objects", "vgg16", "thinet_tiny", "full_thinet_tiny_budget"),
    (IS_IT_PRUNING, "objects", "resnet50", "full_thinet_tiny_budget", "full"),
    (IS_IT_PRUNING, "objects", "resnet50", "thinet_30", "full_thinet_tiny_budget"),
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
