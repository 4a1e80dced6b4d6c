"""The primary endpoint: the share of the resolution loss that every row wins back, beside the paper's."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from study.judging.measured import Interval
from study.judging.pairs import FULL, HALF, Difference, Pair, differences, marks_of
from study.judging.results import CLEAN, METRICS, Metric, Results
from study.measures.endpoint import NO_LOSS, Share, share, share_won_back
from study.measures.multiplicity import holm
from study.settings.methods import METHODS, label
from study.settings.protocol import protocol
from study.settings.records import OBJECTS_VGG16, Place

NEARLY, NOT_NEARLY, CANNOT_TELL = "yes", "no", "cannot tell"


@dataclass(frozen=True)
class Endpoint:
    """One row in one of the two errors.

    `share_percent` and its interval are None where there is none, and `reason` says why. `nearly_the_same_error` is
    yes where significantly more of the loss is won back than the protocol asks for, no where significantly less.
    `per_seed_percent` is None for a seed without a loss;
    `against_full` is its error less the full network's. `paper_share_percent` is the paper's own, of its top-5 errors.
    """

    dataset: str
    backbone: str
    row: str
    label: str
    metric: str
    share_percent: float | None
    interval_percent: Interval | None
    per_seed_percent: tuple[float | None, ...]
    nearly_the_same_error: str
    p_value: float | None
    p_adjusted: float | None
    against_full: Difference
    paper_share_percent: float | None
    marks: tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class Endpoints:
    """All rows of a scale."""

    scale: str
    rows: tuple[Endpoint, ...]


def endpoints(results: Mapping[Place, Results], printed: Mapping[str, float], scale: str) -> Endpoints:
    """Every evaluated row of the paper but the full network and the one at half side, and every other way to half the
    side, in each error that can vary: one family for each error, of all data sets and backbones. `printed` are the
    paper's shares by row, in percent."""
    by_metric = {metric: _endpoints(results, metric, printed) for metric in METRICS}
    found = [
        endpoint
        for place, its in results.items()
        for metric in its.metrics
        for endpoint in by_metric[metric]
        if (endpoint.dataset, endpoint.backbone) == place
    ]
    return Endpoints(scale, tuple(found))


def has_endpoint(row: str) -> bool:
    """Whether a row's share is asked for: the paper's rows and other ways to half the side, but controls are not."""
    record = METHODS[row]
    other_way = record.streams in ("low", "both") and record.stage == "train" and not record.frozen_encoder
    return row not in (FULL, HALF) and (record.in_paper or other_way)


def _endpoints(results: Mapping[Place, Results], metric: Metric, printed: Mapping[str, float]) -> list[Endpoint]:
    """All rows of all places in one error, corrected for their number; a row without a share counts in it too."""
    rows = [
        (place, row)
        for place, its in results.items()
        if its.shown(metric)
        for row in its.rows
        if has_endpoint(row) and its.tried(row)
    ]
    against = dict(
        zip(rows, differences([Pair(results[place], row, FULL) for place, row in rows], metric), strict=True)
    )
    # A share means something only if half the side is above chance too.
    shown = {place: its for place, its in results.items() if its.shown(metric)}
    halves = dict(zip(shown, differences([Pair(its, HALF, FULL) for its in shown.values()], metric), strict=True))
    shares = {(place, row): _share(results[place], row, metric) for place, row in rows}
    raw = {
        one: won_back.p_value(_wanted())
        if won_back and not reason and CANNOT_TELL not in (against[one].word, halves[one[0]].word)
        else None
        for one, (won_back, reason) in shares.items()
    }
    adjusted = holm({str(one): 1.0 if p is None else p for one, p in raw.items()})
    found = []
    for one in rows:
        (place, row), (won_back, reason) = one, shares[one]
        its, tested = results[place], raw[one] is not None
        word = CANNOT_TELL
        if won_back and tested and adjusted[str(one)] < protocol().level:
            word = NEARLY if won_back.value > _wanted() else NOT_NEARLY
        found.append(
            Endpoint(
                dataset=place[0],
                backbone=place[1],
                row=row,
                label=label(row, place[1]),
                metric=metric,
                share_percent=100 * won_back.value if won_back and not reason else None,
                interval_percent=_interval(won_back) if won_back and not reason else None,
                per_seed_percent=_per_seed(won_back, row) if won_back and not reason else (),
                nearly_the_same_error=word,
                p_value=raw[one],
                p_adjusted=adjusted[str(one)] if tested else None,
                against_full=against[one],
                # The paper's errors are those of VGG16 on objects.
                paper_share_percent=printed.get(row) if place == OBJECTS_VGG16 else None,
                marks=marks_of(its, (row, FULL, HALF)),
                reason=reason or ("" if tested else against[one].reason or halves[place].reason),
            )
        )
    return found


def _wanted() -> float:
    return protocol().margins.nearly_the_same_error.share


def _share(results: Results, row: str, metric: Metric) -> tuple[Share | None, str]:
    """The share of a row, and why there is none to show."""
    lacking = [f"{label(one, results.backbone)}: {why}" for one in (row, FULL, HALF) if (why := results.lacking(one))]
    lacking += [f"{label(one, results.backbone)} {why}" for one in (row, FULL, HALF) if (why := results.unlearned(one))]
    if lacking:
        return None, "; ".join(lacking)
    together = results.crossed([(one, CLEAN) for one in dict.fromkeys((row, FULL, HALF))], metric)
    won_back = share_won_back(together, row, full=FULL, half=HALF)
    if not math.isfinite(won_back.value):
        return None, NO_LOSS
    if won_back.seeds > 1 and won_back.varies and won_back.no_loss(protocol().level):
        return won_back, NO_LOSS
    return won_back, ""


def _interval(won_back: Share) -> Interval | None:
    if won_back.seeds < 2 or not won_back.varies:
        return None
    low, high = won_back.interval(protocol().level)
    return (100 * low, 100 * high) if math.isfinite(low) and math.isfinite(high) else None


def _per_seed(won_back: Share, row: str) -> tuple[float | None, ...]:
    """The share of every seed, in percent: what its points in a figure are."""
    of_rows = dict(zip(won_back.crossed.rows, won_back.crossed.error_percent.tolist(), strict=True))
    seeds = zip(of_rows[row], of_rows[FULL], of_rows[HALF], strict=True)
    return tuple(100 * share(its, full, half) if half != full else None for its, full, half in seeds)


def of(found: Endpoints, dataset: str, backbone: str, metric: str) -> Sequence[Endpoint]:
    """The rows of one data set, backbone and error."""
    return [one for one in found.rows if (one.dataset, one.backbone, one.metric) == (dataset, backbone, metric)]
