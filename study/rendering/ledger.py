"""The ledger of the paper's numbers."""

from study.judging.ledger import CONSISTENT, NUMBER, WORDING, Entry, Ledger
from study.judging.number import LACKING, number
from study.rendering.cells import reasoned
from study.rendering.table import Page, Table, left, right, table
from study.settings.methods import label


def page(stored: Ledger) -> Page:
    """Every entry with its arithmetic and its cells, what chance could make, shares won back, numbers of the prose."""
    return Page(
        "Ledger of the paper's numbers",
        (
            *(
                Page(title, tuple(_entry(entry) for entry in stored.entries if entry.kind == kind))
                for title, kind in (
                    ("Numbers that contradict each other", NUMBER),
                    ("Sentences that the numbers contradict", WORDING),
                    ("Checked and found to agree", CONSISTENT),
                )
            ),
            _pairs(stored),
            _shares(stored),
            _prose(stored),
        ),
    )


def _entry(entry: Entry) -> Page:
    arithmetic = table(
        [*left("arithmetic"), *right("gives", "printed"), *left("where")],
        [[f"`{one.expression}`", one.gives, one.printed or LACKING, one.where] for one in entry.arithmetic],
    )
    cells = table(
        [*left("cell"), *right("paper", "measured"), *left("verdict")],
        [
            [cell.cell, cell.paper or LACKING, number(cell.measured), reasoned(cell.verdict, cell.reason)]
            for cell in entry.cells
        ],
    )
    text = f"`{entry.id}`. {entry.explanation}"
    return Page(entry.title, (text, arithmetic, *([cells] if entry.cells else [])))


def _pairs(stored: Ledger) -> Table:
    return table(
        [
            *left("first"), *right("k of n"), *left("second"), *right("k of n", "z"),
            *left("differ significantly at the 5 % level"),
        ],
        [
            [
                f"{pair.first.cell}: {pair.first.paper}",
                f"{pair.k1} of {pair.n1}",
                f"{pair.second.cell}: {pair.second.paper}",
                f"{pair.k2} of {pair.n2}",
                pair.z,
                "yes" if pair.differs_significantly else "no",
            ]
            for pair in stored.pairs
        ],
        "Which differences chance could make",
        [
            "Two-proportion z with a pooled variance, as if the two networks had seen different images; k errors, or "
            "right images where the cell is an accuracy, of n. From 1.96 on, two cells differ significantly at the 5 "
            "% level. The spread between trainings is not in z."
        ],
    )  # fmt: skip


def _shares(stored: Ledger) -> Table:
    return table(
        [*left("network", "cell", "full network of"), *right("share, %"), *left("arithmetic")],
        [
            [label(one.method, "vgg16"), one.cell, one.full_network, f"{one.share_percent:.1f}", f"`{one.derivation}`"]
            for one in stored.shares
        ],
        "The share of the resolution loss that a row wins back",
        [
            "(half - row) / (half - full), by the paper's top-5 errors: 0 for the network at half side, 100 for the "
            "full network. A quoted number is also set against the full network of the paper that it is quoted from."
        ],
    )


def _prose(stored: Ledger) -> Table:
    return table(
        [*left("what"), *right("number"), *left("unit", "where", "status", "agrees with", "note")],
        [
            [
                one.what,
                one.value or LACKING,
                one.unit,
                one.where,
                one.status,
                one.cell or (f"`{one.derivation}`" if one.derivation else one.setup),
                one.note,
            ]
            for one in stored.prose
        ],
        "Numbers of the prose",
        ["In reading order, with the cell, the arithmetic or the key of params.yaml that each must agree with."],
    )
