"""What counts as better and as worse between two stored results."""

import pytest

from study.judging.differences import (
    APPEARED,
    CHANGED,
    GOT_BETTER,
    GOT_WORSE,
    VANISHED,
    Difference,
    Stored,
    differences,
    got_worse,
    stored,
)


def cell(value: float | None, quantity: str = "top1_error_percent", verdict: str = "not comparable", **more) -> dict:
    verdict = "missing" if value is None and verdict == "not comparable" else verdict
    intervals = more.pop("intervals", {"seeds and units": [28.0, 32.0], "repeats": [29.0, 31.0]})
    basis = more.pop("basis", "desk, photographs")
    return {
        "cell": f"table_1/Ours/{quantity}",
        "quantity": quantity,
        "measured": value,
        "intervals": intervals if value is not None else {},
        "basis": basis if value is not None else None,
        "verdict": verdict,
        "reason": more.pop("reason", ""),
    }


def claim(here: str, on_paper: str = "holds") -> dict:
    return {
        "id": "ours-is-better",
        "on_the_papers_numbers": {"outcome": on_paper, "numbers": []},
        "in_this_experiment": here,
        "here": {"top1": {"outcome": here, "numbers": ["1 - 2 = -1 < 0"]}},
    }


def one(before: dict | None, after: dict | None) -> Difference | None:
    """The difference of two results that hold one cell or claim at most."""

    def result(entry: dict | None) -> Stored:
        entries = [entry] if entry else []
        return stored(
            [{"cells": [entry for entry in entries if "cell" in entry]}],
            {"claims": [entry for entry in entries if "id" in entry]},
        )

    found = differences(result(before), result(after))
    assert len(found) <= 1
    return found[0] if found else None


def kind(before: dict | None, after: dict | None) -> str | None:
    found = one(before, after)
    return found.kind if found else None


@pytest.mark.parametrize(
    ("now", "expected"), [(30.0, None), (31.9, CHANGED), (28.1, CHANGED), (32.1, GOT_WORSE), (27.9, GOT_BETTER)]
)
def test_an_error_is_worse_only_above_the_widest_stored_interval(now, expected):
    assert kind(cell(30.0), cell(now)) == expected


@pytest.mark.parametrize("quantity", ["accuracy_percent", "cpu_speedup", "gpu_speedup"])
def test_of_an_accuracy_or_a_speedup_less_is_worse(quantity):
    assert kind(cell(30.0, quantity), cell(27.0, quantity)) == GOT_WORSE
    assert kind(cell(30.0, quantity), cell(33.0, quantity)) == GOT_BETTER


def test_without_an_interval_every_printed_digit_counts():
    before = cell(4.381, "flops_billion", intervals={})
    assert kind(before, cell(4.384, "flops_billion", intervals={})) is None
    assert kind(before, cell(4.39, "flops_billion", intervals={})) == GOT_WORSE
    assert kind(before, cell(4.37, "flops_billion", intervals={})) == GOT_BETTER


def test_numbers_from_other_data_or_hardware_are_not_compared():
    assert kind(cell(30.0), cell(90.0, basis="desk, folder")) == CHANGED


def test_what_was_measured_and_is_not_any_more_has_vanished_and_says_why():
    assert kind(cell(30.0), cell(None)) == VANISHED
    failed = one(cell(30.0), cell(None, verdict="failed", reason="seed 1: loss nan"))
    assert (failed.kind, failed.before, failed.after, failed.why) == (
        VANISHED,
        "30.00",
        "failed",
        "failed: seed 1: loss nan",
    )
    assert kind(cell(30.0), None) == VANISHED


def test_what_was_missing_and_is_measured_has_appeared():
    assert kind(cell(None), cell(30.0)) == APPEARED
    assert kind(None, cell(30.0)) == APPEARED
    assert kind(cell(None), cell(None)) is None


def test_missing_and_failed_are_two_things():
    assert kind(cell(None), cell(None, verdict="failed", reason="seed 1: loss nan")) == CHANGED


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("match", "inconclusive", GOT_WORSE),
        ("inconclusive", "differs (worse)", GOT_WORSE),
        ("match", "differs", GOT_WORSE),
        ("differs", "match", GOT_BETTER),
        ("inconclusive", "differs (better)", GOT_BETTER),
        ("match", "differs (better)", CHANGED),
        ("no printed number", "not comparable", CHANGED),
    ],
)
def test_a_verdict_has_an_order(before, after, expected):
    assert kind(cell(30.0, verdict=before), cell(30.0, verdict=after)) == expected


def test_a_change_of_words_does_not_hide_a_worse_number():
    assert kind(cell(30.0, verdict="no printed number"), cell(40.0, verdict="not comparable")) == GOT_WORSE


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("holds", "holds", None),
        ("holds", "cannot tell", GOT_WORSE),
        ("holds", "fails", GOT_WORSE),
        ("cannot tell", "fails", GOT_WORSE),
        ("fails", "cannot tell", GOT_BETTER),
        ("cannot tell", "holds", GOT_BETTER),
    ],
)
def test_a_claim_goes_from_holds_through_cannot_tell_to_fails(before, after, expected):
    assert kind(claim(before), claim(after)) == expected


@pytest.mark.parametrize("word", ["depends on the metric", "depends on the machine"])
def test_a_claim_that_comes_to_depend_on_something_has_changed_and_is_neither(word):
    assert kind(claim("holds"), claim(word)) == CHANGED
    assert kind(claim(word), claim("fails")) == CHANGED


def test_a_claim_on_the_papers_own_numbers_changes_and_is_neither():
    assert kind(claim("holds"), claim("holds", on_paper="fails")) == CHANGED


def test_what_got_worse_comes_first_and_decides():
    before = stored([{"cells": [cell(30.0), cell(3.0, "cpu_speedup", intervals={})]}], {"claims": []})
    after = stored([{"cells": [cell(31.0), cell(2.0, "cpu_speedup", intervals={})]}], {"claims": []})
    found = differences(before, after)
    assert [one.kind for one in found] == [GOT_WORSE, CHANGED]
    assert got_worse(found)
    assert not got_worse(found[1:])
    assert differences(before, before) == []
    assert got_worse(differences(before, stored([], {"claims": []})))
