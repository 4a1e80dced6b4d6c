import pytest

from study.training.schedule import Plateau, Steps


def decisions(schedule, errors):
    return [schedule.after(epoch, error) for epoch, error in enumerate(errors, start=1)]


def test_steps_drop_after_the_named_epochs():
    assert decisions(Steps((2, 4)), [9, 9, 9, 9, 9]) == ["go on", "drop", "go on", "drop", "go on"]


def test_a_falling_error_is_no_plateau():
    assert set(decisions(Plateau(patience=1, improvement=0.1, times=1), [50, 40, 30, 20, 10])) == {"go on"}


def test_a_plateau_longer_than_patience_drops_and_one_too_many_ends_the_training():
    rule = Plateau(patience=1, improvement=0.5, times=1)
    assert decisions(rule, [50, 49.8, 49.6, 49.7, 49.9]) == ["go on", "go on", "drop", "go on", "stop"]


def test_without_drops_the_first_plateau_ends_the_training():
    assert decisions(Plateau(patience=1, improvement=0.1, times=0), [5, 5, 5]) == ["go on", "go on", "stop"]


@pytest.mark.parametrize("cut", [1, 2, 3, 4])
def test_a_restored_rule_decides_as_the_interrupted_one_would(cut):
    errors = [50, 49.8, 49.6, 49.7, 49.9]
    whole = Plateau(patience=1, improvement=0.5, times=1)
    expected = decisions(whole, errors)
    first, second = (Plateau(patience=1, improvement=0.5, times=1) for _ in range(2))
    decided = decisions(first, errors[:cut])
    second.restore(first.state())
    assert decided + decisions(second, errors[cut:]) == expected
