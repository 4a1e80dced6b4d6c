"""How the primary endpoint moves when one choice of the recipe is another."""

from collections.abc import Sequence

from study.judging.endpoint import Endpoint
from study.judging.number import LACKING, number
from study.judging.robustness import Under
from study.rendering.cells import between, reasoned, remarks, signed
from study.rendering.table import Page, folded, left, right, table
from study.settings.methods import label

ROW, BACKBONE = "wae_cnn", "vgg16"


def page(found: Sequence[Under], scale: str) -> Page:
    """Whether the conclusion hangs on a choice, then a table for every error; a line a condition."""
    metrics = dict.fromkeys(one.metric for under in found for one in under.endpoints)
    name = label(ROW, BACKBONE)
    return Page(
        f"Does the conclusion hang on a choice of the recipe? Scale {scale}",
        (
            f"Each line trains the core networks again with one choice changed, and gives the share of the resolution "
            f"loss that {name} wins back, (half - row) / (half - full), with Fieller's 95 % interval. Nothing is "
            "corrected for the number of conditions.",
            *(() if found else ("No condition was run: dvc repro pipelines/robustness/dvc.yaml",)),
            *(
                folded(
                    table(
                        [
                            *left("condition"),
                            *right("seeds", "share won back, %", "95 %"),
                            *left("nearly the same error"),
                            *right("error less the full network's, points"),
                            *right("PSNR, dB", "energy I_H/I_L"),
                            *left("remarks"),
                        ],
                        [_line(under, one) for under in found for one in _of(under, metric)],
                        f"{metric.replace('top', 'top-')} errors",
                        before=conclusions(found, metric),
                    ),
                    (LACKING, ""),
                )
                for metric in metrics
            ),
        ),
    )


def conclusions(found: Sequence[Under], metric: str) -> list[str]:
    """A sentence on the answer under every condition, and one on who is ahead of whom in the numbers as they are."""
    answers: dict[str, list[str]] = {}
    for under in found:
        for one in _of(under, metric):
            answers.setdefault(one.nearly_the_same_error, []).append(under.condition)
    name = label(ROW, BACKBONE)
    if len(answers) == 1:
        ((answer, conditions),) = answers.items()
        said = f"Nearly the same error: {answer}, under each of {len(conditions)} conditions."
    else:
        parts = (f"{answer} under {', '.join(conditions)}" for answer, conditions in answers.items())
        said = f"Nearly the same error hangs on a choice: {'; '.join(parts)}."
    ahead = [
        f"{label(other, BACKBONE)} under {sum(here > there for here, there in pairs)} of {len(pairs)}"
        for other, pairs in _beside(found, metric).items()
    ]
    return [said, *([f"In the numbers as they are {name} wins back more than {', '.join(ahead)}."] if ahead else [])]


def _beside(found: Sequence[Under], metric: str) -> dict[str, list[tuple[float, float]]]:
    """By every other row, the share of ROW and of that row under each condition that has both."""
    pairs: dict[str, list[tuple[float, float]]] = {}
    for under in found:
        shares = {one.row: one.share_percent for one in under.endpoints if one.metric == metric}
        here = shares.pop(ROW, None)
        for other, there in shares.items():
            if here is not None and there is not None:
                pairs.setdefault(other, []).append((here, there))
    return pairs


def _of(under: Under, metric: str) -> list[Endpoint]:
    return [one for one in under.endpoints if (one.row, one.metric) == (ROW, metric)]


def _line(under: Under, one: Endpoint) -> list[str]:
    return [
        under.condition,
        str(len(under.results.seeds)),
        number(one.share_percent),
        between(one.interval_percent),
        reasoned(one.nearly_the_same_error, one.reason),
        signed(one.against_full.difference, one.against_full.interval),
        number(under.psnr_db),
        LACKING if under.energy_ratio is None else f"{under.energy_ratio:.2g}",
        remarks(one.marks),
    ]
