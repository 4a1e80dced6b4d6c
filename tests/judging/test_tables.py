"""From stored results to tables, on results made in the test."""

import csv
import io
from pathlib import Path

import numpy as np
import pytest

from study.judging import headline, measured, rows, tables
from study.paper import tables as paper
from study.rendering import csv as csv_of
from study.rendering import latex, markdown, paper_tables, stored, terminal
from study.rendering import rows as rows_page
from study.settings import paths
from study.settings.errors import InvalidData
from study.settings.methods import PLACES, evaluated
from study.stages import tables as stage

TABLE_1 = paper.tables()[0]


def write_ranks(file: Path, **columns: list[int]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(file, **{name: np.array(values, dtype=np.uint16) for name, values in columns.items()})


@pytest.fixture
def results(tmp_path):
    """Results of two seeds on four test images; the network at half resolution failed with seed 1."""

    def run(method, seed, outcome="trained"):
        return {
            "method": method,
            "seed": seed,
            "outcome": outcome,
            "reason": None if outcome == "trained" else "loss nan",
        }

    runs = [
        run("full", 0),
        run("full", 1),
        run("half", 0),
        run("half", 1, "diverged"),
        run("wae_cnn", 0),
        run("wae_cnn", 1),
    ]
    paths.write_json(tmp_path / "evaluation/objects-vgg16.json", {"source": "photographs", "classes": 10, "runs": runs})
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


@pytest.fixture
def compared(results):
    return tables.compared(TABLE_1, measured.errors("desk", results))


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


def test_both_intervals_are_there_and_apart(lines):
    assert set(lines["table_1/VGG16 (224)/top1_error_percent"].intervals) == {"seeds", "test images"}


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
    assert (from_csv[0]["measured"], from_csv[0]["seeds low"]) == ("25.0", str(compared.cells[0].intervals["seeds"][0]))
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
    assert "other data and scale (desk, photographs)" in text


def test_the_headline_holds_what_was_measured_under_names_without_a_point(compared):
    found = headline.headline([compared])
    assert found["table_1"]["full"] == {"top1_error_percent": 25.0, "top5_error_percent": 12.5}
    assert not any("." in name for table in found.values() for row in table.values() for name in row)


def test_every_row_of_the_study_has_a_line_and_a_failed_one_its_reason(results):
    found = rows.rows(measured.errors("desk", results), "desk")
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
    for name in ("claims", "controls", "pruning", "rows", "ledger", "deviations", "timing", "complexity"):
        assert (tmp_path / f"results/photos/{name}.md").read_text(encoding="utf-8")


def test_speed_and_operations_are_read_whatever_the_data_set(tmp_path):
    paths.write_json(
        tmp_path / "complexity.json",
        {"networks": {"vgg16": {"wae_cnn": {"multiply_adds": {"conv_fc": 4_381_913_088}}}}},
    )
    line = by_cell(tables.compared(TABLE_1, measured.operations(tmp_path)))["table_1/Ours/flops_billion"]
    assert line.measured == pytest.approx(4.3819, abs=1e-4)
    assert line.verdict == "differs"


def test_numbers_of_a_changed_paper_scale_name_the_change(results):
    assert measured.errors("paper", results)["objects", "vgg16", "wae_cnn", "top1_error_percent", ""].basis == (
        "paper, photographs"
    )
    changed = measured.errors("paper", results, ["lambda"])["objects", "vgg16", "wae_cnn", "top1_error_percent", ""]
    assert changed.basis == "paper, photographs, changed: lambda"


def test_equal_seeds_have_no_interval_over_seeds(results):
    same = {f"{word}.{seed}": [1, 0] for word in ("full", "wae_cnn") for seed in (0, 1)}
    write_ranks(results / "predictions/objects-vgg16.npz", **same)
    found = measured.errors("desk", results)["objects", "vgg16", "wae_cnn", "top1_error_percent", ""]
    assert set(found.intervals) == {"test images"}


def test_an_accuracy_is_what_the_error_leaves(results):
    found = measured.errors("desk", results)
    error, accuracy = (
        found["objects", "vgg16", "full", name, ""] for name in ("top1_error_percent", "accuracy_percent")
    )
    assert accuracy.value == 100 - error.value
    assert accuracy.per_seed == (100.0, 50.0)


def test_latex_has_a_row_a_network_with_the_papers_number_in_brackets(compared):
    text = latex.table(paper_tables.row_by_row(compared))
    rows = [line for line in text.splitlines() if line.endswith(r" \\")]
    assert [row.partition(" & ")[0] for row in rows] == ["network", "VGG16", "VGG16 at half side", "WAE+CNN"]
    assert "25.00 & 12.50 (11.65)" in rows[1]
    assert "failed (15.73)" in rows[2]
    assert "not measured (3.13)" in rows[3]


def test_an_error_knows_its_classes_and_its_images_and_a_failure_its_classes(results):
    found = measured.errors("desk", results)
    trained = found["objects", "vgg16", "full", "top1_error_percent", ""]
    assert (trained.classes, trained.wrong.tolist()) == (10, [[False] * 4, [False, False, True, True]])
    assert found["objects", "vgg16", "half", "top1_error_percent", ""].classes == 10


def test_a_cell_under_noise_is_the_accuracy_of_that_condition(results):
    runs = [{"method": "full", "seed": seed, "outcome": "trained", "reason": None} for seed in (0, 1)]
    paths.write_json(results / "evaluation/faces-vgg16.json", {"source": "rendered_faces", "classes": 24, "runs": runs})
    write_ranks(results / "predictions/faces-vgg16.npz", **{"full.0": [0, 0, 0, 0], "full.1": [0, 0, 0, 3]})
    paths.write_json(results / "noise/faces-vgg16.json", {"variances": [0, 0.01]})
    write_ranks(
        results / "noise/faces-vgg16.npz",
        **{
            "full.0.V=0": [0, 0, 0, 0],
            "full.0.V=0.01": [1, 1, 0, 0],
            "full.1.V=0": [0, 0, 0, 3],
            "full.1.V=0.01": [0, 0, 1, 3],
        },
    )
    found = measured.errors("desk", results)
    lines = by_cell(tables.compared(paper.tables()[6], found))
    assert lines["table_7/VGG16-Net/accuracy_percent/V=0"].measured == 87.5
    noisy = lines["table_7/VGG16-Net/accuracy_percent/V=0.01"]
    assert noisy.per_seed == (50.0, 50.0)
    assert noisy.verdict == "not comparable"
    assert lines["table_7/VGG16-Net/accuracy_percent/V=0.1"].verdict == "missing"
    assert lines["table_7/Ours/accuracy_percent/V=0.01"].verdict == "missing"


def test_a_file_that_holds_no_ranks_is_one_line(results):
    paths.write_text(results / "predictions/objects-vgg16.npz", "label\n0\n")
    with pytest.raises(InvalidData, match=r"objects-vgg16.npz: not an .npz of ranks"):
        measured.errors("desk", results)
