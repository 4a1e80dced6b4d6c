import numpy as np
import pytest

from study.measures.statistics import ratio_interval


def test_an_exact_ratio_has_a_point_interval_even_when_the_machine_drifts():
    fast = np.linspace(10, 20, 40)
    low, high = ratio_interval(3 * fast, fast)
    assert low == pytest.approx(3.0)
    assert high == pytest.approx(3.0)
