"""A share of the resolution loss as a line in a cell: mean, 95 % interval, a dot a seed, and the paper's share."""

from collections.abc import Sequence

from markupsafe import Markup

from study.judging.endpoint import Endpoint
from study.judging.number import number
from study.settings.protocol import protocol

LEFT, RIGHT = -60.0, 140.0  # percent; what lies beyond ends in an arrow, and its number stands beside the line
LANE = 17  # pixels a metric
FULL, HALF = 100.0, 0.0


def _across(share: float) -> str:
    """A place on the line, in percent of its width: the drawing is as wide as its cell."""
    return f"{100 * (min(max(share, LEFT), RIGHT) - LEFT) / (RIGHT - LEFT):.2f}%"


def said(of_row: Sequence[Endpoint]) -> str:
    """The same in words, for those who do not see it."""
    parts = []
    for one in of_row:
        ends = one.interval_percent
        between = f", 95 % from {number(ends[0])} to {number(ends[1])}" if ends else ""
        seeds = ", ".join(number(value) for value in one.per_seed_percent)
        share = f"{number(one.share_percent)} %{between}; seeds: {seeds}" if one.share_percent is not None else "none"
        parts.append(f"{one.metric.replace('top', 'top-')}: {share}")
    return ". ".join(parts)


def strip(of_row: Sequence[Endpoint]) -> Markup:
    """A row's share in each of its errors, one lane below another."""
    height = LANE * len(of_row)
    wanted = 100 * protocol().margins.nearly_the_same_error.share
    lines = Markup().join(
        Markup('<line class="{}" x1="{}" x2="{}" y1="0" y2="{}"/>').format(name, _across(at), _across(at), height)
        for at, name in ((HALF, "axis"), (FULL, "axis"), (wanted, "axis wanted"))
    )
    lanes = Markup().join(_lane(one, LANE * place + LANE / 2) for place, one in enumerate(of_row))
    return Markup('<svg class="strip" role="img" aria-label="{}" height="{}">{}{}</svg>').format(
        said(of_row), height, lines, lanes
    )


def _lane(one: Endpoint, middle: float) -> Markup:
    found = Markup()
    if one.share_percent is not None:
        if one.interval_percent:
            low, high = one.interval_percent
            found += Markup('<line class="interval" x1="{}" x2="{}" y1="{}" y2="{}"/>').format(
                _across(low), _across(high), middle, middle
            )
            for end, sign, side in ((low, "‹", "start"), (high, "›", "end")):
                if not LEFT <= end <= RIGHT:
                    found += Markup('<text class="beyond" x="{}" y="{}" text-anchor="{}">{}</text>').format(
                        _across(end), middle + 4, side, sign
                    )
        for share in one.per_seed_percent:
            if share is not None:
                found += Markup('<circle class="seed" cx="{}" cy="{}" r="2"/>').format(_across(share), middle)
        found += Markup('<circle class="mean" cx="{}" cy="{}" r="4"/>').format(_across(one.share_percent), middle)
    # The paper's shares are of its top-5 errors.
    if one.paper_share_percent is not None and one.metric == "top5":
        found += Markup('<text class="paper" x="{}" y="{}" text-anchor="middle">◇</text>').format(
            _across(one.paper_share_percent), middle + 5
        )
    return found
