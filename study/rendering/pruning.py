"""The pruned networks: drops, gains over scratch, and the layers that are left."""

from study.judging.number import number
from study.judging.pruning import Drop, Drops
from study.rendering.cells import remarks, signed
from study.rendering.controls import WORDS, cells_of_differences, columns_of_differences
from study.rendering.table import Items, Page, folded, left, right, table
from study.settings.methods import BACKBONES


def page(stored: Drops) -> Page:
    """Quoted drops beside measured ones, then the layers that pruning left."""
    columns = [
        *left("backbone", "network"),
        *right("quoted", "its baseline", "quoted drop", "top-1 error, %", "multiply-adds"),
        *left("compared with"),
        *columns_of_differences(),
        *left("remarks"),
        *left("lacking", detail=True),
    ]

    def lines(one: Drop) -> list[list[str]]:
        adds = number(one.multiply_adds_billion)
        if one.multiply_adds_billion is not None and one.baseline_multiply_adds_billion is not None:
            adds += f" of {number(one.baseline_multiply_adds_billion)}"
        found = []
        for name, differences in (
            ("the full network", one.drops),
            ("its layers from scratch", one.from_scratch),
            ("these with its updates", one.same_budget),
        ):
            if differences:
                error = differences["top1"].row_error_percent
                quoted = [number(one.quoted_error), number(one.quoted_baseline), signed(one.quoted_drop)]
                start = [BACKBONES[one.backbone].label, one.label, *quoted, number(error), adds]
                found.append(
                    [*start, name, *cells_of_differences(differences), remarks(differences["top1"].marks), one.lacking]
                )
        return found

    return Page(
        f"Pruning at scale {stored.scale}",
        (
            "Quoted: top-5 errors in percent on ImageNet, and the drop against the baseline of the paper that the "
            "number comes from. Measured: differences from the full network, from which a pruned one was made with "
            "the same seed; from the same layers from scratch, with the epochs of the full network; and from these "
            "with as many more updates, at the same rates, as pruning had. Multiply-adds are those at full size, in "
            f"billions. {WORDS}",
            "A pruned network is trained for longer than its baseline and than WAE+CNN, and from a higher rate than "
            "stage 3 of WAE+CNN (docs/decisions/0008-pruning.md has the budgets): where the baseline is not trained to "
            "the end, part of a gain is that. controls.md sets pruned networks beside the full one with their updates.",
            folded(table(columns, [line for one in stored.rows for line in lines(one)]), ()),
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
