"""The primary endpoint: what each row wins back of what half the resolution costs."""

from study.judging.endpoint import Endpoint, Endpoints
from study.judging.number import LACKING, number
from study.rendering.cells import between, reasoned, remarks, signed
from study.rendering.table import Page, folded, left, right, table
from study.settings.methods import BACKBONES
from study.settings.protocol import protocol


def _too_few_seeds(stored: Endpoints) -> list[str]:
    """A sentence if rows have fewer seeds than the protocol asks for in those of the primary endpoint."""
    core, found = protocol().seeds.core, [len(one.per_seed_percent) for one in stored.rows if one.per_seed_percent]
    return (
        [f"The protocol asks for {core} seeds of these rows; here are {min(found)}."]
        if found and min(found) < core
        else []
    )


def page(stored: Endpoints) -> Page:
    """A table for every data set, backbone and error; a line a row."""
    columns = [
        *left("network"),
        *right("share won back, %", "95 %"),
        *right("by seed", detail=True),
        *right("paper, %"),
        *left("nearly the same error"),
        *right("p, raw", "p, adjusted", detail=True),
        *right("error less the full network's, points"),
        *left("in a word", "remarks"),
    ]

    def line(one: Endpoint) -> list[str]:
        return [
            one.label,
            number(one.share_percent),
            between(one.interval_percent),
            ", ".join(number(value) for value in one.per_seed_percent),
            number(one.paper_share_percent),
            reasoned(one.nearly_the_same_error, one.reason),
            "" if one.p_value is None else f"{one.p_value:.2g}",
            "" if one.p_adjusted is None else f"{one.p_adjusted:.2g}",
            signed(one.against_full.difference, one.against_full.interval),
            one.against_full.word,
            remarks(one.marks),
        ]

    wanted = protocol().margins.nearly_the_same_error.share
    groups = dict.fromkeys((one.dataset, one.backbone, one.metric) for one in stored.rows)
    return Page(
        f"The share of the resolution loss that each network wins back, at scale {stored.scale}",
        (
            "(half - row) / (half - full), of errors on the same test images and seeds, with Fieller's 95 % interval: "
            "100 % is the full network, 0 % the same network at half the side. The paper's shares are of its top-5 "
            f"errors. Nearly the same error: significantly more than {100 * wanted:g} % is won back (no: significantly "
            "less), corrected by Holm over all tables of one error.",
            *_too_few_seeds(stored),
            *(
                folded(
                    table(
                        columns,
                        [line(one) for one in stored.rows if (one.dataset, one.backbone, one.metric) == group],
                        f"{group[0]}, {BACKBONES[group[1]].label}, {group[2].replace('top', 'top-')} errors",
                    ),
                    (LACKING, ""),
                )
                for group in groups
            ),
        ),
    )
