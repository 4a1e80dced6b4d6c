"""The paper's claims on its own numbers, and on measured ones made in the test."""

import json

import numpy as np
import pytest

from study.judging import claims, predicates
from study.judging.claims import NEEDS_DATA, NEEDS_HARDWARE, ON_THE_METRIC
from study.judging.evidence import Printed
from study.judging.measured import Measured
from study.judging.predicates import CANNOT_TELL, FAILS, HOLDS
from study.judging.results import Results
from study.paper import tables as paper
from study.paper.tables import Cell, Table
from study.rendering import claims as page
from study.rendering import markdown, terminal
from tests.made import measured, missed, places, results

TABLES = paper.tables()
CLAIMS = {claim["id"]: claim for claim in claims.read()}
CELLS = {cell.key: (table, cell) for table in TABLES for cell in table.cells}
ON_PAPER = {
    claim.id: claim.on_the_papers_numbers for claim in claims.claims(claims.read(), TABLES, {}, {}, "desk").claims
}

ERROR = "top5_error_percent"
NOISES = ("V=0", "V=0.01", "V=0.02", "V=0.05", "V=0.1")


def timed(quantity: str, **found: tuple[float, float, float]) -> dict:
    """method=(value, low, high), with the interval that a time or a ratio of times has."""
    return {
        ("", "vgg16", method, quantity, ""): Measured(
            value, "time", "Some Processor, 1 thread", {"repeats": (low, high)}
        )
        for method, (value, low, high) in found.items()
    }


def judged(*found: Results, alone: str = "", more: dict | None = None, deviations=("network.width",)) -> dict:
    """All claims by id, or the one that stands alone in its family."""
    predicates = [CLAIMS[alone]] if alone else claims.read()
    numbers = measured(*found, deviations=deviations) | (more or {})
    return {one.id: one for one in claims.claims(predicates, TABLES, numbers, places(*found), "desk").claims}


def here(id_: str, *found: Results, more: dict | None = None) -> claims.Claim:
    return judged(*found, alone=id_, more=more)[id_]


def words(claim: claims.Claim) -> dict[str, str]:
    return {error: finding.outcome for error, finding in claim.here.items()}


def printed(**texts: str) -> Printed:
    """Cells a, b, ... with a printed text each."""
    table = Table("table_1", 1, "", "objects", "vgg16", {ERROR: "lower"}, ())
    return Printed({name: (table, Cell("", name, name, ERROR, "", text, "", "")) for name, text in texts.items()})


# On the paper's own numbers


def test_on_the_papers_own_numbers_36_claims_hold_3_fail_and_1_cannot_be_told():
    by_outcome = {
        outcome: {id_ for id_, finding in ON_PAPER.items() if finding.outcome == outcome}
        for outcome in (HOLDS, FAILS, CANNOT_TELL)
    }
    assert len(by_outcome[HOLDS]) == 36
    assert by_outcome[FAILS] == {"wavelet-faster-on-gpu", "taylor-2-faster-on-cpu", "noise-margin-grows-with-v"}
    assert by_outcome[CANNOT_TELL] == {"wae-cnn-faster-than-thinet-30-on-cpu"}


@pytest.mark.parametrize(
    ("id_", "numbers"),
    [
        ("decomposition-worse-than-wae-cnn", ("12.98 - 11.87 = 1.11 > 0",)),
        ("wavelet-faster-on-gpu", ("2.67 - 2.37 = 0.30, not < 0",)),
        ("cpu-speedup-below-bound", ("3.13 < 3.76",)),
        ("resnet-1.88-times-faster-for-0.8-points", ("1.88 ≈ 1.88", "9.66 - 8.86 = 0.80 ≈ 0.8")),
        ("thinet-tiny-much-faster", ("(411.63 - 116.25) - 116.25 = 179.13 > 0", "1.32 - 2.37 = -1.05 < 0")),
        ("wae-cnn-faster-than-thinet-30-on-cpu", ("table_5/ThiNet-30/cpu_speedup has no printed number",)),
    ],
)
def test_an_outcome_shows_the_numbers_behind_it(id_, numbers):
    assert ON_PAPER[id_].numbers == numbers


def test_a_margin_that_grows_shows_every_step():
    assert ON_PAPER["noise-margin-grows-with-v"].numbers == (
        "(91.16 - 90.22) - (96.13 - 95.91) = 0.72 > 0",
        "(83.85 - 80.00) - (91.16 - 90.22) = 2.91 > 0",
        "(55.91 - 45.10) - (83.85 - 80.00) = 6.96 > 0",
        "(23.88 - 14.31) - (55.91 - 45.10) = -1.24, not > 0",
    )


@pytest.mark.parametrize(
    ("relation", "below", "same", "above"),
    [
        ("less_than", HOLDS, FAILS, FAILS),
        ("greater_than", FAILS, FAILS, HOLDS),
        ("at_most", HOLDS, HOLDS, FAILS),
        ("at_least", FAILS, HOLDS, HOLDS),
        ("equals", FAILS, HOLDS, FAILS),
    ],
)
def test_printed_differences_are_decimal_and_meet_a_threshold_exactly(relation, below, same, above):
    # In binary, 0.3 - 0.2 is less than 0.1.
    for text, outcome in (("0.1", below), ("0.3", same), ("0.5", above)):
        predicate = {"kind": "compare", "value": {"of": "a", "minus": "b"}, relation: 0.1}
        assert predicates.printed(predicate, printed(a=text, b="0.2")).outcome == outcome


@pytest.mark.parametrize(("text", "outcome"), [("0.76", HOLDS), ("0.84", HOLDS), ("0.86", FAILS), ("0.74", FAILS)])
def test_a_number_equals_the_one_of_a_claim_if_it_rounds_to_it(text, outcome):
    assert predicates.printed({"kind": "compare", "value": "a", "equals": 0.8}, printed(a=text)).outcome == outcome


def test_a_number_may_stand_on_either_side():
    assert predicates.printed({"kind": "compare", "value": 3, "less_than": "a"}, printed(a="3.13")).outcome == HOLDS
    assert predicates.printed({"kind": "compare", "value": 3.2, "less_than": "a"}, printed(a="3.13")).outcome == FAILS


def test_one_part_that_fails_decides_and_one_that_cannot_be_told_keeps_the_whole_open():
    parts = {
        HOLDS: {"kind": "compare", "value": "a", "less_than": "b"},
        FAILS: {"kind": "compare", "value": "b", "less_than": "a"},
        CANNOT_TELL: {"kind": "compare", "value": "a", "less_than": "empty"},
    }
    for outcomes, whole in (
        ((HOLDS, HOLDS), HOLDS),
        ((HOLDS, CANNOT_TELL), CANNOT_TELL),
        ((CANNOT_TELL, FAILS), FAILS),
        ((FAILS, HOLDS), FAILS),
    ):
        predicate = {"kind": "all", "claims": [parts[outcome] for outcome in outcomes]}
        assert predicates.printed(predicate, printed(a="1", b="2", empty="")).outcome == whole


def test_accuracies_that_are_compared_come_from_one_test_set():
    def predicates(predicate):
        parts = predicate.get("claims", [predicate])
        return [predicate] if parts == [predicate] else [one for part in parts for one in predicates(part)]

    for predicate in (one for claim in CLAIMS.values() for one in predicates(claim)):
        text = json.dumps(predicate)
        named = [(table, cell) for key, (table, cell) in CELLS.items() if f'"{key}"' in text]
        kinds = {cell.quantity in (ERROR, "accuracy_percent") for _, cell in named}
        assert len(kinds) == 1, text
        assert kinds == {False} or len({(table.dataset, table.backbone) for table, _ in named}) == 1, text


# On measured errors

BEATS_HALF = "wae-cnn-beats-half-resolution"


def test_a_measured_difference_that_is_clear_holds_or_fails_in_both_errors():
    claim = here(BEATS_HALF, results({"wae_cnn": 20.0, "half": 30.0}))
    assert words(claim) == {"top1": HOLDS, "top5": HOLDS}
    (text,) = claim.here["top5"].numbers
    assert text.startswith("20.00 - 30.00 = -10.00 (95 % interval -1")
    assert text.endswith(" < 0")
    assert claim.in_this_experiment == HOLDS
    assert claim.of_the_papers_claim == "direction reproduced on other data"
    swapped = here(BEATS_HALF, results({"wae_cnn": 30.0, "half": 20.0}))
    assert (swapped.in_this_experiment, swapped.of_the_papers_claim) == (
        FAILS,
        "direction not reproduced on other data",
    )


def test_a_measured_difference_that_chance_can_make_cannot_be_told():
    claim = here(BEATS_HALF, results({"wae_cnn": 20.0, "half": 20.2}))
    assert claim.in_this_experiment == CANNOT_TELL
    assert claim.here["top1"].numbers[0].endswith("not clear of 0")


def test_the_interval_is_set_against_the_threshold_and_not_against_zero():
    drastic = "half-resolution-loses-drastically"
    assert here(drastic, results({"half": 23.0, "full": 20.0})).in_this_experiment == CANNOT_TELL
    assert here(drastic, results({"half": 30.0, "full": 20.0})).in_this_experiment == HOLDS


def test_networks_are_paired_on_the_same_images():
    # 20.0 % against 22.0 % of 1000 images: apart if the images are the same, not if the second network's are others.
    same = results({"wae_cnn": 20.0, "half": 22.0})
    assert here(BEATS_HALF, same).in_this_experiment == HOLDS
    others = results({"wae_cnn": 20.0, "half": dict.fromkeys((0, 1, 2), missed(22)[::-1])})
    assert here(BEATS_HALF, others).in_this_experiment == CANNOT_TELL


def test_seeds_that_disagree_leave_a_claim_open_however_many_images_there_are():
    rows = {"wae_cnn": {0: 10.0, 1: 20.0, 2: 30.0}, "half": 25.0}
    assert here(BEATS_HALF, results(rows, images=20_000)).in_this_experiment == CANNOT_TELL


def test_a_network_is_not_better_than_itself():
    same = {0: 20.0, 1: 22.0, 2: 24.0}
    assert here(BEATS_HALF, results({"wae_cnn": same, "half": same})).in_this_experiment == CANNOT_TELL


def test_a_claim_that_the_two_errors_decide_differently_depends_on_the_metric():
    # Of ours fewer are wrong at the first guess, and more at the fifth.
    ours = np.where(np.arange(1000) < 100, 9, 0)
    half = np.where(np.arange(1000) < 300, 1, 0)
    claim = here(
        BEATS_HALF, results({"wae_cnn": dict.fromkeys((0, 1, 2), ours), "half": dict.fromkeys((0, 1, 2), half)})
    )
    assert words(claim) == {"top1": HOLDS, "top5": FAILS}
    assert claim.in_this_experiment == claim.of_the_papers_claim == ON_THE_METRIC


@pytest.mark.parametrize(("classes", "errors"), [(5, ["top1"]), (6, ["top1", "top5"])])
def test_the_top_5_error_of_five_classes_or_fewer_decides_nothing(classes, errors):
    claim = here(BEATS_HALF, results({"wae_cnn": 2.0, "half": 8.0}, classes=classes))
    assert (list(claim.here), claim.in_this_experiment) == (errors, HOLDS)


def test_an_accuracy_counts_the_images_that_are_right_and_is_no_top_5_error():
    claim = here("faces-wae-cnn-beats-vgg16", results({"wae_cnn": 10.0, "full": 20.0}, dataset="faces"))
    assert words(claim) == {"top1": HOLDS}
    assert claim.here["top1"].numbers[0].startswith("90.00 - 80.00 = 10.00 (95 % interval ")


def test_a_margin_may_grow_or_shrink_with_the_noise():
    steps = list(enumerate(NOISES))
    clean = {"full": 20.0, "wae_cnn": 15.0}
    growing = {noise: {"full": 20.0 + 15 * step, "wae_cnn": 15.0 + 8 * step} for step, noise in steps}
    shrinking = {noise: {"full": 60.0, "wae_cnn": 15.0 + 8 * step} for step, noise in steps}
    found = results(clean, growing, dataset="faces")
    assert here("noise-margin-grows-with-v", found).in_this_experiment == HOLDS
    assert here("noise-wae-cnn-better-at-each-v", found).in_this_experiment == HOLDS
    found = results(clean, shrinking, dataset="faces")
    assert here("noise-margin-grows-with-v", found).in_this_experiment == FAILS


# What is lacking, and what is not comparable


def test_a_cell_that_was_not_measured_is_named_once():
    claim = here("both-decompositions-worse-by-a-sizable-margin", results({"wavelet_cnn": 20.0}))
    assert claim.here == {
        "top1": predicates.Finding(
            CANNOT_TELL,
            (
                "table_2/Ours/top5_error_percent is not measured",
                "table_2/Decomposition+CNN/top5_error_percent is not measured",
            ),
        )
    }


def test_a_failed_cell_is_named_with_its_seed_and_reason():
    claim = here(BEATS_HALF, results({"wae_cnn": 20.0, "half": {0: 30.0, 2: 30.0}}, failed={"half": {1: "loss nan"}}))
    assert claim.in_this_experiment == CANNOT_TELL
    assert claim.here["top1"].numbers == ("table_1/VGG16 (112)/top5_error_percent failed: seed 1: loss nan",)


def test_a_time_without_an_interval_decides_nothing():
    time = {("", "vgg16", "wae_cnn", "cpu_speedup", ""): Measured(3.5, "time", "x")}
    claim = here("cpu-speedup-close-to-bound", more=time)
    assert claim.here[""].numbers == ("table_2/Ours/cpu_speedup has no interval",)


def test_an_exact_number_of_the_paper_never_holds_for_other_hardware():
    claim = here("cpu-speedup-is-3.13", more=timed("cpu_speedup", wae_cnn=(3.13, 3.13, 3.13)))
    assert claim.in_this_experiment == CANNOT_TELL
    assert claim.here[""].numbers[0].endswith("; other hardware")


def test_an_exact_number_of_the_paper_never_holds_for_other_data_or_settings():
    # 22 of 10,000 images: the difference is 0.22 to the digit.
    claim = here("loss-is-0.22", results({"wae_cnn": 10.22, "full": 10.0}, images=10_000))
    assert claim.in_this_experiment == CANNOT_TELL
    assert claim.of_the_papers_claim == NEEDS_DATA
    assert claim.here["top1"].numbers[0].endswith("; other data, other settings")


@pytest.mark.parametrize(
    ("wae_cnn", "half", "full"), [(90.0, 10.0, 10.0), (10.0, 90.0, 10.0), (10.0, 10.0, 80.0), (50.0, 50.5, 50.2)]
)
def test_a_claim_about_a_number_or_hardware_is_never_failed_by_other_data_or_hardware(wae_cnn, half, full):
    rows = {"wae_cnn": wae_cnn, "half": half, "full": full, "wavelet_cnn": 10.0, "decomposition_cnn": 10.0}
    rows |= {"taylor_1": 10.0, "taylor_2": 10.0, "thinet_tiny": 10.0, "wae_cnn_no_ft": 10.0}
    times = timed("cpu_speedup", wae_cnn=(1.0, 0.9, 1.1), taylor_1=(9.0, 8.0, 10.0), taylor_2=(0.5, 0.4, 0.6))
    found = judged(results(rows, classes=100), more=times)
    assert FAILS in {one.in_this_experiment for one in found.values() if one.about != "direction"}
    for one in found.values():
        if one.about != "direction":
            assert one.of_the_papers_claim == {"number": NEEDS_DATA, "hardware": NEEDS_HARDWARE}[one.about]


# On measured times and counts


@pytest.mark.parametrize(("interval", "outcome"), [((3.1, 3.3), HOLDS), ((2.9, 3.3), CANNOT_TELL), ((2.5, 2.9), FAILS)])
def test_a_speed_up_is_set_against_a_threshold_with_its_interval(interval, outcome):
    claim = here("cpu-speedup-close-to-bound", more=timed("cpu_speedup", wae_cnn=(sum(interval) / 2, *interval)))
    assert claim.in_this_experiment == outcome


def test_two_speed_ups_differ_where_their_intervals_do():
    gpu = timed("gpu_speedup", wae_cnn=(2.6, 2.5, 2.7))
    apart = here("gpu-speedup-below-cpu-speedup", more=gpu | timed("cpu_speedup", wae_cnn=(3.0, 2.8, 3.2)))
    assert apart.here[""] == predicates.Finding(HOLDS, ("2.60 - 3.00 = -0.40 (95 % interval -0.70 to -0.10) < 0",))
    overlapping = gpu | timed("cpu_speedup", wae_cnn=(3.0, 2.65, 3.3))
    assert here("gpu-speedup-below-cpu-speedup", more=overlapping).in_this_experiment == CANNOT_TELL


def test_times_differ_where_their_intervals_do():
    apart = here("wavelet-faster-on-cpu", more=timed("cpu_ms", wavelet_cnn=(390, 385, 395), wae_cnn=(410, 400, 420)))
    assert apart.here[""] == predicates.Finding(HOLDS, ("390.0 - 410.0 = -20.00 (95 % interval -35.00 to -5.00) < 0",))
    overlapping = timed("cpu_ms", wavelet_cnn=(390, 380, 405), wae_cnn=(410, 400, 420))
    assert here("wavelet-faster-on-cpu", more=overlapping).in_this_experiment == CANNOT_TELL


def test_counts_are_exact():
    counted = {
        ("", "vgg16", method, "flops_billion", ""): Measured(value, "count", "counted")
        for method, value in (("wae_cnn", 4.38), ("full", 15.47))
    }
    fewer = {
        "id": "fewer",
        "claim": "",
        "where": "",
        "about": "number",
        "kind": "compare",
        "value": "table_1/Ours/flops_billion",
        "less_than": "table_1/VGG16 (224)/flops_billion",
    }
    (claim,) = claims.claims([fewer], TABLES, counted, {}, "desk").claims
    assert claim.here[""] == predicates.Finding(HOLDS, ("4.38 - 15.47 = -11.09 < 0",))


# What is shown


@pytest.fixture
def some_claims():
    found = results({"wae_cnn": 20.0, "half": 40.0}, not_converged={"half": 2.5})
    return claims.claims(claims.read(), TABLES, measured(found), places(found), "desk")


def test_the_summary_counts_both_sides(some_claims):
    assert some_claims.summary == (
        "On the paper's own numbers 36 of 40 hold, 3 fail and 1 cannot be told; in this experiment 1 hold, 0 fail, "
        "0 depend on the metric or the machine and 39 cannot be told."
    )


def test_a_claim_says_what_it_is_about(some_claims):
    about = [claim.about for claim in some_claims.claims]
    assert {word: about.count(word) for word in about} == {"direction": 17, "number": 8, "hardware": 15}


def test_the_page_has_a_row_a_claim_with_both_outcomes_and_their_numbers(some_claims):
    text = markdown.page(page.page(some_claims))
    rows = [line for line in text.splitlines() if line.startswith("| ")][1:]
    assert len(rows) == len(CLAIMS)
    (row,) = [row for row in rows if row.startswith("| wae-cnn-beats-half-resolution |")]
    assert "| Introduction | direction | holds | 11.87 - 15.73 = -3.86 < 0 | holds | direction reproduced on" in row
    assert r"| top-1: 20.00 - 40.00 = -20.00 (" in row
    assert r" \| top-5: 20.00 - 40.00 = -20.00 (" in row
    assert "| VGG16 at half side not converged: half the epochs move its error by 2.5 points |" in row
    assert some_claims.summary in text


def test_the_terminal_has_every_claim_in_columns(some_claims):
    lines = {line.split()[0]: line for line in terminal.page(page.page(some_claims)).splitlines() if line}
    assert set(CLAIMS) <= set(lines)
    assert lines["wae-cnn-beats-half-resolution"].split()[1:6] == ["holds", "holds", "direction", "reproduced", "on"]
    outcome_starts = {lines[id_].index(ON_PAPER[id_].outcome, len(id_)) for id_ in CLAIMS}
    assert len(outcome_starts) == 1
