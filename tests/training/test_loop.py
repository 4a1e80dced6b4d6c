"""Laws of the training loop: it learns what can be learned and nothing else, and an interruption changes no bit."""

import os
import threading
import time

import numpy as np
import pytest
import torch

from study.data.batches import Pictures
from study.data.collection import Collection, Packed
from study.evaluation.ranks import ranks
from study.models.build import build
from study.models.shape import Shape
from study.settings.parameters.training import Constant, Milestones
from study.training import loop
from study.training.checkpoint import Checkpoint, checkpoint
from study.training.device import make_deterministic
from study.training.loop import Diverged, Recipe, fit
from study.training.objectives import ByClassification

CPU = torch.device("cpu")


def collection(count: int, classes: int, seed: int = 0, side: int = 32) -> Collection:
    """Images of random blocks; every image its own pattern."""
    random = np.random.default_rng(seed)
    small = random.integers(0, 256, (count, 8, 8, 3), dtype=np.uint8)
    images = small.repeat(side // 8, axis=1).repeat(side // 8, axis=2)
    packed = Packed(images, np.arange(count) % classes)
    return Collection(tuple("abcdefgh"[:classes]), packed, packed)


def recipe(**changes) -> Recipe:
    values = {
        "learning_rate": 0.01,
        "momentum": 0.9,
        "weight_decay": 0.0,
        "batch": 8,
        "epochs": 3,
        "schedule": Constant(kind="constant"),
        "watched": "top1_error_percent",
    }
    return Recipe(**{**values, **changes})


def classifier(classes: int, method: str = "full", side: int = 32):
    return ByClassification(build("vgg16", method, Shape(side, classes, width=1 / 8, batch_norm=True)))


def train(folder, data, how, method="full", classes=2, side_and_crop=(32, 32), objective_wrapper=None, seconds=1e9):
    make_deterministic(0)
    objective = classifier(classes, method, side_and_crop[1])
    if objective_wrapper:
        objective.forward = objective_wrapper(objective.forward)
    with checkpoint(folder, {"test": 1}) as saved:
        rows = fit(
            objective, Pictures(data, "train", *side_and_crop), how,
            seed=0, device=CPU, bf16=False, checkpoint=saved, title="test", seconds_between_checkpoints=seconds,
        )  # fmt: skip
    return objective.classifier, rows


@pytest.fixture(autouse=True)
def checkpoints_in(tmp_path, monkeypatch):
    monkeypatch.setenv("DVC_ROOT", str(tmp_path))


@pytest.mark.slow
@pytest.mark.parametrize("method", ["full", "wae_cnn"])
def test_a_network_can_learn_eight_pictures_by_heart(method):
    # Four copies make a batch: BatchNorm estimates a variance from more than eight numbers.
    eight = collection(8, 8)
    copies = Packed(np.tile(eight.train.images, (4, 1, 1, 1)), np.tile(eight.train.labels, 4))
    data = Collection(eight.classes, copies, eight.test)
    network, _ = train("run", data, recipe(epochs=100, batch=32, learning_rate=0.02), method, classes=8)
    assert ranks(network, Pictures(data, "test", 32, 32), CPU, "test").tolist() == [0] * 8


def test_shuffled_labels_stay_at_chance():
    data = collection(256, 4, seed=1)
    random = np.random.default_rng(0)
    shuffled = Collection(
        data.classes, Packed(data.train.images[:128], random.permutation(data.train.labels[:128])),
        Packed(data.train.images[128:], random.permutation(data.train.labels[128:])),
    )  # fmt: skip
    network, _ = train("run", shuffled, recipe(epochs=4), classes=4)
    error = (ranks(network, Pictures(shuffled, "test", 32, 32), CPU, "test") > 0).mean()
    assert abs(error - 0.75) < 0.12  # three standard errors of 128 draws


def test_the_same_seed_gives_the_same_bits():
    data = collection(24, 2)
    first, first_rows = train("a", data, recipe(), side_and_crop=(32, 32))
    second, second_rows = train("b", data, recipe(), side_and_crop=(32, 32))
    assert first_rows == second_rows
    assert all(
        torch.equal(a, b) for a, b in zip(first.state_dict().values(), second.state_dict().values(), strict=True)
    )


class Killed(Exception):
    """Stands for a kill."""


@pytest.mark.parametrize("batches_before", [2, 5, 6])
def test_an_interrupted_training_ends_in_the_same_bits(batches_before):
    # Three batches an epoch: the kill comes within an epoch, and right behind one. Every batch is checkpointed.
    data = collection(24, 2)
    whole, whole_rows = train("whole", data, recipe(), side_and_crop=(32, 32))

    def killed(objective):
        calls = iter(range(100))

        def call(images, labels):
            if next(calls) == batches_before:
                raise Killed
            return objective(images, labels)

        return call

    with pytest.raises(Killed):
        train("cut", data, recipe(), objective_wrapper=killed, seconds=0.0)
    resumed, resumed_rows = train("cut", data, recipe(), seconds=0.0)
    assert resumed_rows == whole_rows
    for name, value in whole.state_dict().items():
        assert torch.equal(value, resumed.state_dict()[name]), name


def test_a_finished_training_leaves_no_checkpoint(tmp_path):
    train("run", collection(8, 2), recipe(epochs=1))
    assert list((tmp_path / "checkpoints").glob("*/*")) == []


def test_other_settings_have_another_checkpoint(tmp_path):
    with checkpoint("run", {"rate": 1}) as first:
        first.save({"epoch": 1})
        with checkpoint("run", {"rate": 2}) as second:
            assert isinstance(second, Checkpoint)
            assert second.load() is None


def test_who_waits_for_a_run_goes_on_when_the_other_has_ended_and_shuts_out_a_third(tmp_path):
    order = []

    def run(name):
        with checkpoint("run", {}) as saved:
            order.append(f"{name} in")
            saved.save({"by": name})
            time.sleep(0.1)
            order.append(f"{name} out")

    threads = [threading.Thread(target=run, args=(name,)) for name in "abc"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(order[::2]) == ["a in", "b in", "c in"]
    assert [entry[0] for entry in order[::2]] == [entry[0] for entry in order[1::2]]


def broken(content: bytes) -> list[bytes]:
    """A file cut short, empty, and with one bit turned."""
    return [content[:40], b"", content[:-1] + bytes([content[-1] ^ 1])]


@pytest.mark.parametrize("damage", range(3))
def test_a_damaged_checkpoint_counts_as_none(capsys, damage):
    with checkpoint("run", {}) as saved:
        saved.save({"epoch": 1})
        saved.file.write_bytes(broken(saved.file.read_bytes())[damage])
        assert saved.load() is None
    assert "state.pt: damaged, its checksum is another: training starts anew" in capsys.readouterr().out


@pytest.mark.parametrize("damage", range(3))
def test_in_the_place_of_a_damaged_checkpoint_the_one_before_it_is_used(capsys, damage):
    with checkpoint("run", {}) as saved:
        saved.save({"epoch": 1})
        saved.save({"epoch": 2})
        saved.file.write_bytes(broken(saved.file.read_bytes())[damage])
        assert saved.load() == {"epoch": 1}
        saved.previous.write_bytes(b"")
        assert saved.load() is None
    said = capsys.readouterr().out
    assert "state.pt: damaged, its checksum is another: the state before it is used" in said
    assert "previous.pt: damaged, its checksum is another: training starts anew" in said


def test_a_kill_between_two_renamings_of_a_checkpoint_costs_one_state_at_most():
    with checkpoint("run", {}) as saved:
        saved.save({"epoch": 1})
        saved.file.replace(saved.previous)  # as far as `save` came
        assert saved.load() == {"epoch": 1}


def test_a_checkpoint_that_is_left_under_another_key_is_named_with_what_differs(capsys):
    class Left(Exception):
        pass

    with pytest.raises(Left), checkpoint("run", {"settings": {"rate": 1, "batch": 8}, "seed": 0}) as saved:
        saved.save({"epoch": 1})
        raise Left
    with checkpoint("run", {"settings": {"rate": 2, "batch": 8}, "seed": 0}):
        said = capsys.readouterr().out
    assert f"{saved.file.parent} is left from a run of the same name that differs in settings.rate; " in said
    assert "batch" not in said
    with checkpoint("another-run", {"settings": {"rate": 3}}):
        assert capsys.readouterr().out == ""


def test_a_fixed_encoder_stays_bit_identical_while_the_classifier_learns():
    make_deterministic(0)
    objective = classifier(2, "wae_cnn")
    network = objective.classifier
    network.decomposer.requires_grad_(False)
    before = {name: value.clone() for name, value in network.state_dict().items()}
    with checkpoint("run", {}) as saved:
        fit(
            objective, Pictures(collection(16, 2), "train", 32, 32), recipe(weight_decay=0.01),
            seed=0, device=CPU, bf16=False, checkpoint=saved, title="test",
        )  # fmt: skip
    after = network.state_dict()
    moved = {name for name, value in before.items() if not torch.equal(value, after[name])}
    assert not any(name.startswith("decomposer.") for name in moved)
    assert any(name.startswith("low_features.") for name in moved)


def test_a_diverging_training_says_where_and_at_which_rate():
    with pytest.raises(Diverged, match=r"loss (nan|inf) in epoch 1, batch \d+ of 3, learning rate 1e\+20"):
        train("run", collection(24, 2), recipe(learning_rate=1e20))


def test_the_learning_rate_falls_to_a_tenth_after_the_named_epoch():
    _, rows = train("run", collection(8, 2), recipe(schedule=Milestones(kind="milestones", epochs=[1]), epochs=2))
    assert [row["learning_rate"] for row in rows] == [0.01, pytest.approx(0.001)]


def test_under_dvc_a_finished_training_keeps_its_checkpoint_until_the_lock_file_has_its_stage(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DVC_STAGE", "train@smoke-0")
    folder = tmp_path / "checkpoints"

    def kept() -> list[str]:
        with checkpoint("another", {}):
            pass  # whatever runs next looks
        return sorted(path.name.rpartition("-")[0] for path in folder.iterdir() if path.is_dir())

    with checkpoint("by-hand", {}) as saved:
        saved.save({"epoch": 1})
    with checkpoint("run", {}, stored_by_dvc=True) as saved:
        saved.save({"epoch": 9})
    assert kept() == ["run"]
    (tmp_path / "dvc.lock").write_text("stages:\n  train@smoke-1:\n    cmd: x\n")
    assert kept() == ["run"]
    with checkpoint("run", {}, stored_by_dvc=True) as saved:  # DVC could not store it: the training is not repeated
        assert saved.load() == {"epoch": 9}
    (tmp_path / "dvc.lock").write_text("stages:\n  train@smoke-0:\n    cmd: x\n")
    os.utime(tmp_path / "dvc.lock", (1, 1))  # an entry of an earlier run
    assert kept() == ["run"]
    os.utime(tmp_path / "dvc.lock")
    assert kept() == []


def test_how_often_the_loss_is_looked_at_changes_no_bit(monkeypatch):
    data = collection(40, 2)
    often, often_rows = train("often", data, recipe())
    monkeypatch.setattr(loop, "BATCHES_BETWEEN_LOOKS", {"cpu": 2})  # of five batches; the last is looked at anyhow
    seldom, seldom_rows = train("seldom", data, recipe())
    assert often_rows == seldom_rows
    assert all(map(torch.equal, often.state_dict().values(), seldom.state_dict().values()))


def test_nobody_waits_for_the_numbers_of_a_batch_between_two_looks(monkeypatch):
    read, sums = [], loop._Progress.sums
    monkeypatch.setattr(loop._Progress, "sums", lambda self: (read.append(self.batch), sums(self))[1])
    monkeypatch.setattr(loop, "BATCHES_BETWEEN_LOOKS", {"cpu": 4})
    train("run", collection(48, 2), recipe(epochs=1))
    # A look at 4 and at the end of the epoch, which is then closed and saved.
    assert read == [4, 6, 6, 0]


def test_a_divergence_between_two_looks_is_found_at_the_next(monkeypatch):
    monkeypatch.setattr(loop, "BATCHES_BETWEEN_LOOKS", {"cpu": 50})
    with pytest.raises(Diverged, match=r"loss (nan|inf) in epoch 1, batch 3 of 3, learning rate 1e\+20"):
        train("run", collection(24, 2), recipe(learning_rate=1e20))


def test_each_batch_is_under_way_before_the_one_in_front_is_computed():
    order = []

    def batches():
        for number in range(3):
            order.append(f"made {number}")
            yield torch.tensor([number]), torch.tensor([number])

    for images, _ in loop._ahead(batches(), CPU):
        order.append(f"computed {int(images)}")
    assert order == ["made 0", "made 1", "computed 0", "made 2", "computed 1", "computed 2"]
    assert list(loop._ahead([], CPU)) == []
