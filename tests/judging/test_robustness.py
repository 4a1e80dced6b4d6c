"""The share that is won back under each condition, from ranks made by hand."""

import numpy as np
import pytest

from study.evaluation.ranks import archive
from study.judging import robustness
from study.measures.endpoint import NO_LOSS
from study.settings import paths
from study.settings.errors import InvalidData

IMAGES = 100


def one(row: str, wrong: int) -> dict:
    return {
        "row": row,
        "outcome": "trained",
        "reason": "",
        "top1_error_percent": float(wrong),
        "top5_error_percent": 0.0,
        "training_error_percent": wrong / 2,
    }


def run(**wrong: int):
    """A run whose rows get so many of the first images wrong, the true class second best."""
    ranks = {row: (np.arange(IMAGES) < count).astype(np.uint16) for row, count in wrong.items()}
    trainings = [{"row": "wae", "outcome": "trained", "psnr_db": 36.0, "energy_ratio": 0.002}]
    trainings += [one(row, count) for row, count in wrong.items()]
    return {"choice": "epochs", "value": 0.5, "trainings": trainings}, {"unit": np.arange(IMAGES), **ranks}


def test_the_share_is_that_of_the_mean_errors():
    found = robustness.under("epochs-0.5", {0: run(full=20, half=40, wae_cnn=24), 1: run(full=22, half=42, wae_cnn=28)})
    row = found.rows["wae_cnn"]
    assert row.shares["top1_error_percent"].value == pytest.approx((41 - 26) / (41 - 21))
    assert row.shares["top1_error_percent"].seeds == 2
    low, high = row.shares["top1_error_percent"].interval()
    assert low < 0.75 < high
    assert (row.error_percent["top1_error_percent"], row.training_error_percent) == (26, 13)
    assert (found.psnr_db, found.energy_ratio, found.seeds) == (36.0, 0.002, (0, 1))


def test_an_error_without_a_resolution_loss_has_no_share():
    row = robustness.under("epochs-0.5", {0: run(full=20, half=40, wae_cnn=24)}).rows["wae_cnn"]
    assert "top5_error_percent" not in row.shares
    assert row.reasons["top5_error_percent"] == NO_LOSS


def test_one_seed_gives_a_share_without_an_interval():
    row = robustness.under("epochs-0.5", {3: run(full=20, half=40, wae_cnn=24)}).rows["wae_cnn"]
    assert row.shares["top1_error_percent"].value == pytest.approx(0.8)
    assert row.shares["top1_error_percent"].seeds == 1


def test_a_failed_seed_is_named_and_leaves_no_mean_over_the_others():
    summary, ranks = run(full=20, half=40)
    summary["trainings"].append({"row": "wae_cnn", "outcome": "diverged", "reason": "loss nan"})
    found = robustness.under("epochs-0.5", {0: run(full=20, half=40, wae_cnn=24), 1: (summary, ranks)})
    assert found.rows["wae_cnn"].reason == "seed 1: loss nan"
    assert found.rows["wae_cnn"].shares == {}
    assert found.rows["half"].shares["top1_error_percent"].seeds == 2


def test_a_share_rests_on_the_seeds_that_all_three_rows_have():
    found = robustness.under("epochs-0.5", {0: run(full=20, half=40, wae_cnn=24), 1: run(full=20, wae_cnn=24)})
    assert found.rows["wae_cnn"].shares["top1_error_percent"].seeds == 1


def test_conditions_are_read_in_the_order_asked_for_and_those_not_run_are_left_out(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    folder = paths.results("desk") / "robustness" / "objects"
    for name in ("epochs-0.5-0", "lambda-0-0"):
        summary, ranks = run(full=20, half=40, wae_cnn=24)
        paths.write_json(folder / f"{name}.json", summary)
        paths.write_bytes(folder / f"{name}.npz", archive(ranks))
    found = robustness.read("desk", "objects", ["lambda-0", "epochs-1", "epochs-0.5"], [0, 1])
    assert [one.condition for one in found] == ["lambda-0", "epochs-0.5"]
    (folder / "lambda-0-0.npz").unlink()
    with pytest.raises(
        InvalidData, match=r"lambda-0-0\.npz: missing; remove .*lambda-0-0\.json and run its stage again"
    ):
        robustness.read("desk", "objects", ["lambda-0"], [0])
