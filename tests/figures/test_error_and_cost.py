"""What the figures show, and that equal numbers give equal files."""

from xml.etree import ElementTree

import pytest

from study.figures import error_and_cost, style
from study.judging.measured import Measured
from study.paper import tables as paper
from study.settings.methods import MEASURED_AT_FULL_SIZE, TRAINED, TRAINED_ON_LIKE

TABLES = paper.tables()


def measured(classes: int = 19, gpu: bool = False) -> dict:
    """Standard network, ours, ThiNet-GAP and its control; twice and four times as fast as the standard network."""
    found = {}
    for method, error in {
        "full": 30.0,
        "wae_cnn": 40.0,
        "thinet_gap": 32.0,
        "thinet_gap_same_budget": 36.0,
    }.items():
        for quantity, value in (("top1_error_percent", error), ("top5_error_percent", error / 2)):
            spread = {"seeds": (value - 2, value + 3), "test images": (value - 1, value + 1)}
            found["objects", "vgg16", method, quantity, ""] = Measured(
                value, "accuracy", "desk", spread, classes=classes
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
    assert (ours.low, ours.high) == (38, 43)  # over seeds


def test_with_many_classes_the_error_is_the_top_5_error():
    _, (time, _) = error_and_cost.panels("vgg16", TABLES, measured(classes=1000), "paper")
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


def test_every_row_with_a_time_and_every_control_of_pruning_has_a_style_of_its_own():
    trained = {method for methods in TRAINED.values() for method in methods}
    drawn = {method for methods in MEASURED_AT_FULL_SIZE.values() for method in methods} & trained
    drawn |= {method for methods in TRAINED_ON_LIKE.values() for method in methods}
    assert drawn == error_and_cost.LOOKS.keys()
    looks = [(look.colour, look.marker, look.hollow) for look in error_and_cost.LOOKS.values()]
    assert len(set(looks)) == len(looks)


def test_equal_numbers_give_equal_files(tmp_path):
    for name in ("first", "second"):
        style.save(
            error_and_cost.draw(error_and_cost.panels("vgg16", TABLES, measured(), "desk")), tmp_path / name / "figure"
        )
    for ending in ("png", "svg"):
        first, second = (tmp_path / name / f"figure.{ending}" for name in ("first", "second"))
        assert first.read_bytes() == second.read_bytes()
    assert ElementTree.parse(tmp_path / "first" / "figure.svg").getroot().tag.endswith("svg")


def test_without_any_measurement_the_papers_points_are_drawn():
    grid = error_and_cost.panels("vgg16", TABLES, {}, "desk")
    assert points(grid[0][0]).keys() >= {"wae_cnn", "taylor_2", "thinet_tiny"}
    assert grid[1][0].points == []
    assert "no numbers" in [text.get_text() for pair in error_and_cost.draw(grid).axes for text in pair.texts]
