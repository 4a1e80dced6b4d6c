"""The rule of convergence: half the epochs against all of them."""

import pytest

from study.measures.convergence import Convergence
from study.stages.convergence import rows


@pytest.mark.parametrize(
    ("half", "whole", "converged"), [(30.9, 30.0, True), (31.0, 30.0, False), (29.1, 30.0, True), (29.0, 30.0, False)]
)
def test_a_row_has_converged_if_its_error_moves_by_less_than_a_point_up_or_down(half, whole, converged):
    assert Convergence(half, whole, 5.0).converged is converged


def test_rows_are_joined_by_name_and_one_without_both_errors_is_left_out():
    def one(row, error):
        return {"row": row, "top1_error_percent": error, "training_error_percent": 4.0}

    half = [one("half", 40.0), one("full", 30.0), {"row": "ca", "outcome": "diverged"}]
    whole = [{"row": "wae", "outcome": "trained"}, one("full", 27.5), one("half", 39.5), one("ca", 33.0)]
    assert rows(half, whole) == {
        "full": {
            "half_error_percent": 30.0,
            "whole_error_percent": 27.5,
            "training_error_percent": 4.0,
            "moved_points": 2.5,
            "converged": False,
        },
        "half": {
            "half_error_percent": 40.0,
            "whole_error_percent": 39.5,
            "training_error_percent": 4.0,
            "moved_points": 0.5,
            "converged": True,
        },
    }
