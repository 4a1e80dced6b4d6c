"""Which words a number may carry, by the registered protocol: on claims, controls, the endpoint and pruned networks."""

import random
from itertools import pairwise

import numpy as np
import pytest

from study.judging import claims, controls, endpoint, pruning, rows
from study.judging.pairs import Pair, differences
from study.judging.results import Results
from study.paper import shares
from study.paper import tables as paper
from study.rendering import endpoint as endpoint_page
from study.rendering import markdown
from study.rendering import rows as rows_page
from study.settings.methods import evaluated
from study.settings.protocol import protocol
from tests.made import measured, places, results

TABLES = paper.tables()
ROWS = evaluated("objects", "vgg16")
# Far apart: 30 points between the best and the worst, on 1,000 images that count one by one.
APART = {row: 5.0 + 30.0 * place / len(ROWS) for place, row in enumerate(ROWS)} | {"full": 4.0, "half": 40.0}
WORDS = {"holds", "fails", "depends on the metric", "better", "worse", "equivalent", "inconclusive", "yes", "no"}


def judged(found: Results) -> list[str]:
    """Every word that is said of errors anywhere."""
    at = places(found)
    errors = measured(found)
    said = []
    for claim in claims.claims(claims.read(), TABLES, errors, at, "desk").claims:
        said += [finding.outcome for finding in claim.here.values()] + [claim.in_this_experiment]
    for comparison in controls.controls(at, "desk").comparisons:
        said += [one.word for one in comparison.differences.values()]
    for one in endpoint.endpoints(at, shares.by_row(), "desk").rows:
        said += [one.nearly_the_same_error, one.against_full.word]
    for drop in pruning.drops(errors, at, TABLES, {}, "desk").rows:
        said += [one.word for its in (drop.drops, drop.from_scratch, drop.same_budget) for one in its.values()]
    return said


@pytest.mark.parametrize("number", [1, 2])
def test_below_the_registered_number_of_seeds_no_word_is_said_whatever_the_differences(number):
    said = judged(results(APART, seeds=range(number)))
    assert len(said) > 200
    assert [word for word in said if word != "cannot tell"] == []


def test_with_the_registered_number_of_seeds_words_appear():
    said = judged(results(APART))
    assert {"holds", "fails", "better", "worse", "yes", "no"} <= set(said)
    assert set(said) <= WORDS | {"cannot tell"}


def endpoints(found: Results, metric: str = "top1") -> dict[str, endpoint.Endpoint]:
    stored = endpoint.endpoints(places(found), shares.by_row(), "desk")
    return {one.row: one for one in endpoint.of(stored, found.dataset, found.backbone, metric)}


def difference(found: Results, row: str, against: str = "full", metric: str = "top1"):
    (one,) = differences([Pair(found, row, against)], metric)
    return one


def test_a_row_at_chance_has_no_verdict():
    found = results({"full": 20.0, "half": 30.0, "wae_cnn": 90.0})
    one = endpoints(found)["wae_cnn"]
    assert one.nearly_the_same_error == one.against_full.word == "cannot tell"
    assert one.reason == one.against_full.reason == "not above chance: WAE+CNN"
    (claim,) = [
        one
        for one in claims.claims(claims.read(), TABLES, measured(found), places(found), "desk").claims
        if one.id == "wae-cnn-beats-half-resolution"
    ]
    assert claim.here["top1"].outcome == "cannot tell"
    assert claim.here["top1"].numbers[0].endswith("not above chance: WAE+CNN")


def test_a_half_side_at_chance_is_nothing_to_win_back_from():
    found = results({"full": 20.0, "half": 90.0, "wae_cnn": 30.0})
    one = endpoints(found)["wae_cnn"]
    assert (one.nearly_the_same_error, one.against_full.word) == ("cannot tell", "worse")
    assert one.reason == "not above chance: VGG16 at half side"


def test_chance_and_the_majority_baseline_stand_in_the_page_of_rows():
    found = results({"full": 20.0})
    text = markdown.page(rows_page.page(rows.rows(measured(found), places(found), "desk")))
    assert "10 classes, 1000 test images in 1000 independent units, 3 seeds." in text
    assert "Top-1 error of guessing 90.00 %, of naming the most frequent 90.00 %." in text
    assert "Top-5 error of guessing 50.00 %" in text


@pytest.mark.parametrize(
    ("judged", "said"),
    [((), "Convergence was not measured."), (("full", "low"), "Convergence was measured of VGG16, I_L alone.")],
)
def test_of_which_networks_convergence_is_known_stands_in_the_page_of_rows(judged, said):
    found = results({"full": 20.0, "half": 30.0}, convergence_judged=judged)
    assert said in markdown.page(rows_page.page(rows.rows(measured(found), places(found), "desk")))


def test_pairing_is_by_seed_number_and_never_by_position():
    by_seed = {"full": {0: 10.0, 1: 20.0, 2: 30.0}, "wae_cnn": {0: 13.0, 1: 23.2, 2: 33.1}, "half": 45.0}
    shuffled = dict(by_seed)
    for row in ("full", "wae_cnn"):
        items = list(by_seed[row].items())
        random.Random(row).shuffle(items)
        shuffled[row] = dict(items)
    assert list(shuffled["full"]) != list(shuffled["wae_cnn"])
    for seeds in ((0, 1, 2), (2, 0, 1)):
        one, other = difference(results(by_seed), "wae_cnn"), difference(results(shuffled, seeds=seeds), "wae_cnn")
        assert one.interval == pytest.approx(other.interval)
        assert (one.word, one.difference) == (other.word, pytest.approx(other.difference))
    # By other seeds' numbers the same errors vary by ten points: not the same comparison.
    crossed = by_seed | {"wae_cnn": {2: 13.0, 0: 23.2, 1: 33.1}}
    assert difference(results(crossed), "wae_cnn").interval[1] > 4 * one.interval[1]


@pytest.mark.parametrize("why", ["not trained yet", "loss nan"])
def test_a_missing_or_failed_seed_is_named_in_the_cell_the_claim_the_control_and_the_endpoint(why):
    failed = {} if why == "not trained yet" else {"wae_cnn": {1: why}}
    found = results({"full": 10.0, "half": 30.0, "wae_cnn": {0: 12.0, 2: 12.0}}, failed=failed)
    at, numbers = places(found), measured(found)
    named = f"seed 1: {why}"
    assert numbers["objects", "vgg16", "wae_cnn", "top1_error_percent", ""].failed == named
    (claim,) = [
        one
        for one in claims.claims(claims.read(), TABLES, numbers, at, "desk").claims
        if one.id == "wae-cnn-beats-half-resolution"
    ]
    assert named in claim.here["top1"].numbers[0]
    asked = [one for one in controls.controls(at, "desk").comparisons if "wae_cnn" in (one.row, one.against)]
    assert asked
    assert all(f"WAE+CNN: {named}" in one.differences["top1"].reason for one in asked)
    assert endpoints(found)["wae_cnn"].reason == f"WAE+CNN: {named}"


@pytest.mark.parametrize("classes", [3, 5])
def test_the_top_5_error_of_five_classes_or_fewer_is_shown_nowhere(classes):
    found = results({"full": 10.0, "half": 30.0, "wae_cnn": 12.0}, classes=classes)
    at, numbers = places(found), measured(found)
    assert not any(quantity == "top5_error_percent" for _, _, _, quantity, _ in numbers)
    assert {one.metric for one in endpoint.endpoints(at, {}, "desk").rows} == {"top1"}
    assert {row.top5_error_percent for row in rows.rows(numbers, at, "desk").rows} == {None}
    shown = [one.differences["top5"] for one in controls.controls(at, "desk").comparisons]
    assert {(one.difference, one.row_error_percent, one.word) for one in shown} == {(None, None, "cannot tell")}


def test_raw_and_adjusted_p_values_are_shown_and_holm_only_weakens_words():
    found = results(APART | {"wae_cnn": 5.2, "full": 4.0, "thinet_gap": 4.3})
    pairs = [Pair(found, row, "full") for row in ("wae_cnn", "thinet_gap", "wavelet_cnn", "half")]
    strength = {"cannot tell": 0, "inconclusive": 1, "better": 2, "worse": 2, "equivalent": 2}
    for fewer, more in pairwise(pairs[:number] for number in range(1, len(pairs) + 1)):
        for before, after in zip(differences(fewer, "top1"), differences(more, "top1"), strict=False):
            assert before.p_difference == after.p_difference
            assert before.p_difference <= before.p_difference_adjusted <= after.p_difference_adjusted
            assert strength[after.word] <= strength[before.word]


def test_a_row_that_was_not_measured_counts_in_the_family_as_one_that_was():
    found = results({"full": 4.0, "wae_cnn": 5.2, "half": 30.0})
    alone = differences([Pair(found, "wae_cnn", "full")], "top1")[0]
    more = differences([Pair(found, "wae_cnn", "full"), Pair(found, "ca", "full")], "top1")[0]
    assert more.p_difference_adjusted == pytest.approx(2 * alone.p_difference)


def test_equivalent_needs_two_one_sided_tests_and_a_wide_interval_around_zero_is_inconclusive():
    same = np.arange(3000) % 10 == 0
    other = same.copy()
    other[[0, 1]] = other[[1, 0]]  # one image the other way round
    ranks = {"full": np.where(same, 9, 0), "wae_cnn": np.where(other, 9, 0)}
    near = results({row: dict.fromkeys((0, 1, 2), its) for row, its in ranks.items()}, images=3000)
    assert difference(near, "wae_cnn").word == "equivalent"
    wide = results({"full": 10.0, "wae_cnn": {0: 4.0, 1: 10.0, 2: 16.0}})
    one = difference(wide, "wae_cnn")
    assert (one.difference, one.word) == (pytest.approx(0, abs=1e-9), "inconclusive")
    low, high = one.interval
    assert low < -one.margin < one.margin < high


def test_the_margin_that_was_used_is_shown_and_grows_with_the_resolution_loss():
    least = protocol().margins.equivalent.least_points
    assert difference(results({"full": 10.0, "wae_cnn": 12.0}), "wae_cnn").margin == least
    assert difference(results({"full": 10.0, "wae_cnn": 12.0, "half": 12.0}), "wae_cnn").margin == least
    assert difference(results({"full": 10.0, "wae_cnn": 12.0, "half": 40.0}), "wae_cnn").margin == pytest.approx(3)


def test_a_training_that_does_not_count_has_no_word_and_no_share():
    found = results({"full": 10.0, "half": 40.0, "wae_cnn": 12.0}, not_learned={"wae_cnn": (2,)})
    assert difference(found, "wae_cnn").reason == "WAE+CNN not learned: seed 2"
    one = endpoints(found)["wae_cnn"]
    assert (one.share_percent, one.reason) == (None, "WAE+CNN not learned: seed 2")
    assert one.against_full.word == "cannot tell"


def test_an_auto_encoder_that_has_not_flattened_is_said_of_every_row_that_has_its_encoder_and_of_no_other():
    found = results({"full": 10.0, "half": 40.0, "wae_cnn": 12.0, "wavelet_cnn": 12.0, "low": 12.0}, not_flattened=(1,))
    won_back = endpoints(found)
    said = "its auto-encoder has not flattened: seed 1"
    assert {row for row, one in won_back.items() if any(said in mark for mark in one.marks)} == {"wae_cnn", "low"}


def test_fewer_seeds_than_the_protocol_asks_for_in_the_rows_of_the_endpoint_are_said_on_its_page():
    rows_of = {"full": 10.0, "half": 40.0, "wae_cnn": 12.0}
    core = protocol().seeds.core
    for number in (core - 1, core):
        found = endpoint.endpoints(places(results(rows_of, seeds=range(number))), {}, "desk")
        text = markdown.page(endpoint_page.page(found))
        assert (f"The protocol asks for {core} seeds of these rows; here are {number}." in text) == (number < core)


def test_no_share_is_shown_where_there_is_no_resolution_loss_to_win_back():
    found = results({"full": 20.0, "half": {0: 19.0, 1: 20.0, 2: 21.5}, "wae_cnn": 12.0})
    one = endpoints(found)["wae_cnn"]
    assert (one.share_percent, one.interval_percent, one.nearly_the_same_error) == (None, None, "cannot tell")
    assert one.reason == "no resolution loss to win back"


def test_the_endpoint_is_one_family_of_all_data_sets_and_backbones():
    rows_of = {"full": 10.0, "half": 40.0, "wae_cnn": {0: 13.0, 1: 13.5, 2: 13.2}}
    alone = endpoints(results(rows_of))["wae_cnn"]
    both = endpoint.endpoints(
        places(results(rows_of), results({"full": 10.0, "wae_cnn": 12.0}, backbone="resnet50")), {}, "desk"
    )
    one = endpoint.of(both, "objects", "vgg16", "top1")[0]
    assert one.p_adjusted == pytest.approx(min(1, 2 * alone.p_value))


def test_noise_that_was_measured_without_a_seed_names_it():
    found = results(
        {"full": 10.0}, {"V=0.1": {"full": {0: 20.0, 2: 20.0}}}, dataset="faces", failed={"wae_cnn": {0: "loss nan"}}
    )
    numbers = measured(found)
    key = ("faces", "vgg16", "full", "accuracy_percent", "V=0.1")
    assert numbers[key].failed == "seed 1: not trained yet"
    assert numbers["faces", "vgg16", "wae_cnn", "accuracy_percent", "V=0.1"].failed.startswith("seed 0: loss nan")
