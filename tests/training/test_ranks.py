"""Two processes that train one network, against one process that trains it alone."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from study.data.batches import training_plan
from study.settings.errors import InvalidParameter
from study.training.ranks import ALONE, Ranks

ROOT = Path(__file__).parents[2]
SCRIPT = Path(__file__).with_name("together.py")
TORCHRUN = ("-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2")
CASES = ("dropout", "no dropout", "two streams", "stage 1", "stage 3", "BatchNorm")


def run(folder: Path, how: str = "whole", *by: str) -> subprocess.CompletedProcess:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    command = [sys.executable, *by, str(SCRIPT), str(folder), how]
    return subprocess.run(command, env=environment, capture_output=True, text=True)


@pytest.fixture(scope="module")
def folders(tmp_path_factory) -> tuple[Path, Path]:
    """What one process came to, and what two did."""
    alone, together = tmp_path_factory.mktemp("alone"), tmp_path_factory.mktemp("together")
    for folder, by in ((alone, ()), (together, TORCHRUN)):
        finished = run(folder, "whole", *by)
        assert finished.returncode == 0, finished.stderr
    return alone, together


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_two_processes_come_to_the_loss_curve_and_the_weights_of_one(folders, name):
    alone, together = (torch.load(folder / f"{name}.pt", weights_only=True) for folder in folders)
    for one, other in zip(alone["rows"], together["rows"], strict=True):
        for key in one:
            assert abs(one[key] - other[key]) <= 1e-5 * max(1.0, abs(one[key])), key
    assert alone["weights"].keys() == together["weights"].keys()
    for key, value in alone["weights"].items():
        torch.testing.assert_close(
            together["weights"][key], value, atol=1e-5, rtol=1e-5, msg=lambda m, k=key: f"{k}: {m}"
        )


@pytest.mark.slow
def test_norms_dropout_and_gradients_of_two_shares_are_those_of_the_whole_batch(tmp_path):
    finished = run(tmp_path, "gradients", *TORCHRUN)
    assert finished.returncode == 0, finished.stderr
    found = json.loads((tmp_path / "gradients.json").read_text())
    assert len(found) == 4
    for name, differences in found.items():
        assert differences["gradients"] < 1e-10, name
        assert differences["states"] < 1e-10, name


@pytest.mark.slow
def test_a_signal_to_one_process_stops_both_and_they_go_on_to_the_same_bits(folders, tmp_path):
    stopped = run(tmp_path, "stop", *TORCHRUN)
    assert stopped.returncode != 0
    assert "SIGTERM: saved; the same command goes on from here" in stopped.stdout
    assert stopped.stdout.count("saved; ") == 1
    assert run(tmp_path, "whole", *TORCHRUN).returncode == 0
    whole, resumed = (torch.load(folder / "dropout.pt", weights_only=True) for folder in (folders[1], tmp_path))
    assert whole["rows"] == resumed["rows"]
    assert all(torch.equal(value, resumed["weights"][key]) for key, value in whole["weights"].items())


@pytest.mark.slow
def test_a_lost_process_ends_the_other_in_one_line(tmp_path):
    lost = run(tmp_path, "lose", *TORCHRUN)
    assert lost.returncode != 0
    assert "error: dropout: another process of this training is gone; the same command goes on" in lost.stderr
    assert not list(tmp_path.glob("dropout.pt"))


@pytest.mark.slow
def test_a_stage_that_trains_nothing_by_itself_is_refused_under_torchrun():
    command = [sys.executable, *TORCHRUN, "-m", "study.stages.evaluate", "--scale", "smoke"]
    arguments = ["--dataset", "objects", "--backbone", "vgg16"]
    finished = subprocess.run([*command, *arguments], cwd=ROOT, capture_output=True, text=True)
    assert finished.returncode != 0
    assert (
        "error: study.stages.evaluate: runs in one process; torchrun is for single trainings: wae, " in finished.stderr
    )


def test_shares_are_the_batch_in_the_order_of_the_ranks():
    (picks,) = training_plan(12, 12, 4, seed=0, epoch=1)
    shares = [Ranks(rank, 3).share(picks) for rank in range(3)]
    for name in vars(picks):
        assert np.array_equal(np.concatenate([getattr(share, name) for share in shares]), getattr(picks, name))
    assert all(np.array_equal(getattr(ALONE.share(picks), name), getattr(picks, name)) for name in vars(picks))


def test_a_batch_that_cannot_be_parted_is_refused():
    (picks,) = training_plan(10, 10, 4, seed=0, epoch=1)
    with pytest.raises(
        InvalidParameter, match="batch: must be a multiple of the 3 processes that train together, got 10"
    ):
        Ranks(0, 3).share(picks)
