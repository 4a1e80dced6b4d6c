"""A table in a pipe."""

from study.rendering.section import Section, plain


def test_columns_are_aligned_text_to_the_left_and_numbers_to_the_right():
    rows = [["row", "why", "error"], ["wae_cnn", "a", "4.10"], ["half", "bcd", "12.00"]]
    assert plain(Section("Errors", rows, ["Before."], ["Behind."], left=2)).splitlines() == [
        "Errors",
        "",
        "Before.",
        "",
        "row   why  error",
        "----  ---  -----",
        "ours  a     4.10",
        "half  bcd  12.00",
        "",
        "Behind.",
    ]
