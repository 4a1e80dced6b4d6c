"""The share that is won back under each condition, from ranks made by hand."""

import numpy as np
import pytest

from study.evaluation.ranks import archive
from study.judging import robustness
from study.judging.endpoint import Endpoint
from study.measures.endpoint import NO_LOSS
from study.settings import paths
from study.settings.errors import InvalidData

IMAGES, CLASSES = 100, 10
ENCODER = {"row": "wae", "outcome": "trained", "psnr_db": 36.0, "energy_ratio": 0.002}


def run(seed: int = 0, **wrong: int) -> robustness.Run:
    """A run whose rows get so many of the first images wrong, the true class second best."""
    ranks = {row: (np.arange(IMAGES) < count).astype(np.int64) for row, count in wrong.items()}
    trainings = [ENCODER | {"psnr_db": 36.0 + seed}]
    trainings += [
        {"row": row, "outcome": "trained", "learned": True, "training_error_percent": count / 2}
        for row, count in wrong.items()
    ]
    summary = {
        "condition": "epochs-0.5", "choice": "epochs", "value": 0.5, "dataset": "objects", "backbone": "vgg16",
        "source": "folder", "classes": CLASSES, "seed": seed, "trainings": trainings,
    }  # fmt: skip
    numbers = np.arange(IMAGES)
    return summary, {"label": numbers % CLASSES, "unit": numbers, **ranks}


def of(found: robustness.Under, row: str = "wae_cnn", metric: str = "top1") -> Endpoint:
    (endpoint,) = [one for one in found.endpoints if (one.row, one.metric) == (row, metric)]
    return endpoint


def test_the_share_is_that_of_the_mean_errors():
    found = robustness.under("desk", [run(0, full=20, half=40, wae_cnn=24), run(1, full=22, half=42, wae_cnn=28)])
    assert of(found).share_percent == pytest.approx(100 * (41 - 26) / (41 - 21))
    low, high = of(found).interval_percent
    assert low < 75 < high
    assert (found.condition, found.psnr_db, found.energy_ratio) == ("epochs-0.5", 36.5, 0.002)
    assert found.results.seeds == (0, 1)
    assert found.results.training_error_percent["wae_cnn"] == {0: 12, 1: 14}


def test_one_seed_gives_a_share_without_an_interval_or_a_word():
    found = of(robustness.under("desk", [run(3, full=20, half=40, wae_cnn=24)]))
    assert found.share_percent == pytest.approx(80)
    assert (found.interval_percent, found.nearly_the_same_error) == (None, "cannot tell")


def test_an_error_without_a_resolution_loss_has_no_share():
    found = of(robustness.under("desk", [run(0, full=20, half=40, wae_cnn=24)]), metric="top5")
    assert (found.share_percent, found.reason) == (None, NO_LOSS)


def test_a_failed_seed_is_named_and_leaves_no_mean_over_the_others():
    summary, ranks = run(1, full=20, half=40)
    summary["trainings"].append({"row": "wae_cnn", "outcome": "diverged", "reason": "loss nan"})
    found = of(robustness.under("desk", [run(0, full=20, half=40, wae_cnn=24), (summary, ranks)]))
    assert found.share_percent is None
    assert "seed 1: loss nan" in found.reason


def test_a_training_that_has_not_learned_is_marked():
    summary, ranks = run(0, full=20, half=40, wae_cnn=88)
    summary["trainings"][-1]["learned"] = False
    assert of(robustness.under("desk", [(summary, ranks)])).marks == ("WAE+CNN not learned: seed 0",)


def test_conditions_are_read_in_the_order_asked_for_and_those_not_run_are_left_out(tmp_path, monkeypatch):
    # The protocol is read before the folder changes.
    summary, ranks = run(0, full=20, half=40, wae_cnn=24)
    robustness.under("desk", [(summary, ranks)])
    monkeypatch.chdir(tmp_path)
    folder = paths.results("desk") / "robustness" / "objects"
    for name in ("epochs-0.5", "lambda-0"):
        paths.write_json(folder / f"{name}-0.json", summary | {"condition": name})
        paths.write_bytes(folder / f"{name}-0.npz", archive(ranks))
    found = robustness.read("desk", "objects", ["lambda-0", "epochs-1", "epochs-0.5"], [0, 1])
    assert [one.condition for one in found] == ["lambda-0", "epochs-0.5"]
    assert of(found[0]).share_percent == pytest.approx(80)
    (folder / "lambda-0-0.npz").unlink()
    with pytest.raises(InvalidData, match=r"lambda-0-0\.npz: not an \.npz of arrays"):
        robustness.read("desk", "objects", ["lambda-0"], [0])
