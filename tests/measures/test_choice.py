"""The rule by which a search chooses, on tables that can be followed by hand."""

import pytest

from study.measures.choice import Validated, choose, mean, near, validated
from study.settings.errors import InvalidData


def table(**rows: list[float]) -> dict[str, dict[str, Validated]]:
    """Rows by the errors of the candidates a, b, c, with a standard error of 2 points each."""
    return {
        row: {name: Validated(error, 2.0) for name, error in zip("abc", errors, strict=True)}
        for row, errors in rows.items()
    }


def test_a_row_takes_its_lowest_error_if_no_other_comes_near():
    assert choose(table(full=[30, 20, 25], half=[40, 47, 50])) == {"full": "b", "half": "a"}


def test_a_tie_goes_to_the_candidate_that_is_near_for_most_rows():
    assert choose(table(full=[20, 21.9, 30], half=[40, 30, 40], ca=[50, 40, 50])) == dict.fromkeys(
        ("full", "half", "ca"), "b"
    )


def test_a_candidate_further_off_than_a_standard_error_is_no_tie():
    assert choose(table(full=[20, 22.1, 30], half=[40, 30, 40], ca=[50, 40, 50]))["full"] == "a"


def test_rows_that_can_all_have_one_value_have_one_value():
    found = choose(table(full=[20, 21, 21.5], half=[31.5, 30, 31], ca=[41.5, 41, 40]))
    assert set(found.values()) == {"b"}  # near everywhere, as all are; the lowest mean


def test_equal_candidates_go_to_the_first():
    assert choose(table(full=[20, 20, 20])) == {"full": "a"}


def test_a_row_that_was_not_tried_with_every_candidate_is_named():
    rows = table(full=[1, 2, 3], half=[1, 2, 3])
    del rows["half"]["c"]
    with pytest.raises(InvalidData, match=r"^half: tried with \['a', 'b'\], others with \['a', 'b', 'c'\]"):
        choose(rows)


def test_the_standard_error_of_a_quarter_wrong_of_300_images_is_2_and_a_half_points():
    assert validated(25.0, 300) == Validated(25.0, 2.5)
    assert near({"a": validated(25.0, 300), "b": validated(27.5, 300), "c": validated(27.51, 300)}) == {"a", "b"}


def test_the_standard_error_of_a_mean_of_two_equally_large_sets_is_smaller_by_the_root_of_two():
    found = mean([Validated(20, 3.0), Validated(30, 4.0)])
    assert (found.error_percent, found.standard_error) == (25, 2.5)
