"""From stored results to tables, on results made in the test."""

import csv
import io
from pathlib import Path

import numpy as np
import pytest

from study.judging import headline, measured, results, rows, tables
from study.paper import tables as paper
from study.rendering import csv as csv_of
from study.rendering import latex, markdown, paper_tables, stored, terminal
from study.rendering import rows as rows_page
from study.settings import paths
from study.settings.errors import InvalidData
from study.settings.methods import PLACES, evaluated
from study.stages import tables as stage

TABLE_1 = paper.tables()[0]
PAGES = ("endpoint", "claims", "controls", "pruning", "rows", "ledger", "deviations", "timing", "complexity")


def write_ranks(file: Path, **columns: list[int]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(file, **{name: np.array(values, dtype=np.uint16) for name, values in columns.items()})


def summary(*runs: tuple[str, int], failed: tuple[str, int, str] | None = None, **more) -> dict:
    """What `evaluate` leaves beside the ranks."""
    entries = [{"method": method, "seed": seed, "outcome": "trained", "reason": None} for method, seed in runs]
    if failed:
        method, seed, reason = failed
        entries.append({"method": method, "seed": seed, "outcome": "diverged", "reason": reason})
    return {
        "dataset": "objects",
        "backbone": "vgg16",
        "source": "folder",
        "classes": 10,
        "seeds": [0, 1],
        "runs": entries,
        "provenance": {},
        **more,
    }


@pytest.fixture
def folder(tmp_path):
    """Results of two seeds on four test images; the network at half side failed with seed 1."""
    runs = [("full", 0), ("full", 1), ("half", 0), ("wae_cnn", 0), ("wae_cnn", 1)]
    paths.write_json(tmp_path / "evaluation/objects-vgg16.json", summary(*runs, failed=("half", 1, "loss nan")))
    write_ranks(
        tmp_path / "predictions/objects-vgg16.npz",
        **{
            "label": [0, 1, 2, 3],
            "full.0": [0, 0, 0, 0],
            "full.1": [0, 0, 3, 7],
            "half.0": [0, 1, 1, 1],
            "wae_cnn.0": [0, 0, 0, 0],
            "wae_cnn.1": [9, 9, 9, 9],
        },
    )
    return tmp_path


def errors(folder: Path) -> dict[measured.Key, measured.Measured]:
    return measured.errors("desk", results.read(folder))


@pytest.fixture
def compared(folder):
    return tables.compared(TABLE_1, errors(folder))


@pytest.fixture
def lines(compared):
    return by_cell(compared)


def by_cell(table: tables.ComparedTable) -> dict[str, tables.Compared]:
    return {cell.cell: cell for cell in table.cells}


def test_a_cell_is_the_mean_over_seeds_of_the_error_over_images(lines):
    line = lines["table_1/VGG16 (224)/top1_error_percent"]
    assert line.per_seed == (0.0, 50.0)
    assert line.measured == 25.0
    assert lines["table_1/VGG16 (224)/top5_error_percent"].per_seed == (0.0, 25.0)


def test_there_is_one_interval_over_seeds_and_units_at_once(lines):
    (name,) = lines["table_1/VGG16 (224)/top1_error_percent"].intervals
    assert name == "seeds and units"


def test_the_difference_is_ours_minus_the_papers(lines):
    assert lines["table_1/VGG16 (224)/top5_error_percent"].difference == pytest.approx(12.5 - 11.65)
    assert lines["table_1/VGG16 (224)/top1_error_percent"].difference is None


def test_a_method_with_a_failed_seed_has_no_number_but_a_reason(lines):
    line = lines["table_1/VGG16 (112)/top5_error_percent"]
    assert (line.measured, line.verdict, line.reason) == (None, "failed", "seed 1: loss nan")


def test_what_was_not_measured_is_missing_and_a_partial_set_still_gives_a_table(lines):
    assert lines["table_1/Ours/gpu_ms"].verdict == "missing"
    assert len(lines) == len(TABLE_1.cells) + 3  # a top-1 line beside each top-5 cell


def test_no_results_at_all_give_seven_tables_of_missing_cells():
    for table in paper.tables():
        found = tables.compared(table, {})
        assert {cell.verdict for cell in found.cells} == {"missing"}
        assert markdown.page(paper_tables.page(found, "desk"))


def test_a_network_has_one_name_in_every_table():
    for table in paper.tables():
        for cell in tables.compared(table, {}).cells:
            if cell.method in ("wae_cnn", "wavelet_cnn"):
                assert cell.label == {"wae_cnn": "WAE+CNN", "wavelet_cnn": "Wavelet+CNN"}[cell.method]
            if cell.method == "full":
                assert cell.label == {"vgg16": "VGG16", "resnet50": "ResNet-50"}[table.backbone]


def test_json_csv_and_markdown_hold_the_same_cells(compared, tmp_path):
    paths.write_text(tmp_path / "table.json", stored.as_json(compared))
    assert stored.read(tmp_path / "table.json", tables.ComparedTable) == compared
    from_csv = list(csv.DictReader(io.StringIO(csv_of.lines(compared.cells))))
    assert [line["cell"] for line in from_csv] == [cell.cell for cell in compared.cells]
    assert (from_csv[0]["measured"], from_csv[0]["seeds and units low"]) == (
        "25.0",
        str(compared.cells[0].intervals["seeds and units"][0]),
    )
    text = markdown.page(paper_tables.page(compared, "desk"))
    assert "12.50 (11.65)" in text
    assert "| VGG16 at half side | VGG16 (112) | top-5 error, % | 15.73 | printed | failed |" in text


def test_a_json_file_of_something_else_is_one_line(tmp_path):
    paths.write_json(tmp_path / "table.json", {"table": 1})
    with pytest.raises(InvalidData, match=r"table.json: not as this version of the study writes it") as told:
        stored.read(tmp_path / "table.json", tables.ComparedTable)
    assert "\n" not in str(told.value)


def test_the_terminal_shows_paper_and_measured_side_by_side(compared):
    text = terminal.page(paper_tables.page(compared, "desk"))
    line = next(line for line in text.splitlines() if line.startswith("VGG16 ") and "top-5" in line)
    assert "11.65" in line
    assert "12.50" in line
    assert "Not comparable means: other data: nothing is recorded of it; other settings: " in text


def test_the_headline_holds_what_was_measured_under_names_without_a_point(compared):
    found = headline.headline([compared])
    assert found["table_1"]["full"] == {"top1_error_percent": 25.0, "top5_error_percent": 12.5}
    assert not any("." in name for table in found.values() for row in table.values() for name in row)


def test_every_row_of_the_study_has_a_line_and_a_failed_one_its_reason(folder):
    found = rows.rows(errors(folder), results.read(folder), "desk")
    assert [(row.dataset, row.backbone, row.method) for row in found.rows] == [
        (*place, word) for place in PLACES for word in evaluated(*place)
    ]
    text = markdown.page(rows_page.page(found))
    assert "| VGG16 | yes | 25.00 | " in text
    assert "| VGG16 at half side | yes | failed: seed 1: loss nan | – |" in text
    assert "| VGG16 at half side, narrow heads | no | not measured | – |" in text


def test_results_of_one_scale_leave_those_of_another_alone(tmp_path, monkeypatch):
    (tmp_path / "params.yaml").symlink_to(Path("params.yaml").resolve())
    (tmp_path / "paper_tables").symlink_to(Path("paper_tables").resolve())
    monkeypatch.chdir(tmp_path)
    mine = tmp_path / "results/desk"
    for name in ("metrics.json", "report.html"):
        paths.write_text(mine / name, "mine")
    stage.main("photos")
    assert [file.read_text(encoding="utf-8") for file in sorted(mine.iterdir())] == ["mine", "mine"]
    assert [file.name for file in sorted((tmp_path / "results").iterdir())] == ["desk", "photos"]
    assert paths.read_json(tmp_path / "results/photos/metrics.json") == {}
    for name in PAGES:
        assert (tmp_path / f"results/photos/{name}.md").read_text(encoding="utf-8")


def test_speed_and_operations_are_read_whatever_the_data_set(tmp_path):
    paths.write_json(
        tmp_path / "complexity.json",
        {"networks": {"vgg16": {"wae_cnn": {"multiply_adds": {"conv_fc": 4_381_913_088}, "parameters": 53_324_582}}}},
    )
    found = measured.operations(tmp_path)
    assert found["", "vgg16", "wae_cnn", "parameters_million", ""].value == pytest.approx(53.324582)
    line = by_cell(tables.compared(TABLE_1, found))["table_1/Ours/flops_billion"]
    assert line.measured == pytest.approx(4.3819, abs=1e-4)
    assert line.verdict == "differs"


def test_networks_that_answer_alike_whatever_the_seed_and_image_have_no_interval(folder):
    same = {f"{word}.{seed}": [0, 0, 0, 0] for word in ("full", "wae_cnn") for seed in (0, 1)}
    write_ranks(folder / "predictions/objects-vgg16.npz", label=[0, 1, 2, 3], **same)
    assert errors(folder)["objects", "vgg16", "wae_cnn", "top1_error_percent", ""].intervals == {}


def test_an_accuracy_is_what_the_error_leaves(folder):
    found = errors(folder)
    error, accuracy = (
        found["objects", "vgg16", "full", name, ""] for name in ("top1_error_percent", "accuracy_percent")
    )
    assert accuracy.value == 100 - error.value
    assert accuracy.per_seed == (100.0, 50.0)
    assert accuracy.interval == (100 - error.interval[1], 100 - error.interval[0])


def test_latex_has_a_row_a_network_with_the_papers_number_in_brackets(compared):
    text = latex.table(paper_tables.row_by_row(compared))
    rows = [line for line in text.splitlines() if line.endswith(r" \\")]
    assert [row.partition(" & ")[0] for row in rows] == ["network", "VGG16", "VGG16 at half side", "WAE+CNN"]
    assert "25.00 & 12.50 (11.65)" in rows[1]
    assert "failed (15.73)" in rows[2]
    assert "Not measured: CPU, ms; GPU, ms; multiply-adds, billion; CPU speed-up; GPU speed-up." in text


def test_a_cell_under_noise_is_the_accuracy_of_that_condition(folder):
    faces = summary(("full", 0), ("full", 1), dataset="faces", source="rendered_faces", classes=24)
    paths.write_json(folder / "evaluation/faces-vgg16.json", faces)
    ranks = {"full.0": [0, 0, 0, 0], "full.1": [0, 0, 0, 3]}
    write_ranks(folder / "predictions/faces-vgg16.npz", label=[0, 1, 2, 3], **ranks)
    paths.write_json(folder / "noise/faces-vgg16.json", {"variances": [0, 0.01]})
    write_ranks(
        folder / "noise/faces-vgg16.npz",
        **{
            "full.0.V=0": [0, 0, 0, 0],
            "full.0.V=0.01": [1, 1, 0, 0],
            "full.1.V=0": [0, 0, 0, 3],
            "full.1.V=0.01": [0, 0, 1, 3],
        },
    )
    lines = by_cell(tables.compared(paper.tables()[6], errors(folder)))
    assert lines["table_7/VGG16-Net/accuracy_percent/V=0"].measured == 87.5
    noisy = lines["table_7/VGG16-Net/accuracy_percent/V=0.01"]
    assert noisy.per_seed == (50.0, 50.0)
    assert noisy.verdict == "not comparable"
    assert lines["table_7/VGG16-Net/accuracy_percent/V=0.1"].verdict == "missing"
    assert lines["table_7/Ours/accuracy_percent/V=0.01"].verdict == "missing"


def test_a_file_that_holds_no_ranks_is_one_line(folder):
    paths.write_text(folder / "predictions/objects-vgg16.npz", "label\n0\n")
    with pytest.raises(InvalidData, match=r"objects-vgg16.npz: not an .npz of arrays"):
        errors(folder)


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_a_stored_number_that_is_not_finite_is_one_line(folder, value):
    file = folder / "evaluation/objects-vgg16.json"
    text = file.read_text(encoding="utf-8").replace('"seed": 0', f'"training_error_percent": {value}, "seed": 0', 1)
    file.write_text(text, encoding="utf-8")
    found = rf"objects-vgg16.json: {value} is no finite number; .* make it again"
    with pytest.raises(InvalidData, match=found) as told:
        errors(folder)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize("ranks", [[0.0, float("nan"), 0.0, 0.0], [0, -1, 0, 0], [0, 0, 0]])
def test_ranks_that_are_no_whole_numbers_or_not_one_an_image_are_one_line(folder, ranks):
    file = folder / "predictions/objects-vgg16.npz"
    columns = {"label": np.arange(4), "full.0": np.array(ranks)}
    np.savez(file, **columns)
    with pytest.raises(InvalidData, match=r"full.0 does not hold a whole number for each of 4 images") as told:
        errors(folder)
    assert "\n" not in str(told.value)


def test_a_result_that_lacks_what_this_version_writes_is_one_line(folder):
    paths.write_json(folder / "evaluation/objects-vgg16.json", {"runs": []})
    with pytest.raises(InvalidData, match=r"objects-vgg16.json: 'source' is lacking|'dataset' is lacking"):
        errors(folder)
