"""The paper's claims on its own numbers, and on measured ones made in the test."""

import json

import numpy as np
import pytest

from study.judging import claims
from study.judging.claims import CANNOT_TELL, FAILS, HOLDS, evaluate
from study.judging.evidence import Here, Printed
from study.judging.measured import Measured
from study.paper import tables as paper
from study.paper.tables import Cell, Table
from study.rendering import claims as page
from study.rendering import markdown, terminal

TABLES = paper.tables()
CLAIMS = {claim["id"]: claim for claim in claims.read()}
CELLS = {cell.key: (table, cell) for table in TABLES for cell in table.cells}
ON_PAPER = {claim.id: claim.on_the_papers_numbers for claim in claims.claims(claims.read(), TABLES, {}, "desk").claims}

ERROR = "top5_error_percent"
NOISES = ("V=0", "V=0.01", "V=0.02", "V=0.05", "V=0.1")


def missed(*shares: float, images: int = 1000) -> np.ndarray:
    """(seeds, images): each seed misses the first part of the images, of a given size in percent."""
    return np.array([np.arange(images) < share / 100 * images for share in shares])


def network(
    wrong: np.ndarray, quantity: str = ERROR, classes: int = 1000, basis: str = "desk, photographs"
) -> Measured:
    percent = float(wrong.mean() * 100)
    value = 100 - percent if quantity == "accuracy_percent" else percent
    return Measured(value, "accuracy", basis, classes=classes, wrong=wrong)


def objects(quantity: str = ERROR, **measured: Measured) -> dict:
    return {("objects", "vgg16", method, quantity, ""): value for method, value in measured.items()}


def faces(method: str, wrong: np.ndarray, condition: str = "") -> dict:
    return {("faces", "vgg16", method, "accuracy_percent", condition): network(wrong, "accuracy_percent")}


def timed(quantity: str, **measured: tuple[float, float, float]) -> dict:
    """method=(value, low, high), with the interval that a time or a ratio of times has."""
    return {
        ("", "vgg16", method, quantity, ""): Measured(
            value, "time", "Some Processor, 1 thread", {"repeats": (low, high)}
        )
        for method, (value, low, high) in measured.items()
    }


def here(id_: str, measured: dict) -> claims.Finding:
    return evaluate(CLAIMS[id_], Here(CELLS, measured))


def printed(**texts: str) -> Printed:
    """Cells a, b, ... with a printed text each."""
    table = Table("table_1", 1, "", "objects", "vgg16", {ERROR: "lower"}, ())
    return Printed({name: (table, Cell("", name, name, ERROR, "", text, "", "")) for name, text in texts.items()})


# On the paper's own numbers


def test_on_the_papers_own_numbers_31_claims_hold_3_fail_and_1_cannot_be_told():
    by_outcome = {
        outcome: {id_ for id_, finding in ON_PAPER.items() if finding.outcome == outcome}
        for outcome in (HOLDS, FAILS, CANNOT_TELL)
    }
    assert len(by_outcome[HOLDS]) == 31
    assert by_outcome[FAILS] == {"wavelet-faster-on-gpu", "taylor-2-faster-on-cpu", "noise-margin-grows-with-v"}
    assert by_outcome[CANNOT_TELL] == {"ours-faster-than-thinet-30-on-cpu"}


@pytest.mark.parametrize(
    ("id_", "numbers"),
    [
        ("decomposition-worse-than-ours", ("12.98 - 11.87 = 1.11 > 0",)),
        ("wavelet-faster-on-gpu", ("2.67 - 2.37 = 0.30, not < 0",)),
        ("cpu-speedup-below-bound", ("3.13 < 3.76",)),
        ("resnet-1.88-times-faster-for-0.8-points", ("1.88 ≈ 1.88", "9.66 - 8.86 = 0.80 ≈ 0.8")),
        ("thinet-tiny-much-faster", ("(411.63 - 116.25) - 116.25 = 179.13 > 0", "1.32 - 2.37 = -1.05 < 0")),
        ("ours-faster-than-thinet-30-on-cpu", ("table_5/ThiNet-30/cpu_speedup has no printed number",)),
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
        assert evaluate(predicate, printed(a=text, b="0.2")).outcome == outcome


@pytest.mark.parametrize(("text", "outcome"), [("0.76", HOLDS), ("0.84", HOLDS), ("0.86", FAILS), ("0.74", FAILS)])
def test_a_number_equals_the_one_of_a_claim_if_it_rounds_to_it(text, outcome):
    assert evaluate({"kind": "compare", "value": "a", "equals": 0.8}, printed(a=text)).outcome == outcome


def test_a_number_may_stand_on_either_side():
    assert evaluate({"kind": "compare", "value": 3, "less_than": "a"}, printed(a="3.13")).outcome == HOLDS
    assert evaluate({"kind": "compare", "value": 3.2, "less_than": "a"}, printed(a="3.13")).outcome == FAILS


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
        assert evaluate(predicate, printed(a="1", b="2", empty="")).outcome == whole


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


# On measured accuracies


def test_a_measured_difference_that_is_clear_holds_or_fails():
    measured = objects(wae_cnn=network(missed(20, 21, 20)), half=network(missed(30, 31, 30)))
    finding = here("ours-beats-half-resolution", measured)
    assert finding.outcome == HOLDS
    assert finding.numbers[0].startswith("20.33 - 30.33 = -10.00 (95 % interval -1")
    assert finding.numbers[0].endswith(" < 0")
    swapped = objects(wae_cnn=network(missed(30, 31, 30)), half=network(missed(20, 21, 20)))
    assert here("ours-beats-half-resolution", swapped).outcome == FAILS


def test_a_measured_difference_that_chance_can_make_cannot_be_told():
    finding = here("ours-beats-half-resolution", objects(wae_cnn=network(missed(20)), half=network(missed(20.2))))
    assert finding.outcome == CANNOT_TELL
    assert finding.numbers[0].endswith("not clear of 0")


def test_the_interval_is_set_against_the_threshold_and_not_against_zero():
    clear_of_zero_only = objects(half=network(missed(23)), full=network(missed(20)))
    assert here("half-resolution-loses-drastically", clear_of_zero_only).outcome == CANNOT_TELL
    clear_of_three = objects(half=network(missed(30)), full=network(missed(20)))
    assert here("half-resolution-loses-drastically", clear_of_three).outcome == HOLDS


def test_networks_are_paired_on_the_same_images():
    # 20.0 % against 21.5 % of 1000 images: apart if the images are the same, not if the second network's are others.
    same = objects(wae_cnn=network(missed(20)), half=network(missed(21.5)))
    assert here("ours-beats-half-resolution", same).outcome == HOLDS
    others = objects(wae_cnn=network(missed(20)), half=network(missed(21.5)[:, ::-1]))
    assert here("ours-beats-half-resolution", others).outcome == CANNOT_TELL


def test_seeds_that_disagree_leave_a_claim_open_however_many_images_there_are():
    many = 50_000
    measured = objects(wae_cnn=network(missed(10, 20, 30, images=many)), half=network(missed(25, 25, 25, images=many)))
    assert here("ours-beats-half-resolution", measured).outcome == CANNOT_TELL


def test_a_network_is_not_better_than_itself():
    same = network(missed(20, 22, 24))
    assert here("ours-beats-half-resolution", objects(wae_cnn=same, half=same)).outcome == FAILS


@pytest.mark.parametrize(("classes", "outcome"), [(49, HOLDS), (50, FAILS)])
def test_with_fewer_than_50_classes_the_top_1_error_decides_and_the_text_says_so(classes, outcome):
    top1 = objects(
        "top1_error_percent",
        wae_cnn=network(missed(40), classes=classes),
        half=network(missed(60), classes=classes),
    )
    top5 = objects(wae_cnn=network(missed(20), classes=classes), half=network(missed(10), classes=classes))
    finding = here("ours-beats-half-resolution", top1 | top5)
    assert finding.outcome == outcome
    assert finding.numbers[0].startswith("top-1 errors, 49 classes: 40.00 - 60.00") == (classes == 49)


def test_an_accuracy_counts_the_images_that_are_right():
    measured = faces("wae_cnn", missed(10)) | faces("full", missed(20))
    finding = here("faces-ours-beats-vgg16", measured)
    assert finding.outcome == HOLDS
    assert finding.numbers[0].startswith("90.00 - 80.00 = 10.00 (95 % interval ")


def test_a_margin_may_grow_or_shrink_with_the_noise():
    growing, shrinking = {}, {}
    for step, noise in enumerate(NOISES):
        growing |= faces("full", missed(20 + 15 * step), noise) | faces("wae_cnn", missed(15 + 8 * step), noise)
        shrinking |= faces("full", missed(60), noise) | faces("wae_cnn", missed(15 + 8 * step), noise)
    assert here("noise-margin-grows-with-v", growing).outcome == HOLDS
    assert here("noise-margin-grows-with-v", shrinking).outcome == FAILS
    assert here("noise-ours-better-at-each-v", growing).outcome == HOLDS


# What is lacking, and what is not comparable


def test_a_cell_that_was_not_measured_is_named_once():
    measured = objects(wavelet_cnn=network(missed(20)))
    assert here("both-decompositions-worse-by-a-sizable-margin", measured) == claims.Finding(
        CANNOT_TELL,
        (
            "table_2/Ours/top5_error_percent is not measured",
            "table_2/Decomposition+CNN/top5_error_percent is not measured",
        ),
    )


def test_a_failed_cell_is_named_with_its_reason():
    failed = Measured(None, "accuracy", "desk, photographs", failed="seed 1: loss nan", classes=10)
    measured = objects(half=failed) | objects(
        "top1_error_percent", half=failed, wae_cnn=network(missed(20), classes=10)
    )
    measured |= objects(wae_cnn=network(missed(20), classes=10))
    assert here("ours-beats-half-resolution", measured) == claims.Finding(
        CANNOT_TELL, ("table_1/VGG16 (112)/top5_error_percent failed: seed 1: loss nan",)
    )


def test_an_error_without_its_images_and_a_time_without_an_interval_decide_nothing():
    bare = objects(wae_cnn=Measured(20.0, "accuracy", "x"), half=Measured(30.0, "accuracy", "x"))
    assert here("ours-beats-half-resolution", bare).numbers[0].endswith("has no result per image")
    time = {("", "vgg16", "wae_cnn", "cpu_speedup", ""): Measured(3.5, "time", "x")}
    assert here("cpu-speedup-close-to-bound", time).numbers == ("table_2/Ours/cpu_speedup has no interval",)


def test_an_exact_number_of_the_paper_never_holds_for_other_hardware():
    finding = here("cpu-speedup-is-3.13", timed("cpu_speedup", wae_cnn=(3.13, 3.13, 3.13)))
    assert finding.outcome == CANNOT_TELL
    assert finding.numbers[0].endswith("not comparable: other hardware (Some Processor, 1 thread)")


@pytest.mark.parametrize("basis", ["desk, photographs", "smoke, photographs", "desk, imagenet", "paper, folder"])
def test_an_exact_number_of_the_paper_never_holds_for_other_data_or_another_scale(basis):
    # 22 of 10,000 images: the difference is 0.22 to the digit.
    measured = objects(
        wae_cnn=network(missed(0.22, images=10_000), basis=basis), full=network(missed(0, images=10_000), basis=basis)
    )
    finding = here("loss-is-0.22", measured)
    assert finding.outcome == CANNOT_TELL
    assert finding.numbers[0].endswith(f"not comparable: other data and scale ({basis})")


@pytest.mark.parametrize(
    ("images_more", "outcome"), [(22, CANNOT_TELL), (500, FAILS)], ids=["within the interval", "far away"]
)
def test_an_exact_number_on_the_papers_data_is_set_against_the_interval(images_more, outcome):
    basis = "paper, imagenet"
    measured = objects(
        wae_cnn=network(missed(10 + images_more / 100, images=10_000), basis=basis),
        full=network(missed(10, images=10_000), basis=basis),
    )
    assert here("loss-is-0.22", measured).outcome == outcome


# On measured times and counts


@pytest.mark.parametrize(("interval", "outcome"), [((3.1, 3.3), HOLDS), ((2.9, 3.3), CANNOT_TELL), ((2.5, 2.9), FAILS)])
def test_a_speed_up_is_set_against_a_threshold_with_its_interval(interval, outcome):
    finding = here("cpu-speedup-close-to-bound", timed("cpu_speedup", wae_cnn=(sum(interval) / 2, *interval)))
    assert finding.outcome == outcome


def test_two_speed_ups_differ_where_their_intervals_do():
    gpu = timed("gpu_speedup", wae_cnn=(2.6, 2.5, 2.7))
    apart = here("gpu-speedup-below-cpu-speedup", gpu | timed("cpu_speedup", wae_cnn=(3.0, 2.8, 3.2)))
    assert apart == claims.Finding(HOLDS, ("2.60 - 3.00 = -0.40 (95 % interval -0.70 to -0.10) < 0",))
    overlapping = gpu | timed("cpu_speedup", wae_cnn=(3.0, 2.65, 3.3))
    assert here("gpu-speedup-below-cpu-speedup", overlapping).outcome == CANNOT_TELL


def test_times_differ_where_their_intervals_do():
    apart = here("wavelet-faster-on-cpu", timed("cpu_ms", wavelet_cnn=(390, 385, 395), wae_cnn=(410, 400, 420)))
    assert apart == claims.Finding(HOLDS, ("390.0 - 410.0 = -20.00 (95 % interval -35.00 to -5.00) < 0",))
    overlapping = timed("cpu_ms", wavelet_cnn=(390, 380, 405), wae_cnn=(410, 400, 420))
    assert here("wavelet-faster-on-cpu", overlapping).outcome == CANNOT_TELL


def test_counts_are_exact():
    counted = {
        ("", "vgg16", method, "flops_billion", ""): Measured(value, "count", "counted")
        for method, value in (("wae_cnn", 4.38), ("full", 15.47))
    }
    predicate = {
        "kind": "compare",
        "value": "table_1/Ours/flops_billion",
        "less_than": "table_1/VGG16 (224)/flops_billion",
    }
    assert evaluate(predicate, Here(CELLS, counted)) == claims.Finding(HOLDS, ("4.38 - 15.47 = -11.09 < 0",))


# What is shown


@pytest.fixture
def some_claims():
    measured = objects(wae_cnn=network(missed(20)), half=network(missed(30)))
    return claims.claims(claims.read(), TABLES, measured, "desk")


def test_the_summary_counts_both_sides(some_claims):
    assert some_claims.summary == (
        "On the paper's own numbers 31 of 35 hold, 3 fail and 1 cannot be told; "
        "here: 1 hold, 0 fail and 34 cannot be told."
    )


def test_a_claim_says_what_it_is_about(some_claims):
    about = [claim.about for claim in some_claims.claims]
    assert {word: about.count(word) for word in about} == {"direction": 12, "number": 8, "hardware": 15}


def test_the_page_has_a_row_a_claim_with_both_outcomes_and_their_numbers(some_claims):
    text = markdown.page(page.page(some_claims))
    rows = [line for line in text.splitlines() if line.startswith("| ")][1:]
    assert len(rows) == len(CLAIMS)
    (row,) = [row for row in rows if row.startswith("| ours-beats-half-resolution |")]
    assert "| Introduction | direction | holds | 11.87 - 15.73 = -3.86 < 0 | holds | 20.00 - 30.00 = -10.00 (" in row
    assert some_claims.summary in text


def test_the_terminal_has_every_claim_in_columns(some_claims):
    lines = {line.split()[0]: line for line in terminal.page(page.page(some_claims)).splitlines() if line}
    assert set(CLAIMS) <= set(lines)
    assert lines["ours-beats-half-resolution"].split()[1:6] == ["direction", "holds", "holds", "20.00", "-"]
    outcome_starts = {lines[id_].index(ON_PAPER[id_].outcome, len(id_)) for id_ in CLAIMS}
    assert len(outcome_starts) == 1
