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


@pytest.fixture(scope="module")
def drawn(results):
    """Every figure, drawn once."""
    return {name: entry.draw(results) for name, entry in ENTRIES.items()}


@pytest.mark.slow
@pytest.mark.parametrize("name", ENTRIES)
def test_a_figure_is_drawn_alike_twice(name, results, drawn, tmp_path, monkeypatch):
    monkeypatch.setattr(style, "DOTS_PER_INCH", 60)  # quick, and fine enough for every line and letter
    files = [tmp_path / "first.png", tmp_path / "second.png"]
    for file, figure in zip(files, (drawn[name], ENTRIES[name].draw(results)), strict=True):
        style.save(figure, file)
    assert files[0].read_bytes() == files[1].read_bytes()


@pytest.mark.parametrize("name", ENTRIES)
def test_a_figure_is_as_wide_as_a_page_and_has_no_text_under_seven_points_or_outside(name, drawn):
    figure = drawn[name]
    assert figure.get_figwidth() == style.PAGE_WIDTH
    figure.draw_without_rendering()
    page = figure.bbox
    for text in figure.findobj(Text):
        if text.get_text().strip() and text.get_visible():
            assert text.get_fontsize() >= style.SMALL
    for legend in figure.legends:
        box = legend.get_window_extent()
        assert page.x0 - 1 <= box.x0 <= box.x1 <= page.x1 + 1


def test_every_figure_is_committed_in_a_small_file_with_its_caption():
    folder = paths.results("desk") / "figures"
    files = {file.name: file.stat().st_size for file in folder.iterdir()}
    assert files.keys() == {"figures.json", *(f"{name}.png" for name in ENTRIES)}
    assert max(files.values()) < 200_000
    about = paths.read_json(folder / "figures.json")
    assert {name: its["caption"] for name, its in about.items()} == {
        name: entry.caption for name, entry in ENTRIES.items()
    }
    assert {name for name, its in about.items() if its["photographs"]} == {"decompositions", "reconstruction", "bands"}
    assert all(entry.caption.endswith(".") for entry in catalogue.FIGURES)


def test_a_missing_result_is_named_with_its_command_behind_the_figures_that_need_others(tmp_path, monkeypatch, results):
    numbers = results.measured
    monkeypatch.setattr(catalogue.measured, "everything", lambda *_: numbers)
    for name in ("params.yaml", "paper_tables"):
        (tmp_path / name).symlink_to(Path(name).resolve())
    shutil.copytree(paths.results("desk"), tmp_path / paths.results("desk"))
    (tmp_path / paths.results("desk") / "architecture.json").unlink()
    monkeypatch.chdir(tmp_path)
    names, every = [], catalogue.all_figures("desk")
    with pytest.raises(InvalidData, match=r"^results/desk/architecture.json: not there; make it with: dvc repro fig"):
        while True:
            names.append(next(every)[0].name)
    assert names == [name for name in ENTRIES if name not in ("framework", "auto_encoder")]


def test_without_results_one_line_names_all_that_is_not_there(tmp_path, monkeypatch):
    for name in ("params.yaml", "paper_tables"):
        (tmp_path / name).symlink_to(Path(name).resolve())
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InvalidData) as told:
        list(catalogue.all_figures("photos"))
    assert "\n" not in str(told.value)
    for file in ("architecture.json", "channels/channels.json", "channels/spectra.csv", "curves"):
        assert f"results/photos/{file}" in str(told.value)
