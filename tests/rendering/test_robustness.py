"""The page and the figure of the conditions."""

from study.figures import robustness as figure
from study.judging import robustness
from study.rendering import robustness as rendering
from study.rendering import terminal
from study.settings.methods import METHODS
from tests.judging.test_robustness import run


def under(condition: str, wae_cnn: int, wavelet_cnn: int = 30) -> robustness.Under:
    runs = [run(seed, full=20, half=40, wae_cnn=wae_cnn + seed, wavelet_cnn=wavelet_cnn) for seed in range(3)]
    return robustness.under("desk", [(summary | {"condition": condition}, ranks) for summary, ranks in runs])


def share(found: robustness.Under) -> float | None:
    return next(one.share_percent for one in found.endpoints if (one.row, one.metric) == ("wae_cnn", "top1"))


def test_an_answer_that_is_the_same_everywhere_is_said_once_and_who_is_ahead_is_counted():
    found = [under("epochs-1", 22, wavelet_cnn=25), under("lambda-0", 25, wavelet_cnn=25)]
    same, ahead = rendering.conclusions(found, "top1")
    assert same == "Nearly the same error: cannot tell, under each of 2 conditions."
    assert ahead.endswith("WAE+CNN wins back more than Wavelet+CNN under 1 of 2.")


def test_a_conclusion_that_hangs_on_a_choice_is_said_so():
    said, _ = rendering.conclusions([under("epochs-1", 20), under("lambda-0", 38)], "top1")
    assert said.startswith("Nearly the same error hangs on a choice: ")
    assert "no under lambda-0" in said


def test_a_line_has_its_share_seeds_and_psnr():
    text = terminal.page(rendering.page([under("epochs-1", 24)], "desk"))
    (line,) = [line for line in text.splitlines() if line.startswith("epochs-1 ") and "75.00" in line]
    assert line.split()[:3] == ["epochs-1", "3", "75.00"]
    assert "37.00" in line  # PSNR, mean over seeds


def test_the_figure_has_a_line_a_condition_with_the_interval_of_the_papers_network_alone():
    found = [under("epochs-1", 24), under("lambda-0", 30)]
    drawn = figure.draw(found, "desk")
    pair = drawn.axes[0]
    assert [text.get_text() for text in pair.get_yticklabels()] == ["lambda-0", "epochs-1"]
    marks = [line for line in pair.lines if line.get_marker() == METHODS["wae_cnn"].marker]
    assert [(line.get_xdata()[0], line.get_ydata()[0]) for line in marks] == [
        (share(found[1]), 0),
        (share(found[0]), 1),
    ]
    assert sum(len(line.get_xdata()) == 2 and line.get_xdata()[0] != line.get_xdata()[1] for line in pair.lines) == 2
