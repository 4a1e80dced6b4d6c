"""Every network of the study on one page."""

from study.judging.number import LACKING, number
from study.judging.rows import Guess, Row, Rows
from study.rendering.cells import between, remarks
from study.rendering.paper_tables import NOT_MEASURED
from study.rendering.table import Page, folded, left, right, table
from study.settings.methods import BACKBONES


def page(stored: Rows) -> Page:
    """All networks, place by place, those that the paper lacks too."""
    places = dict.fromkeys((row.dataset, row.backbone) for row in stored.rows)
    columns = [
        *left("network"),
        *left("in the paper", detail=True),
        *right("top-1 error, %"),
        *right("95 %", detail=True),
        *right("top-5 error, %"),
        *right("95 %", detail=True),
        *right("training error, %", "CPU speed-up", "GPU speed-up", "multiply-adds, billion"),
        *left("remarks"),
    ]

    def line(row: Row) -> list[str]:
        lacking = f"failed: {row.failed}" if row.failed else NOT_MEASURED
        return [
            row.label,
            "yes" if row.in_paper else "no",
            number(row.top1_error_percent) if row.top1_error_percent is not None else lacking,
            between(row.top1_interval),
            number(row.top5_error_percent),
            between(row.top5_interval),
            number(row.training_error_percent),
            *(number(value) for value in (row.cpu_speedup, row.gpu_speedup, row.multiply_adds_billion)),
            remarks(row.marks),
        ]

    guesses = {(one.dataset, one.backbone): guess_text(one) for one in stored.guesses}
    return Page(
        f"Every network at scale {stored.scale}",
        (
            "Errors with their 95 % intervals over seeds and independent test units; training errors are those of the "
            "last epoch, mean over seeds. Speed-ups over the full network and multiply-adds are those at full size, of "
            "networks that were timed and counted.",
            *(
                folded(
                    table(
                        columns,
                        [line(row) for row in stored.rows if (row.dataset, row.backbone) == place],
                        f"{place[0]}, {BACKBONES[place[1]].label}",
                        [guesses[place]] if place in guesses else [],
                    ),
                    (LACKING,),
                )
                for place in places
            ),
        ),
    )


def guess_text(guess: Guess) -> str:
    """What can be had on a data set without looking, in a sentence."""
    errors = " ".join(
        f"{metric.replace('top', 'Top-')} error of guessing {number(guess.chance_percent[metric])} %, of naming the "
        f"most frequent {number(guess.majority_percent[metric])} %."
        for metric in guess.chance_percent
    )
    seeds = f"{guess.seeds} seed{'s' if guess.seeds > 1 else ''}"
    known = ", ".join(guess.convergence_judged)
    converged = f"Convergence was measured of {known}." if known else "Convergence was not measured."
    return (
        f"{guess.classes} classes, {guess.images} test images in {guess.units} independent units, {seeds}. {errors} "
        f"{converged}"
    )
