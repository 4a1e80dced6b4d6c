"""Laws of the learning rate: when it falls, when a training ends, and that an interruption changes neither."""

import io

import pytest
import torch

from study.settings.parameters.training import Constant, Milestones, OneCycle, Plateau
from study.training.schedule import Rates

CONSTANT = Constant(kind="constant")


def milestones(*epochs: int) -> Milestones:
    return Milestones(kind="milestones", epochs=list(epochs))


def plateau(**values) -> Plateau:
    return Plateau(kind="plateau", **{"patience": 1, "improvement": 0.1, "times": 1, **values})


def rates(schedule, batches: int = 6, **values) -> Rates:
    optimiser = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
    return Rates(optimiser, schedule, 1.0, batches, **values)


def epoch(rates: Rates, error: float, batches: int = 1) -> tuple[float, bool]:
    """The rate and whether the training goes on, behind an epoch with an error."""
    for _ in range(batches):
        rates.optimiser.step()
        rates.after_batch()
    goes_on = rates.after_epoch(error)
    return rates.rate, goes_on


def falls(schedule, errors, **values) -> list[str]:
    """What comes behind every epoch: "go on", "drop" to a tenth of the rate, or "stop"."""
    found, made = [], rates(schedule, **values)
    for error in errors:
        before = made.rate
        rate, goes_on = epoch(made, error)
        assert rate in (before, pytest.approx(before / 10))
        found.append("stop" if not goes_on else "go on" if rate == before else "drop")
    return found


def test_a_constant_rate_stays():
    assert falls(CONSTANT, [9, 9, 9]) == ["go on"] * 3


def test_milestones_drop_the_rate_after_the_named_epochs():
    assert falls(milestones(2, 4), [9, 9, 9, 9, 9]) == ["go on", "drop", "go on", "drop", "go on"]


def test_a_falling_error_is_no_plateau():
    assert set(falls(plateau(), [50, 40, 30, 20, 10])) == {"go on"}


def test_a_plateau_longer_than_patience_drops_and_one_too_many_ends_the_training():
    errors = [50, 49.8, 49.6, 49.7, 49.9]
    assert falls(plateau(improvement=0.5), errors) == ["go on", "go on", "drop", "go on", "stop"]


def test_without_drops_the_first_plateau_ends_the_training():
    assert falls(plateau(times=0), [5, 5, 5]) == ["go on", "go on", "stop"]


def test_no_plateau_counts_before_something_is_learned():
    assert falls(plateau(times=0), [95, 95, 95, 95, 80, 80, 80], learned=90.0) == ["go on"] * 6 + ["stop"]


def test_a_cycle_rises_to_its_peak_by_the_share_of_warm_up_and_ends_near_zero():
    made = rates(OneCycle(kind="one_cycle", warm_up=0.25), batches=40)
    seen = [made.rate]
    for _ in range(39):
        made.optimiser.step()
        made.after_batch()
        seen.append(made.rate)
    assert seen[0] == pytest.approx(1 / 25)
    assert seen.index(max(seen)) == 9  # a quarter of 40 batches, counted from 0
    assert max(seen) == pytest.approx(1.0)
    assert seen[:10] == sorted(seen[:10])
    assert seen[9:] == sorted(seen[9:], reverse=True)
    assert seen[-1] < 1e-4


@pytest.mark.parametrize("schedule", [CONSTANT, milestones(2, 4), plateau(improvement=0.5), OneCycle(
    kind="one_cycle", warm_up=0.3
)], ids=lambda each: each.kind)  # fmt: skip
@pytest.mark.parametrize("cut", [1, 2, 3, 4])
def test_a_restored_schedule_goes_on_as_the_interrupted_one_would(schedule, cut):
    errors = [50, 49.8, 49.6, 49.7, 49.9]
    whole = rates(schedule, batches=15)
    expected = [epoch(whole, error, 3) for error in errors]
    first, second = (rates(schedule, batches=15) for _ in range(2))
    before = [epoch(first, error, 3) for error in errors[:cut]]
    file = io.BytesIO()  # as a checkpoint keeps it
    torch.save({"optimiser": first.optimiser.state_dict(), "rates": first.state()}, file)
    file.seek(0)
    kept = torch.load(file, weights_only=True)
    second.optimiser.load_state_dict(kept["optimiser"])
    second.restore(kept["rates"])
    assert before + [epoch(second, error, 3) for error in errors[cut:]] == expected
