"""Every figure, drawn from the committed results and from poorer ones."""

import shutil
from pathlib import Path

import pytest
from matplotlib.text import Text

from study.figures import catalogue, style
from study.settings import paths
from study.settings.errors import InvalidData

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


@pytest.mark.parametrize("name", ENTRIES)
def test_a_figure_is_as_wide_as_a_page_and_has_no_text_under_seven_points(name, results):
    figure = ENTRIES[name].draw(results)
    assert figure.get_figwidth() == style.PAGE_WIDTH
    assert min(text.get_fontsize() for text in figure.findobj(Text) if text.get_text()) >= style.SMALL


def test_every_figure_is_committed_in_a_small_file_and_has_a_caption():
    files = list((paths.results("desk") / "figures").iterdir())
    assert {file.name for file in files} == {f"{name}.{ending}" for name in ENTRIES for ending in ("png", "svg")}
    assert max(file.stat().st_size for file in files) < 300_000
    assert all(entry.caption.endswith(".") for entry in catalogue.FIGURES)


def test_a_missing_result_is_named_with_its_command_behind_the_figures_that_need_others(tmp_path, monkeypatch):
    for name in ("params.yaml", "paper_tables"):
        (tmp_path / name).symlink_to(Path(name).resolve())
    shutil.copytree(paths.results("desk"), tmp_path / paths.results("desk"))
    (tmp_path / paths.results("desk") / "architecture.json").unlink()
    monkeypatch.chdir(tmp_path)
    drawn, every = [], catalogue.all_figures("desk")
    with pytest.raises(InvalidData, match=r"^results/desk/architecture.json: not there; make it with: dvc repro fig"):
        while True:
            drawn.append(next(every)[0].name)
    assert drawn == [name for name in ENTRIES if name not in ("framework", "auto_encoder")]


def test_without_results_one_line_names_all_that_is_not_there(tmp_path, monkeypatch):
    for name in ("params.yaml", "paper_tables"):
        (tmp_path / name).symlink_to(Path(name).resolve())
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InvalidData) as told:
        list(catalogue.all_figures("photos"))
    assert "\n" not in str(told.value)
    for file in ("architecture.json", "channels/channels.npz", "channels/spectra.csv", "curves"):
        assert f"results/photos/{file}" in str(told.value)
