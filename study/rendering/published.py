"""A published network's errors on a page."""

from study.judging.number import LACKING, number
from study.judging.pairs import FULL
from study.judging.published import Error, Evaluated
from study.rendering.cells import between, reasoned
from study.rendering.paper_tables import QUANTITIES
from study.rendering.table import Items, Page, left, right, table
from study.settings.methods import label

OF_ANOTHER = "The paper's number is of an earlier training than the released file; the page's is of that file."
NOT_KNOWN = "Whether the paper's number is of this very file is not known."
COLUMNS = [
    *left("error"),
    *right("measured", "95 %", "printed"),
    *left("by whom", "where", "verdict"),
]


def page(shown: Evaluated) -> Page:
    """The errors beside what was printed, and what they are of."""
    network, data, seen, weights = shown.network, shown.data, shown.seen, shown.weights
    row = label(network["method"], network["backbone"])
    width = "" if network["width"] == 1 else f"{network['width']:g} of "
    passed = network["passed_over"]
    facts = (
        f"Weights: {weights['file']}, {weights['bytes']} bytes, SHA-256 `{weights['sha256']}`.",
        f"Network: {row}, trained by {network['origin']}; {network['classes']} classes, {width}the full width.",
        f"Its first layer takes {network['colours'].upper()}, pixels of {network['pixels']}.",
        *([f"Layers of the file that it has not: {', '.join(passed)}."] if passed else []),
        f"Images: {data['test_images']} of {data['classes']} classes, in {data['units']} independent units, in "
        f"{data['layout']}; class list SHA-256 `{data['classes_sha256']}`, files SHA-256 `{data['listing_sha256']}`.",
        f"Seen: {seen['said']}; then the central {seen['crop']} x {seen['crop']}, a single view.",
        f"Judged by the protocol `{shown.provenance['protocol_digest']}`; code `{shown.provenance['code_commit']}`; "
        f"{shown.provenance['hardware']['gpu'] or shown.provenance['hardware']['processor']}.",
    )
    return Page(
        f"{row} as published: {shown.name}",
        (
            table(
                COLUMNS,
                [line for error in shown.errors for line in _lines(error)],
                behind=[
                    NOT_KNOWN if network["method"] == FULL else OF_ANOTHER,
                    "Intervals are over independent test images: this is one trained network, and the words say "
                    "something of it alone, not of how the method varies from one training to the next.",
                ],
            ),
            Items(facts),
            *(("Why its errors cannot be set against the printed ones:", Items(shown.unlike)) if shown.unlike else ()),
        ),
    )


def _lines(error: Error) -> list[list[str]]:
    """A line for each printed number, or one without."""
    start = [QUANTITIES[error.quantity], number(error.value), between(error.interval)]
    beside = [[one.text, one.who, one.where, reasoned(one.word, one.reason)] for one in error.printed]
    return [[*start, *one] for one in beside or [[LACKING, "", "", ""]]]
