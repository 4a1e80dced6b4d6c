"""The pruned networks: drops, gains over scratch, and the layers that are left."""

from study.judging.number import number
from study.judging.pruning import TOP1, Drop, Drops
from study.rendering.cells import signed
from study.rendering.table import Items, Page, left, right, table
from study.settings.methods import BACKBONES


def page(stored: Drops) -> Page:
    """Quoted drops beside measured ones, then the layers that pruning left."""
    top1 = any(one.quantity == TOP1 for one in stored.rows)
    columns = [
        *left("backbone", "network"),
        *right("quoted", "its baseline", "quoted drop", "here", "baseline here", "drop here"),
        *right("from scratch", "same budget", "gain over that", "multiply-adds"),
        *left("lacking", detail=True),
    ]

    def line(one: Drop) -> list[str]:
        adds = number(one.multiply_adds_billion)
        if one.multiply_adds_billion is not None and one.baseline_multiply_adds_billion is not None:
            adds += f" of {number(one.baseline_multiply_adds_billion)}"
        return [
            BACKBONES[one.backbone].label,
            one.label,
            number(one.quoted_error),
            number(one.quoted_baseline),
            signed(one.quoted_drop),
            number(one.error),
            number(one.baseline),
            signed(one.drop, one.drop_interval),
            number(one.scratch_error),
            number(one.same_budget_error),
            signed(one.gain_over_same_budget, one.gain_interval),
            adds,
            one.lacking,
        ]

    return Page(
        f"Pruning at scale {stored.scale}",
        (
            "Quoted: top-5 errors in percent on ImageNet, and the drop against the baseline of the paper that the "
            f"number comes from. Here: {'top-1' if top1 else 'top-5'} errors in percent; the drop against the full "
            "network, from which a pruned one was made with the same seed; the same layers from scratch, with the "
            "epochs of the full network and then with as many more updates, at the same rates, as pruning had; what "
            "pruning gains over these. Drops and gains have the 95 % intervals of paired differences. Multiply-adds "
            "are those at full size, in billions.",
            "A pruned network is trained for longer than its baseline and than WAE+CNN, and from a higher rate than "
            "stage 3 of WAE+CNN (docs/decisions/0008-pruning.md has the budgets): where the baseline is not trained to "
            "the end, part of a gain is that. controls.md sets pruned networks beside the full one with their updates.",
            table(columns, map(line, stored.rows)),
            "Where the quoted baselines come from:",
            Items(
                tuple(
                    f"{BACKBONES[one.backbone].label}, {one.label}: {number(one.quoted_baseline)}, "
                    f"{one.baseline_source}."
                    for one in stored.rows
                    if one.baseline_source
                )
            ),
            table(
                [*left("backbone", "network"), *right("seed"), *left("filters")],
                [
                    [BACKBONES[one.backbone].label, one.label, seed, " ".join(map(str, kept))]
                    for one in stored.rows
                    for seed, kept in one.channels.items()
                ],
                "Filters kept, layer by layer",
            ),
        ),
    )
