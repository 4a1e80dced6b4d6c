"""The rule of stage 1, on logs made by hand."""

import pytest

from study.measures.flattening import of_log


def log(psnr_db: list[float], ratio: float = 0.001) -> list[dict[str, str]]:
    """A log as it is read from its file: text."""
    return [{"psnr_db": str(value), "energy_low": "200.0", "energy_high": str(200 * ratio)} for value in psnr_db]


def test_a_long_flat_end_above_35_db_with_little_energy_is_flattened():
    found = of_log(log([20, 25, 30, 33, 35, 36, 36.5, 36.8, 36.9, 37.0]))
    assert found.flattened
    assert (found.psnr_db, found.energy_ratio) == (37.0, pytest.approx(0.001))
    assert found.last_fifth_gain_db == pytest.approx(37.0 - 36.8)  # the last two of ten epochs


@pytest.mark.parametrize(
    "rows",
    [
        log([20, 25, 30, 33, 34, 34.5, 34.7, 34.8, 34.9, 34.99]),  # flat, but too low
        log([20, 25, 30, 33, 35, 36, 36.5, 36.8, 36.9, 37.31]),  # high, but rising
        log([36.0, 36.8, 36.9, 37.0, 37.0], ratio=0.011),  # half of the image is in I_H
        log([37.0]),  # nothing to compare with
        [],
    ],
)
def test_what_lacks_one_of_the_three_is_not_flattened(rows):
    assert not of_log(rows).flattened


def test_the_last_fifth_is_rounded_up():
    assert of_log(log([30, 31, 33, 36, 40, 45, 51])).last_fifth_gain_db == 51 - 40  # two of seven epochs


def test_a_log_with_a_perfect_reconstruction_or_no_low_channel_gives_no_number_for_it():
    assert of_log(log([40, float("inf")])).psnr_db is None
    assert of_log([{"psnr_db": 40.0, "energy_low": 0.0, "energy_high": 1.0}] * 5).energy_ratio is None
