"""The answer to the question of the study, from what is stored: speed, and whether the error is nearly the same."""

from dataclasses import dataclass

from study.judging.endpoint import CANNOT_TELL, Endpoint, Endpoints, of
from study.judging.measured import Interval
from study.judging.rows import Row, Rows, Time
from study.judging.tables import ComparedTable
from study.settings.methods import label
from study.settings.protocol import protocol
from study.settings.records import OBJECTS_VGG16

ROW, FULL = "wae_cnn", "full"
ON_THE_METRIC = "depends on the metric"


@dataclass(frozen=True)
class Answer:
    """What was found of the paper's network, VGG16 on objects.

    `speed` is the registered time, None where none was taken; `paper_speedup` the paper's text. `endpoints` are its
    share of the resolution loss in each error that can vary, the one that comes first in front. `word` says whether the
    error is nearly the same, and is empty where there are fewer seeds than the protocol asks for before a word is said.
    """

    row: str
    full: str
    speed: Time | None
    paper_speedup: str
    paper_errors: tuple[str, str]
    endpoints: tuple[Endpoint, ...]
    errors: tuple[Row, Row]
    word: str

    @property
    def seeds(self) -> int:
        """How many seeds the errors are means of."""
        return max((row.seeds for row in self.errors), default=0)

    @property
    def interval(self) -> Interval | None:
        """Of the speed-up."""
        return self.speed.speedup_interval if self.speed else None


def answer(rows: Rows, endpoints: Endpoints, printed: ComparedTable) -> Answer:
    """From the rows, the endpoints and the paper's Table 2, all of one scale."""
    dataset, backbone = OBJECTS_VGG16
    metrics = dict.fromkeys(one.metric for one in endpoints.rows if (one.dataset, one.backbone) == OBJECTS_VGG16)
    found = tuple(one for metric in metrics for one in of(endpoints, dataset, backbone, metric) if one.row == ROW)
    by_row = {row.method: row for row in rows.rows if (row.dataset, row.backbone) == OBJECTS_VGG16}
    cells = {(cell.method, cell.quantity): cell.paper or "" for cell in printed.cells}
    errors = by_row[FULL], by_row[ROW]
    return Answer(
        label(ROW, backbone),
        label(FULL, backbone),
        rows.time(backbone, ROW),
        cells.get((ROW, "cpu_speedup"), ""),
        (cells.get((FULL, "top5_error_percent"), ""), cells.get((ROW, "top5_error_percent"), "")),
        found,
        errors,
        _word(found, min(row.seeds for row in errors)),
    )


def _word(found: tuple[Endpoint, ...], seeds: int) -> str:
    if seeds < protocol().seeds.least:
        return ""
    words = {one.nearly_the_same_error for one in found}
    return words.pop() if len(words) == 1 else ON_THE_METRIC if words else CANNOT_TELL
