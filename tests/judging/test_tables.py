"""From stored results to tables, on results made in the test."""

import csv
import io
import json
from pathlib import Path

import pytest

from study.judging import headline, measured, tables
from study.paper import deviations
from study.paper import tables as paper
from study.rendering import section, views
from study.settings import config, paths

TABLE_1 = paper.tables()[0]


@pytest.fixture
def results(tmp_path):
    """Results of two seeds on four test pictures; the network at half resolution failed with seed 1."""

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
    paths.write_text(
        tmp_path / "predictions/objects-vgg16.csv",
        "label,standard.0,standard.1,half.0,ours.0,ours.1\n0,0,0,0,0,9\n1,0,0,1,0,9\n2,0,3,1,0,9\n3,0,7,1,0,9\n",
    )
    return tmp_path


@pytest.fixture
def lines(results):
    return {line["cell"]: line for line in tables.compared(TABLE_1, measured.errors("desk", results))}


def test_a_cell_is_the_mean_over_seeds_of_the_error_over_images(lines):
    line = lines["table_1/VGG16 (224)/top1_error_percent"]
    assert line["per_seed"] == [0.0, 50.0]
    assert line["measured"] == 25.0
    assert lines["table_1/VGG16 (224)/top5_error_percent"]["per_seed"] == [0.0, 25.0]


def test_both_intervals_are_there_and_apart(lines):
    assert set(lines["table_1/VGG16 (224)/top1_error_percent"]["intervals"]) == {"seeds", "test images"}


def test_the_difference_is_ours_minus_the_papers(lines):
    assert lines["table_1/VGG16 (224)/top5_error_percent"]["difference"] == pytest.approx(12.5 - 11.65)
    assert lines["table_1/VGG16 (224)/top1_error_percent"]["difference"] is None


def test_a_method_with_a_failed_seed_has_no_number_but_a_reason(lines):
    line = lines["table_1/VGG16 (112)/top5_error_percent"]
    assert (line["measured"], line["verdict"], line["reason"]) == (None, "failed", "seed 1: loss nan")


def test_what_was_not_measured_is_missing_and_a_partial_set_still_gives_a_table(lines):
    assert lines["table_1/Ours/gpu_ms"]["verdict"] == "missing"
    assert len(lines) == len(TABLE_1.cells) + 3  # a top-1 line beside each top-5 cell


def test_no_results_at_all_give_seven_tables_of_missing_cells(tmp_path):
    for table in paper.tables():
        found = tables.compared(table, {})
        assert {line["verdict"] for line in found} == {"missing"}
        assert tables.as_markdown(table, found)


def test_json_csv_and_markdown_hold_the_same_cells(lines):
    rows = list(lines.values())
    from_json = json.loads(tables.as_json(TABLE_1, rows))["cells"]
    from_csv = list(csv.DictReader(io.StringIO(tables.as_csv(rows))))
    text = tables.as_markdown(TABLE_1, rows)
    assert [line["cell"] for line in from_json] == [line["cell"] for line in from_csv] == list(lines)
    assert from_csv[0]["measured"] == "25.0"
    assert "12.50 (11.65)" in text
    assert "| VGG16 (112) | top-5 error, % | 15.73 | failed |" in text


def test_markdown_rows_have_as_many_cells_as_their_header(lines):
    for block in tables.as_markdown(TABLE_1, list(lines.values())).split("\n\n"):
        rows = [line for line in block.splitlines() if line.startswith("|")]
        assert len({row.count("|") for row in rows}) <= 1


def test_the_terminal_shows_paper_and_measured_side_by_side(lines):
    text = section.plain(views.table(json.loads(tables.as_json(TABLE_1, list(lines.values()))), "desk"))
    (line,) = [line for line in text.splitlines() if line.startswith("VGG16 (224)") and "top-5" in line]
    assert "11.65" in line
    assert "12.50" in line
    assert "other data and scale (desk, photographs)" in text


def test_headline_names_hold_no_point_and_match_the_papers(lines):
    ours = headline.ours({"table_1": list(lines.values())})
    theirs = headline.the_papers(paper.tables())
    assert ours["table_1"]["full"] == {"top1_error_percent": 25.0, "top5_error_percent": 12.5}
    assert theirs["table_1"]["wae_cnn"]["top5_error_percent"] == 11.87
    assert theirs["table_6"]["wae_cnn"].keys() == {"accuracy_percent"}
    assert theirs.keys() == set(headline.TABLES)
    assert not any("." in name for table in theirs.values() for row in table.values() for name in row)


def test_speed_and_operations_are_read_whatever_the_data_set(tmp_path):
    paths.write_json(
        tmp_path / "complexity.json",
        {"networks": {"vgg16": {"wae_cnn": {"multiply_adds": {"conv_fc": 4_381_913_088}}}}},
    )
    line = {line["cell"]: line for line in tables.compared(TABLE_1, measured.operations(tmp_path))}[
        "table_1/Ours/flops_billion"
    ]
    assert line["measured"] == pytest.approx(4.3819, abs=1e-4)
    assert line["verdict"] == "differs"


def test_the_paper_scale_deviates_in_nothing_and_the_desk_scale_names_each_key():
    params = config.read()
    assert deviations.deviations(params, "paper") == []
    found = {key: (theirs, here) for key, theirs, here, _ in deviations.deviations(params, "desk")}
    assert found["network.width"] == (1.0, params.scales.desk.network.width)
    assert found["data.objects.source"] == ("imagenet", "photographs")
    assert found["classifier.drops"] == ("plateau", params.scales.desk.classifier.drops)
    assert "| network.width | 1 | 0.25 |" in deviations.as_markdown(params, "desk")


def test_an_edited_paper_scale_and_an_edited_lambda_are_deviations_too(tmp_path):
    text = Path("params.yaml").read_text(encoding="utf-8")
    for old, new in (("lambda: 1.0", "lambda: 0.01"), ("network: {width: 1.0", "network: {width: 0.5")):
        assert old in text
        text = text.replace(old, new)
    file = tmp_path / "params.yaml"
    file.write_text(text, encoding="utf-8")
    assert [key for key, *_ in deviations.deviations(config.read(file), "paper")] == ["lambda", "network.width"]


def test_every_key_of_the_setup_is_a_parameter_and_every_parameter_is_stated_or_open():
    known = deviations.setup()
    listed = {entry["key"] for kind in ("stated", "open") for entry in known[kind]}
    assert listed == set(deviations.in_force(config.read(), "paper"))


def test_numbers_of_a_changed_paper_scale_name_the_change(results):
    assert measured.errors("paper", results)["objects", "vgg16", "wae_cnn", "top1_error_percent", ""].basis == (
        "paper, photographs"
    )
    changed = measured.errors("paper", results, ["lambda"])["objects", "vgg16", "wae_cnn", "top1_error_percent", ""]
    assert changed.basis == "paper, photographs, changed: lambda"


def test_equal_seeds_have_no_interval_over_seeds(results):
    paths.write_text(
        results / "predictions/objects-vgg16.csv",
        "label,standard.0,standard.1,half.0,ours.0,ours.1\n0,0,0,0,1,1\n1,0,0,1,0,0\n",
    )
    found = measured.errors("desk", results)["objects", "vgg16", "wae_cnn", "top1_error_percent", ""]
    assert set(found.intervals) == {"test images"}


def test_an_accuracy_is_what_the_error_leaves(results):
    found = measured.errors("desk", results)
    error, accuracy = (
        found["objects", "vgg16", "full", name, ""] for name in ("top1_error_percent", "accuracy_percent")
    )
    assert accuracy.value == 100 - error.value
    assert accuracy.per_seed == (100.0, 50.0)


def test_latex_has_a_row_a_method_with_the_papers_number_in_brackets(lines):
    text = tables.as_latex(TABLE_1, list(lines.values()))
    rows = [line for line in text.splitlines() if line.endswith(r" \\")]
    assert [row.partition(" & ")[0] for row in rows] == ["", "VGG16 (224)", "VGG16 (112)", "Ours"]
    assert "25.00 & 12.50 (11.65)" in rows[1]
    assert "failed (15.73)" in rows[2]
    assert "-- (3.13)" in rows[3]
    assert "missing" not in text


def test_latex_escapes_what_latex_would_read_as_a_command(lines):
    head = next(line for line in tables.as_latex(TABLE_1, list(lines.values())).splitlines() if "top-5" in line)
    assert r"top-5 error, \%" in head
    table_3 = paper.tables()[2]
    text = tables.as_latex(table_3, tables.compared(table_3, {}))
    assert r"I\_L + I\_H & -- & -- (11.87) \\" in text


def test_every_latex_row_has_a_cell_for_each_column_of_its_tabular():
    for table in paper.tables():
        text = tables.as_latex(table, tables.compared(table, {}))
        columns = text.partition(r"\begin{tabular}{")[2].partition("}")[0]
        assert {row.count(" & ") for row in text.splitlines() if row.endswith(r" \\")} == {len(columns) - 1}
        assert [text.count(rule) for rule in (r"\toprule", r"\midrule", r"\bottomrule")] == [1, 1, 1]


def test_an_error_knows_its_classes_and_its_images_and_a_failure_its_classes(results):
    found = measured.errors("desk", results)
    trained = found["objects", "vgg16", "full", "top1_error_percent", ""]
    assert (trained.classes, trained.wrong.tolist()) == (10, [[False] * 4, [False, False, True, True]])
    assert found["objects", "vgg16", "half", "top1_error_percent", ""].classes == 10


def test_a_cell_under_noise_is_the_accuracy_of_that_condition(results):
    runs = [{"method": "full", "seed": seed, "outcome": "trained", "reason": None} for seed in (0, 1)]
    paths.write_json(results / "evaluation/faces-vgg16.json", {"source": "rendered_faces", "classes": 24, "runs": runs})
    paths.write_text(
        results / "predictions/faces-vgg16.csv", "label,standard.0,standard.1\n0,0,0\n1,0,0\n2,0,0\n3,0,3\n"
    )
    paths.write_json(results / "noise/faces-vgg16.json", {"variances": [0, 0.01]})
    paths.write_text(
        results / "noise/faces-vgg16.csv",
        "label,standard.0.V=0,standard.0.V=0.01,standard.1.V=0,standard.1.V=0.01\n"
        "0,0,1,0,0\n1,0,1,0,0\n2,0,0,0,1\n3,0,0,3,3\n",
    )
    found = measured.errors("desk", results)
    lines = {line["cell"]: line for line in tables.compared(paper.tables()[6], found)}
    assert lines["table_7/VGG16-Net/accuracy_percent/V=0"]["measured"] == 87.5
    noisy = lines["table_7/VGG16-Net/accuracy_percent/V=0.01"]
    assert noisy["per_seed"] == [50.0, 50.0]
    assert noisy["verdict"] == "not comparable"
    assert lines["table_7/VGG16-Net/accuracy_percent/V=0.1"]["verdict"] == "missing"
    assert lines["table_7/Ours/accuracy_percent/V=0.01"]["verdict"] == "missing"
