"""Comparing experiments that were made up."""

import csv
import io
from pathlib import Path

import pytest

from study.figures.sweep import draw
from study.judging import sweep
from study.rendering import csv as lines
from study.rendering import markdown, transform_loss
from study.rendering import stored as records
from study.rendering.sweep import page
from study.settings import paths
from tests.rendering.swept import archive, arrays
from tests.rendering.swept import sweep as made


def stored(error: float | None, outcome: str) -> dict:
    cell = {"method": "wae_cnn", "quantity": "top1_error_percent", "measured": error, "verdict": "failed"}
    cell["per_seed"] = [] if error is None else [error - 1, error + 1]
    other = {**cell, "method": "half", "measured": 99.0}
    runs = [
        {"seed": 0, "psnr_db": 20.0, "energy_high": 1.0, "energy_low": 4.0},
        {"seed": 1, "psnr_db": 30.0, "energy_high": 3.0, "energy_low": 4.0},
    ]
    return {
        sweep.TABLE: {"cells": [{**other, "intervals": {}}, {**cell, "intervals": {"seeds and units": [38.0, 42.0]}}]},
        sweep.RECONSTRUCTION: {"runs": [*runs, {"seed": 2, "outcome": "diverged"}]},
        sweep.CHANNELS: {
            "seed_of_the_pictures": 1,
            "runs": [
                {"network": network, "seed": seed, "photographs": {"one": {"psnr_db": seed + 20.0}}}
                for network in ("wae_cnn", "auto_encoder")
                for seed in (0, 1)
            ],
        },
        sweep.CLAIMS: {
            "claims": [{"id": "a", "in_this_experiment": outcome}, {"id": "b", "in_this_experiment": "holds"}]
        },
    }


POINTS = [
    sweep.point(0.1, 0.001, stored(40.0, "holds")),
    sweep.point(10, 0.001, stored(44.0, "fails")),
    sweep.Point(100, 0.001, failed="see: dvc queue logs x"),
]


def shown(*points: sweep.Point) -> str:
    return markdown.page(page(sweep.Sweep("smoke", points)))


def test_a_point_has_the_numbers_of_our_network_and_the_means_of_the_auto_encoders_that_there_are():
    one = POINTS[0]
    assert (one.error_percent, one.interval) == (40.0, (38.0, 42.0))
    assert (one.psnr_db, one.energy_ratio) == (25.0, 0.5)


def test_a_point_has_the_seeds_of_the_network_and_of_the_auto_encoder_and_the_photographs_of_the_shown_one():
    one = POINTS[0]
    assert one.error_per_seed == (39.0, 41.0)
    assert [(its.seed, its.energy_share_percent) for its in one.auto_encoders] == [
        (0, 20.0),
        (1, pytest.approx(300 / 7)),
    ]
    assert one.energy_share_percent == pytest.approx((20 + 300 / 7) / 2)
    assert (one.photographs, one.shown_seed) == ({"one": 21.0}, 1)


def test_points_of_the_gamma_that_most_have_are_ordered_by_lambda():
    other = sweep.point(0.5, 0.1, stored(41.0, "holds"))
    assert [one.lambda_ for one in sweep.of_one_gamma([POINTS[1], other, POINTS[0], POINTS[2]])] == [0.1, 10]


def test_the_channels_of_stage_1_are_kept_and_read_back(tmp_path):
    whole = arrays() | {"wae_cnn.low": arrays()["auto_encoder.low"]}
    kept = sweep.shown(archive(whole))
    assert kept is not None
    paths.write_bytes(tmp_path / POINTS[0].archive, kept)
    read = sweep.pictures(tmp_path, POINTS[0])
    assert read.keys() == set(sweep.PICTURES)
    assert (read["photograph"] == whole["photograph"]).all()
    assert sweep.pictures(tmp_path, POINTS[1]) == {}
    assert sweep.shown(archive({"photograph": whole["photograph"]})) is None


def test_only_claims_that_come_to_something_else_turn():
    assert sweep.turning(POINTS) == ["a"]
    assert sweep.turning(POINTS[:1]) == []


def test_a_failed_experiment_and_a_failed_cell_are_shown_as_such():
    text = shown(*POINTS, sweep.point(1, 0.001, stored(None, "holds")))
    assert "| 100 | 0.001 | – | – | – | – | failed: see: dvc queue logs x |" in text
    assert "failed: failed" in text
    assert "| a | holds | fails | failed | holds |" in text


def test_without_a_turn_that_is_said():
    assert "No claim comes to something else" in shown(POINTS[0])


def test_every_form_has_the_same_points_and_json_comes_back(tmp_path):
    whole = sweep.Sweep("smoke", tuple(POINTS))
    paths.write_text(tmp_path / "sweep.json", records.as_json(whole))
    assert records.read(tmp_path / "sweep.json", sweep.Sweep) == whole
    read = list(csv.DictReader(io.StringIO(lines.lines(POINTS))))
    assert [float(line["lambda_"]) for line in read] == [0.1, 10, 100]
    assert float(read[1]["interval_high"]) == 42


def test_the_figure_has_a_line_for_every_gamma_and_leaves_out_what_failed():
    errors, _ = draw([*POINTS, sweep.point(1, 0.1, stored(41.0, "holds"))]).axes
    labelled = [line for line in errors.lines if line.get_label().startswith("gamma")]
    assert [line.get_xdata().tolist() for line in labelled] == [pytest.approx([0.1, 10]), [1]]


def condition(folder: Path, value: float, seed: int, error: float | None) -> None:
    encoder = {"row": "wae", "outcome": "trained", "psnr_db": 30.0 + seed, "energy_ratio": 0.25}
    row = {"row": "wae_cnn", "outcome": "diverged"} if error is None else {"row": "wae_cnn", sweep.QUANTITY: error}
    file = folder / "robustness" / "objects" / f"lambda-{value:g}-{seed}.json"
    paths.write_json(file, {"seed": seed, "trainings": [encoder, row]})


def test_without_a_sweep_the_registered_values_of_lambda_have_their_numbers(tmp_path):
    assert transform_loss.slider(tmp_path).settings == ()
    for seed in (0, 1):
        condition(tmp_path, 0.1, seed, 40.0 + seed)
        condition(tmp_path, 1, seed, 42.0 + seed)
        condition(tmp_path, 10, seed, None if seed else 44.0)
    found = transform_loss.slider(tmp_path)
    assert [one.value for one in found.settings] == ["0.1", "1"]  # of 10 a training failed
    numbers = dict(found.settings[0].numbers)
    assert list(numbers.values()) == [
        "30.50 (seeds 30.00, 31.00)",
        "20 (seeds 20.00, 20.00)",
        "40.50 (seeds 40.00, 41.00)",
    ]
    assert found.start == 1
    assert transform_loss.COMMAND in found.about


def test_every_channel_is_amplified_by_one_factor_for_all_values(tmp_path):
    made(tmp_path / "sweep", (0.0, 1.0))
    about = transform_loss.slider(tmp_path).about
    assert "one factor for all values" in about
    assert "gamma 0.001; 2 seeds" in about
