"""Share won back against time: the paper's networks and those here on one pair of axes."""

from itertools import combinations

import pytest

from study.figures import labels, style, tradeoff
from study.figures.tradeoff import Point
from study.judging.endpoint import endpoints
from study.judging.measured import Measured
from study.paper import shares
from study.paper import tables as paper
from tests.made import places, results

FOUND = results({"full": 10.0, "half": 30.0, "wae_cnn": {0: 13.0, 1: 14.0, 2: 15.0}, "thinet_gap": 12.0})
ROWS = endpoints(places(FOUND), shares.by_row(), "desk").rows
TIMES = {
    ("", "vgg16", word, "cpu_speedup", ""): Measured(speedup, "time", "")
    for word, speedup in {"full": 1.0, "half": 4.0, "wae_cnn": 2.5, "thinet_gap": 2.0}.items()
}
OF = "errors of scale desk: images of 40 pixels"


def draw():
    return tradeoff.draw(
        tradeoff.of_paper(shares.by_row(), paper.tables(), TIMES), tradeoff.here(ROWS, TIMES), "top1", OF
    )


def test_the_full_network_and_half_the_side_lie_where_they_do_by_definition():
    found = {one.method: (one.time, one.share) for one in tradeoff.here(ROWS, TIMES)}
    assert found["full"] == (100, 100)
    assert found["half"] == (25, 0)
    assert found["wae_cnn"] == (pytest.approx(40), pytest.approx(80))


def test_the_papers_network_stands_at_its_own_time_and_share():
    found = {one.method: one for one in tradeoff.of_paper(shares.by_row(), paper.tables(), {})}
    assert (found["wae_cnn"].time, found["wae_cnn"].share) == (pytest.approx(100 * 411.63 / 1289.28), 94.6)


def test_on_the_front_nothing_is_as_fast_and_wins_back_as_much():
    points = [
        Point(method, time, share, share, share)
        for method, time, share in (("full", 100, 100), ("half", 30, 0), ("wae_cnn", 35, 90), ("taylor_1", 40, 80))
    ]
    assert [one.method for one in tradeoff.front(points)] == ["half", "wae_cnn", "full"]


def test_the_figure_says_of_what_size_errors_and_times_are():
    across = draw().axes[0].get_xlabel()
    assert OF in across
    assert "full size (224 pixels" in across


def test_no_name_lies_over_another():
    axes = draw().axes[0]
    boxes = [text.get_window_extent() for text in axes.texts if text.get_text()]
    assert len(boxes) > 10
    assert not any(one.overlaps(other) for one, other in combinations(boxes, 2))


def test_a_point_without_a_name_is_kept_free():
    figure = style.new(style.PAGE_WIDTH, 3)
    axes = figure.subplots()
    axes.set(xlim=(0, 10), ylim=(0, 10))
    figure.draw_without_rendering()
    named = [labels.Named(5, 5, "here", "black"), labels.Named(5.4, 5, "", "black")]
    (label,) = labels.put(axes, named)
    assert not label.get_window_extent().contains(*axes.transData.transform((5.4, 5)))


def test_without_shares_there_is_still_a_figure():
    assert "no shares" in [text.get_text() for text in tradeoff.draw([], [], "top1", OF).axes[0].texts]
