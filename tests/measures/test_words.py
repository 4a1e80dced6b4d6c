from dataclasses import replace

import numpy as np
import pytest

from study.measures.endpoint import NO_LOSS, share_won_back
from study.measures.intervals import Crossed, Estimate
from study.measures.simulation import FACES, IMAGES
from study.measures.words import Comparison, Verdict, p_above_chance, verdicts
from study.settings.errors import InvalidParameter


def known(value: float, error: float = 1.0, seeds: int = 5) -> Estimate:
    """An estimate of that standard error, between seeds alone, with nearly unlimited degrees of freedom."""
    return Estimate(value, seeds, 20, error**2 * seeds * 20, 1e6, 0.0, 0.0)


LEARNED = {"a": known(30.0), "b": known(31.0)}


def words(family: dict[str, Comparison], minimum_seeds: int = 5, chance: float = 95.0, majority: float = 94.0):
    return verdicts(family, minimum_seeds=minimum_seeds, chance_error_percent=chance, majority_error_percent=majority)


def only(comparison: Comparison, **arguments) -> Verdict:
    return words({"it": comparison}, **arguments)["it"]


@pytest.mark.parametrize(
    ("value", "error", "word"),
    [
        (5.0, 1.0, "worse"),
        (-5.0, 1.0, "better"),
        (0.0, 1.2, "inconclusive"),  # near 0, but the interval is as wide as the margin
        (0.0, 0.5, "equivalent"),
        (1.0, 0.25, "equivalent"),  # significant, and smaller than what matters
        (2.0, 1.5, "inconclusive"),
    ],
)
def test_a_difference_of_errors_has_the_word_of_its_tests(value, error, word):
    assert only(Comparison(known(value, error), margin=1.9, rows=LEARNED)).word == word


def test_equivalence_needs_both_one_sided_tests():
    # 1.6449 standard errors from the nearer end is the edge; the 90 % interval is then within the margin.
    assert only(Comparison(known(0.5), margin=0.5 + 1.66, rows=LEARNED)).word == "equivalent"
    assert only(Comparison(known(0.5), margin=0.5 + 1.62, rows=LEARNED)).word == "inconclusive"


def test_a_greater_share_is_better():
    assert only(Comparison(known(1.5, 0.1), 0.1, LEARNED, null=1.0, lower_is_better=False)).word == "better"
    assert only(Comparison(known(0.5, 0.1), 0.1, LEARNED, null=1.0, lower_is_better=False)).word == "worse"


def test_words_come_from_adjusted_p_values():
    alone = known(2.2)  # p = 0.028
    assert only(Comparison(alone, 1.0, LEARNED)).word == "worse"
    among = words({"it": Comparison(alone, 1.0, LEARNED), "other": Comparison(known(0.1), 1.0, LEARNED)})
    assert among["it"].word == "inconclusive"
    assert among["it"].p_difference == pytest.approx(0.0278, abs=1e-4)
    assert among["it"].p_difference_adjusted == pytest.approx(2 * 0.0278, abs=2e-4)


def test_a_comparison_that_cannot_be_told_still_counts_in_its_family():
    family = {"it": Comparison(known(2.2), 1.0, LEARNED), "other": Comparison(known(9.0, seeds=2), 1.0, LEARNED)}
    assert words(family)["it"].word == "inconclusive"
    assert words(family)["other"] == Verdict("cannot tell", "2 seeds, the protocol asks for 5")


def test_a_row_at_chance_is_named_and_has_no_word():
    rows = {"a": known(30.0), "b": known(93.0)}  # 94 is naming the commonest class: one standard error away
    verdict = only(Comparison(known(63.0), 1.0, rows))
    assert verdict == Verdict("cannot tell", "not above chance: b")
    assert p_above_chance(rows["b"], 95.0, 94.0) == pytest.approx(0.159, abs=1e-3)


def of_one_seed(study: Crossed) -> dict[str, Comparison]:
    rows = {row: study.estimate({row: 1}) for row in study.rows}
    differences = {row: Comparison(study.estimate({row: 1, "full": -1}), 1.0, rows) for row in study.rows[1:]}
    shares = {
        f"share of {row}": Comparison(
            share_won_back(study, row, full="full", half="half"), 0.1, rows, null=1.0, lower_is_better=False
        )
        for row in study.rows[2:]
    }
    return differences | shares


@pytest.mark.parametrize(
    "design", [FACES, replace(IMAGES, name="500 single images", sizes=(1,) * 500)], ids=lambda design: design.name
)
def test_one_seed_has_no_verdict_at_all(design):
    family = of_one_seed(replace(design, seeds=1).study(np.random.default_rng(9)))
    found = words(family, minimum_seeds=2)
    assert {verdict.word for verdict in found.values()} == {"cannot tell"}
    assert found["wae_cnn"].reason == "1 seed, the protocol asks for 2"


def test_a_protocol_cannot_ask_for_one_seed():
    with pytest.raises(InvalidParameter, match="the minimum of seeds must be 2 or more, got 1"):
        words({}, minimum_seeds=1)


def test_a_margin_of_zero_is_refused():
    with pytest.raises(InvalidParameter, match="the margin of it must be above 0, got 0"):
        only(Comparison(known(0.0), margin=0, rows=LEARNED))


def test_what_cannot_vary_has_no_word():
    nothing = Estimate(0.0, 5, 20, 0.0, 4.0, 0.0, 0.0)
    assert only(Comparison(nothing, 1.0, LEARNED)).reason == "nothing varies between seeds and test units"


def test_a_share_of_no_loss_says_so():
    same = replace(FACES, errors=(30.0, 30.0, 33.0, *FACES.errors[3:])).study(np.random.default_rng(2))
    rows = {row: same.estimate({row: 1}) for row in ("full", "half", "wae_cnn")}
    share = share_won_back(same, "wae_cnn", full="full", half="half")
    assert only(Comparison(share, 0.1, rows, null=1.0, lower_is_better=False)) == Verdict("cannot tell", NO_LOSS)


def test_a_share_far_below_all_is_worse_than_the_full_network():
    study = replace(FACES, errors=(10.0, 50.0, 45.0, *FACES.errors[3:])).study(np.random.default_rng(3))
    rows = {row: study.estimate({row: 1}) for row in ("full", "half", "wae_cnn")}
    share = share_won_back(study, "wae_cnn", full="full", half="half")
    assert only(Comparison(share, 0.1, rows, null=1.0, lower_is_better=False)).word == "worse"
