"""Helping processes: how many, and that they change nothing."""

import os

import numpy as np
import pytest
import torch
from PIL import Image
from torch.utils.data import get_worker_info

from study.data import loading
from study.data.batches import Pictures, training_plan
from study.data.collection import Collection, Listed
from study.data.loading import Loader, with_room, workers
from study.settings.errors import InvalidParameter


@pytest.fixture
def pictures(tmp_path) -> Pictures:
    """Twelve listed pictures of side 8."""
    random = np.random.default_rng(0)
    for number in range(12):
        Image.fromarray(random.integers(0, 256, (8, 8, 3), dtype=np.uint8)).save(tmp_path / f"{number}.png")
    listed = Listed(tuple(f"{number}.png" for number in range(12)), np.arange(12) % 3)
    return Pictures(Collection(tuple("abc"), listed, listed, tmp_path), "train", side=8, crop=4)


def test_processes_change_no_batch_and_an_epoch_can_be_taken_up_at_any_of_them(pictures):
    plans = [training_plan(12, 3, pictures.margin, seed=0, epoch=epoch) for epoch in (1, 2)]
    without, helped = Loader(pictures, 0), Loader(pictures, 1)
    for plan in (plans[0], plans[1], plans[1][2:]):
        for (images, labels), (same, same_labels) in zip(without.batches(plan), helped.batches(plan), strict=True):
            assert torch.equal(images, same)
            assert torch.equal(labels, same_labels)


class Numbers(torch.utils.data.Dataset):
    """A batch is the number of the process that made it."""

    def __getitem__(self, _):
        assert get_worker_info() is not None
        return torch.tensor(os.getpid()), torch.tensor(0)


def test_the_same_processes_make_one_epoch_after_another():
    loader = Loader(Numbers(), 1)
    found = [int(process) for _ in range(3) for process, _ in loader.batches([0, 1])]
    assert len(set(found)) == 1
    assert found[0] != os.getpid()


def test_processors_are_shared_by_the_ranks_of_a_machine(monkeypatch):
    monkeypatch.setattr(loading, "cores", lambda: 16)
    assert workers() == 16
    monkeypatch.setenv("LOCAL_WORLD_SIZE", "8")
    assert (workers(), workers(1)) == (2, 1)
    monkeypatch.setenv("LOCAL_WORLD_SIZE", "32")
    assert workers() == 1


def test_who_names_a_number_has_chosen(monkeypatch):
    monkeypatch.setenv(loading.WORKERS, "3")
    assert (workers(), workers(1)) == (3, 3)
    for wrong in ("-1", "two", "1025", ""):
        monkeypatch.setenv(loading.WORKERS, wrong)
        with pytest.raises(InvalidParameter, match="STUDY_WORKERS: must be a whole number of 0 to 1024, got"):
            workers()


def test_no_more_processes_than_their_batches_have_room_in_shared_memory(tmp_path, monkeypatch):
    free = loading.shutil.disk_usage(tmp_path).free
    assert with_room(4, free, tmp_path) == 0
    assert with_room(4, 1, tmp_path) == 4
    assert with_room(4, free // 10, tmp_path) == 3
    assert with_room(4, free, tmp_path / "none") == 4
    monkeypatch.setenv("LOCAL_WORLD_SIZE", "3")
    assert with_room(4, free // 10, tmp_path) == 1
