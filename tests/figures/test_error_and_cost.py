"""What the figures show, and that equal numbers give equal files."""

import pytest

from study.figures import error_and_cost, style
from study.judging.measured import SEEDS_AND_UNITS, Measured
from study.paper import tables as paper
from study.settings.methods import BACKBONES, METHODS, timed

TABLES = paper.tables()
FOOT = "costs at full size; errors of 40 pixels"


def measured(top1_first: bool = True, gpu: bool = False) -> dict:
    """Standard network, ours, ThiNet-GAP and its control; twice and four times as fast as the standard network."""
    found = {}
    for method, error in {
        "full": 30.0,
        "wae_cnn": 40.0,
        "thinet_gap": 32.0,
        "thinet_gap_same_budget": 36.0,
    }.items():
        for quantity, value in (("top1_error_percent", error), ("top5_error_percent", error / 2)):
            found["objects", "vgg16", method, quantity, ""] = Measured(
                value,
                "accuracy",
                "desk",
                {SEEDS_AND_UNITS: (value - 2, value + 3)},
                first=top1_first == (quantity == "top1_error_percent"),
            )
    for method, billions, speedup in (("full", 15.5, None), ("wae_cnn", 4.4, 2.0), ("thinet_gap", 4.7, 4.0)):
        found["", "vgg16", method, "flops_billion", ""] = Measured(billions, "count", "")
        for device in ("cpu", "gpu") if gpu else ("cpu",):
            found["", "vgg16", method, f"{device}_ms", ""] = Measured(200 / (speedup or 1), "time", "")
            if speedup:
                found["", "vgg16", method, f"{device}_speedup", ""] = Measured(speedup, "time", "")
    return found


def points(panel: error_and_cost.Panel) -> dict[str, tuple[float, float]]:
    return {point.method: (point.cost, point.error) for point in panel.points}


def test_here_a_network_stands_at_its_cost_and_error_and_the_control_at_the_cost_of_the_pruned_one():
    _, (time, adds) = error_and_cost.panels("vgg16", TABLES, measured(), "desk")
    assert points(time) == {
        "full": (100, 30), "wae_cnn": (50, 40), "thinet_gap": (25, 32), "thinet_gap_same_budget": (25, 36)
    }  # fmt: skip
    assert points(adds)["thinet_gap_same_budget"] == (4.7, 36)
    assert (time.upward, adds.across) == ("top-1 error, %", "billion multiply-adds\nat full size")
    ours = next(point for point in time.points if point.method == "wae_cnn")
    assert (ours.low, ours.high) == (38, 43)  # over seeds and units


def test_with_many_classes_the_error_is_the_top_5_error():
    _, (time, _) = error_and_cost.panels("vgg16", TABLES, measured(top1_first=False), "paper")
    assert (time.upward, points(time)["wae_cnn"]) == ("top-5 error, %", (50, 20))


def test_the_papers_points_stand_at_its_own_times_rates_and_errors():
    (time, adds), _ = error_and_cost.panels("vgg16", TABLES, measured(), "desk")
    found = points(time)
    assert found["wae_cnn"] == (pytest.approx(100 * 411.63 / 1289.28), 11.87)
    assert found["wavelet_cnn"] == (
        pytest.approx(100 * 392.24 / 1289.28),
        14.42,
    )  # its printed rate is another column's
    assert found["taylor_1"] == (pytest.approx(100 / 1.70), 13.00)  # no time is printed
    assert points(adds)["wae_cnn"] == (4.11, 11.87)
    assert points(adds)["taylor_1"] == (5.75, 13.00)  # quoted, not counted: its layers were not published
    assert points(adds)["thinet_gap"] == (4.7, 12.08)  # not printed: counted here


def test_gpu_times_have_a_column_where_they_were_measured():
    for gpu, across in ((False, 2), (True, 3)):
        assert [len(row) for row in error_and_cost.panels("vgg16", TABLES, measured(gpu=gpu), "desk")] == [
            across,
            across,
        ]


def test_every_row_with_a_time_and_every_control_of_pruning_has_a_look_of_its_own():
    for backbone in BACKBONES:
        drawn = error_and_cost.drawn(backbone)
        assert set(timed(backbone)) <= set(drawn)
        assert any(METHODS[word].budget_of for word in drawn)
        looks = [(METHODS[word].colour, METHODS[word].marker, bool(METHODS[word].budget_of)) for word in drawn]
        trained = [look for word, look in zip(drawn, looks, strict=True) if METHODS[word].places]
        assert len(set(trained)) == len(trained)


def test_a_network_that_is_not_timed_costs_what_the_one_with_its_layers_costs():
    like = {word: error_and_cost.costs_like(word, "vgg16") for word in error_and_cost.drawn("vgg16")}
    assert like["taylor_1_same_budget"] == "taylor_1"  # its plan
    assert like["thinet_tiny_same_budget"] == "thinet_tiny"  # the same table of layers
    assert like["full_thinet_tiny_budget"] == "full"  # what it started from
    assert error_and_cost.costs_like("ca", "vgg16") is None


def test_points_of_the_paper_that_are_not_printed_are_marked():
    (time, adds), here = error_and_cost.panels("vgg16", TABLES, counted(measured()), "desk")
    assert {point.method: point.exact for point in time.points} == dict.fromkeys(points(time), True)
    assert {point.method for point in adds.points if point.exact} == {"full", "half", "wae_cnn"}
    assert len(adds.points) == 9
    assert all(point.exact for panel in here for point in panel.points)
    figure = error_and_cost.draw("vgg16", [[time, adds], here], FOOT)
    assert error_and_cost.NOT_PRINTED in [text.get_text() for text in figure.legends[0].get_texts()]
    hollow = [line for line in figure.axes[1].lines if line.get_markerfacecolor() == "white"]
    assert len(hollow) == 6


def counted(found: dict) -> dict:
    """With multiply-adds of the networks for which the paper prints none."""
    more = ("wavelet_cnn", "decomposition_cnn", "thinet_tiny")
    return found | {("", "vgg16", word, "flops_billion", ""): Measured(4.0, "count", "") for word in more}


@pytest.mark.slow
@pytest.mark.parametrize("ending", ["png", "svg"])
def test_equal_numbers_give_equal_files(tmp_path, ending):
    for name in ("first", "second"):
        panels = error_and_cost.panels("vgg16", TABLES, measured(), "desk")
        style.save(error_and_cost.draw("vgg16", panels, FOOT), tmp_path / f"{name}.{ending}")
    first, second = ((tmp_path / f"{name}.{ending}").read_bytes() for name in ("first", "second"))
    assert first == second
    assert first.startswith(b"\x89PNG" if ending == "png" else b"<?xml")


def test_without_any_measurement_the_papers_points_are_drawn():
    grid = error_and_cost.panels("vgg16", TABLES, {}, "desk")
    assert points(grid[0][0]).keys() >= {"wae_cnn", "taylor_2", "thinet_tiny"}
    assert grid[1][0].points == []
    assert "no numbers" in [
        text.get_text() for pair in error_and_cost.draw("vgg16", grid, FOOT).axes for text in pair.texts
    ]


def test_a_point_has_its_name_beside_it_and_a_control_stands_beside_the_row_that_it_is_half_of():
    figure = error_and_cost.draw("vgg16", error_and_cost.panels("vgg16", TABLES, measured(), "desk"), FOOT)
    here = figure.axes[2]
    names = [text.get_text() for text in here.texts if text.get_text()]
    assert sorted(names) == ["ThiNet-GAP", "VGG16", "WAE+CNN"]
    assert error_and_cost.SAME_BUDGET in [text.get_text() for text in figure.legends[0].get_texts()]


def test_costs_at_full_size_under_errors_of_another_size_are_said_in_the_figure():
    figure = error_and_cost.draw("vgg16", error_and_cost.panels("vgg16", TABLES, measured(), "desk"), FOOT)
    assert figure.legends[0].get_title().get_text() == FOOT


def test_panels_of_one_row_have_one_range_of_errors():
    figure = error_and_cost.draw("vgg16", error_and_cost.panels("vgg16", TABLES, measured(), "desk"), FOOT)
    paper_time, paper_adds, here_time, here_adds = figure.axes
    assert paper_time.get_ylim() == paper_adds.get_ylim()
    assert here_time.get_ylim() == here_adds.get_ylim()
