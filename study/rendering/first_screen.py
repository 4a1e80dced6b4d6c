"""What the report says before anything is scrolled: the answer, and the primary endpoint of every row."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from study.judging.answer import Answer
from study.judging.endpoint import Endpoint, Endpoints
from study.judging.number import LACKING, number
from study.judging.registration import Registration
from study.judging.rows import Rows
from study.judging.tables import ComparedTable
from study.rendering.strips import strip
from study.settings.methods import METHODS
from study.settings.protocol import protocol
from study.settings.records import OBJECTS_VGG16


@dataclass(frozen=True)
class Part:
    """One half of the question, its answer in a word or a number, and what stands behind that."""

    question: str
    word: str
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class Line:
    """One row: its share drawn and in numbers, an error a line, the paper's share, speed-up here and in the paper."""

    label: str
    chosen: bool
    marked: bool
    drawn: Markup
    shares: tuple[tuple[str, str], ...]
    paper: str
    speedup: str
    paper_speedup: str


def whole(value: float) -> str:
    """A share in percent, without decimals: its interval is many points wide."""
    return f"{value:.0f}"


def parts(found: Answer) -> tuple[Part, Part]:
    """Speed and error."""
    return _speed(found), _error(found)


def _speed(found: Answer) -> Part:
    question = "Three times as fast?"
    if found.speed is None or found.speed.speedup is None:
        return Part(question, "Not measured", (f"The paper prints {found.paper_speedup or LACKING}.",))
    ends = found.interval
    between = f" (95 % of repeats {number(ends[0])} to {number(ends[1])})" if ends else ""
    return Part(
        question,
        f"{number(found.speed.speedup)} times",
        (
            f"{found.row} against {found.full} at full size{between}; the paper prints {found.paper_speedup}. "
            f"Taken on: {found.speed.basis}.",
            *(("So it decides no claim.",) if found.speed.disturbed else ()),
        ),
    )


def _error(found: Answer) -> Part:
    question = "At nearly the same error?"
    full, row = found.errors
    if row.top1_error_percent is None or full.top1_error_percent is None:
        return Part(question, "Not measured", (row.failed or full.failed or f"{found.row} was not evaluated.",))
    least, core = protocol().seeds.least, protocol().seeds.core
    shares = " and ".join(
        f"{_share(one)} by {one.metric.replace('top', 'top-')} errors"
        for one in found.endpoints
        if one.share_percent is not None
    )
    why = "; ".join(dict.fromkeys(one.reason for one in found.endpoints if one.reason and one.share_percent is None))
    paper = next((one.paper_share_percent for one in found.endpoints if one.paper_share_percent is not None), None)
    sentences = [
        f"{found.row} wins back {shares} of what half the resolution costs"
        f"{f'; by the paper {whole(paper)} %' if paper is not None else ''}."
        if shares
        else f"No share can be given: {why}."
    ]
    wanted = 100 * protocol().margins.nearly_the_same_error.share
    sentences.append(
        f"Top-1 error {number(row.top1_error_percent)} %, {found.full} {number(full.top1_error_percent)} %"
        + (
            f"; top-5 {number(row.top5_error_percent)} %, {number(full.top5_error_percent)} %."
            if row.top5_error_percent is not None
            else "."
        )
    )
    if found.seeds < least:
        sentences.append(f"{_seeds(found.seeds)}: no word is said with fewer than {least}.")
    else:
        asked = f", the protocol asks for {core}" if found.seeds < core else ""
        sentences.append(
            f"Nearly the same asks for significantly more than {wanted:g} %; {_seeds(found.seeds)}{asked}."
        )
    word = {"yes": "Yes", "no": "No", "": "No word"}.get(found.word, found.word.capitalize())
    return Part(question, word, tuple(sentences))


def _share(one: Endpoint) -> str:
    ends = one.interval_percent
    between = f" ({whole(ends[0])} to {whole(ends[1])})" if ends else ""
    return f"{whole(one.share_percent or 0)} %{between}"


def _seeds(count: int) -> str:
    return f"{count} seed{'s' if count != 1 else ''}"


def basis(rows: Rows, registered: Registration) -> str:
    """On what the numbers rest, and what was settled only after they were there."""
    guesses = [one for one in rows.guesses if (one.dataset, one.backbone) == OBJECTS_VGG16]
    about = "".join(
        f"Objects at scale {rows.scale}: {one.classes} classes, {one.images:,} test images in {one.units:,} "
        "independent units. "
        for one in guesses
    )
    after = "Results were made before the protocol was registered that judges them. " if registered.before else ""
    others = "Some results were made under another protocol than the one that judges them. "
    return f"{about}{after}{others if registered.others else ''}".strip()


def lines(endpoints: Endpoints, rows: Rows, printed: Sequence[ComparedTable], chosen: str) -> list[Line]:
    """Every row of VGG16 on objects that has an endpoint: the paper's network, its other rows, then those that the
    paper lacks."""
    found: dict[str, list[Endpoint]] = {}
    for one in endpoints.rows:
        if (one.dataset, one.backbone) == OBJECTS_VGG16:
            found.setdefault(one.row, []).append(one)
    of_paper = {
        cell.method: cell.paper or ""
        for table in printed
        if (table.dataset, table.backbone) == OBJECTS_VGG16
        for cell in table.cells
        if cell.quantity == "cpu_speedup"
    }
    order = sorted(found, key=lambda row: (row != chosen, not METHODS[row].in_paper))
    return [_line(row, found[row], rows, of_paper.get(row, ""), row == chosen) for row in order]


def _line(row: str, of_row: list[Endpoint], rows: Rows, paper_speedup: str, chosen: bool) -> Line:
    taken = rows.time(OBJECTS_VGG16[1], row)
    paper = of_row[0].paper_share_percent
    return Line(
        of_row[0].label,
        chosen,
        any(one.marks for one in of_row),
        strip(of_row),
        tuple(
            (
                one.metric.replace("top", "top-"),
                _share(one).replace(" %", "", 1) if one.share_percent is not None else _why(one),
            )
            for one in of_row
        ),
        LACKING if paper is None else whole(paper),
        number(taken.speedup) if taken else LACKING,
        paper_speedup,
    )


def _why(one: Endpoint) -> str:
    return one.reason.partition(":")[0] if one.reason else LACKING
