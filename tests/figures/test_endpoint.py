"""The primary endpoint as a figure."""

from study.figures import endpoint
from study.judging.endpoint import endpoints
from study.settings.methods import METHODS
from tests.made import places, results

FOUND = results(
    {"full": 10.0, "half": 30.0, "wae_cnn": {0: 13.0, 1: 14.0, 2: 15.0}, "ca": {0: 2.0, 1: 58.0, 2: 30.0}},
    not_converged={"wae_cnn": 2.0},
)
ROWS = endpoints(places(FOUND), {"wae_cnn": 94.6}, "desk").rows


def panels(found=ROWS) -> list:
    figure = endpoint.draw(found, "desk")
    figure.draw_without_rendering()
    return figure.axes


def test_a_row_has_its_mean_its_interval_its_seeds_and_the_papers_share():
    top1, top5 = panels()
    assert [pair.get_title(loc="left") for pair in (top1, top5)] == [
        "objects, VGG16, top-1 errors",
        "objects, VGG16, top-5 errors",
    ]
    names = [label.get_text() for label in top1.get_yticklabels()]
    height = names.index("WAE+CNN *")  # a mark: not converged
    (one,) = [row for row in ROWS if (row.row, row.metric) == ("wae_cnn", "top1")]
    drawn = {line.get_marker(): line.get_xdata() for line in top1.lines if set(line.get_ydata()) == {height}}
    assert drawn["D"] == [94.6]
    assert list(drawn["|"]) == list(one.per_seed_percent)
    assert drawn[METHODS["wae_cnn"].marker] == [one.share_percent]
    assert list(drawn["None"]) == list(one.interval_percent)


def test_an_interval_that_goes_on_beyond_the_axes_ends_in_an_arrow():
    top1, _ = panels()
    (one,) = [row for row in ROWS if (row.row, row.metric) == ("ca", "top1")]
    assert one.interval_percent[0] < endpoint.LEFT
    assert "<" in {line.get_marker() for line in top1.lines}


def test_without_a_share_there_is_still_a_figure():
    assert "no shares" in [text.get_text() for text in panels(())[0].texts]
