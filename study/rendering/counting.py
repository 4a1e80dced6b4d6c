"""Multiply-adds and parameters under every counting rule, and the paper's counts among them."""

from collections.abc import Mapping, Sequence
from typing import Any

from study.paper.conventions import GIGA, MEANINGS, reconciled
from study.paper.tables import Table as PrintedTable
from study.rendering.table import Items, Page, Table, left, right, table
from study.settings.methods import BACKBONES, label


def page(complexity: Mapping[str, Any] | None, printed: Sequence[PrintedTable]) -> Page:
    """results/<scale>/complexity.json: a row a network, a column a counting rule; then the paper's counts."""
    title = "Multiply-adds under each convention"
    if complexity is None:
        return Page(title, ("Not counted.",))
    letters = dict(zip(MEANINGS, "ABCDEFGH", strict=True))

    def networks(backbone: str, counted: Mapping[str, Any]) -> Table:
        rows = [
            [
                label(method, backbone),
                *(f"{network['multiply_adds'][name] / GIGA:.4f}" for name in MEANINGS),
                f"{2 * network['multiply_adds']['conv_fc'] / GIGA:.4f}",
                f"{network['parameters']:,}",
            ]
            for method, network in counted.items()
        ]
        heads = [*left(BACKBONES[backbone].label), *right(*letters.values(), "C as FLOPs", "parameters")]
        return table(heads, rows)

    return Page(
        title,
        (
            f"Billions for one image of {complexity['side']} pixels and {complexity['classes']} classes. A "
            "multiply-add is one operation here; counters that take multiplication and addition apart (FLOPs) give "
            "twice as many. Norms, poolings and activations are not counted, nor is the wavelet of Wavelet+CNN: as a "
            "convolution a hundred multiply-adds for each pixel and colour, under a hundredth of the network's.",
            Items(tuple(f"{letters[name]}: {meaning}" for name, meaning in MEANINGS.items())),
            *(networks(backbone, counted) for backbone, counted in complexity["networks"].items()),
            table(
                [*left("cell"), *right("printed"), *left("nearest convention"), *right("counted")],
                [
                    [
                        one.cell,
                        one.printed,
                        f"{letters[one.convention]}: {MEANINGS[one.convention]}",
                        f"{one.counted_billion:.4f}",
                    ]
                    for one in reconciled(complexity, printed)
                ],
                "The paper's numbers",
                behind=[
                    "No convention gives all of them.",
                    "The text's upper bound of the acceleration (under Eq. 8) is "
                    f"{complexity['bound_of_the_text']:.2f}.",
                ],
            ),
        ),
    )
