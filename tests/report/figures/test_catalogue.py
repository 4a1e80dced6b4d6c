"""Every figure, drawn from the committed results and from poorer ones."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from study import paths
from study.errors import InvalidData
from study.report.figures import catalogue, channels, lines, style
from study.report.measured import Measured

ENTRIES = {entry.name: entry for entry in catalogue.FIGURES}


@pytest.fixture(scope="module")
def results():
    return catalogue.Results("desk")


@pytest.mark.parametrize("name", ENTRIES)
def test_a_figure_is_drawn_alike_twice(name, results, tmp_path):
    for turn in ("first", "second"):
        style.save(ENTRIES[name].draw(results), tmp_path / turn)
    for ending in ("png", "svg"):
        assert (tmp_path / f"first.{ending}").read_bytes() == (tmp_path / f"second.{ending}").read_bytes()


def test_every_figure_is_committed_and_has_a_caption():
    assert {file.stem for file in (paths.results("desk") / "figures").iterdir()} == ENTRIES.keys()
    assert all(entry.caption.endswith(".") for entry in catalogue.FIGURES)


def test_a_missing_result_is_named_with_its_command(tmp_path, monkeypatch):
    for name in ("params.yaml", "paper_tables"):
        (tmp_path / name).symlink_to(Path(name).resolve())
    shutil.copytree(paths.results("desk"), tmp_path / paths.results("desk"))
    (tmp_path / paths.results("desk") / "architecture.json").unlink()
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InvalidData, match=r"architecture.json: not there; make it with: dvc repro figures@desk"):
        list(catalogue.all_figures("desk"))


def texts(figure) -> set[str]:
    return {text.get_text() for axes in figure.axes for text in axes.texts}


def test_a_network_without_weights_leaves_a_panel_that_says_so():
    arrays = {"street.image": np.full((3, 8, 8), 0.5)}
    found = {"photographs": ["street"], "quality": {}}
    for draw in (channels.reconstruction, channels.decompositions, channels.bands):
        assert texts(draw(found, arrays)) == {channels.LACKING}


def test_without_noise_measured_the_figure_says_so():
    assert "not measured" in texts(lines.noise({}))


def test_the_curve_of_noise_has_the_measured_accuracies():
    measured = {
        ("faces", "vgg16", "ours", "accuracy_percent", f"V={variance}"): Measured(
            value, "accuracy", "desk", {"seeds": (value - 1, value + 1)}
        )
        for variance, value in ((0, 60.0), (0.1, 20.0))
    }
    (axes,) = lines.noise(measured).axes
    assert [line.get_ydata().tolist() for line in axes.lines] == [[60.0, 20.0]]


def test_stage_3_is_drawn_behind_stage_2_and_the_mean_is_over_seeds():
    rows = [
        {"method": method, "seed": seed, "epoch": epoch, "top1_error_percent": value}
        for method, seed, epoch, value in (
            ("ours_fixed", "0", "1", "50"),
            ("ours_fixed", "0", "2", "40"),
            ("ours", "0", "1", "30"),
            ("ours", "1", "1", "20"),
        )
    ]
    left, _ = lines.training(rows, []).axes
    assert {line.get_label(): line.get_xydata().tolist() for line in left.lines} == {
        "ours, stage 2": [[1, 50], [2, 40]],
        "ours": [[3, 25]],
    }
