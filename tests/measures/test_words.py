from dataclasses import replace

import numpy as np
import pytest

from study.measures.intervals import Crossed, Estimate
from study.measures.words import Comparison, Verdict, at_chance, verdicts
from study.settings.errors import InvalidParameter
from tests.measures.simulation import FACES, IMAGES


def known(value: float, error: float = 1.0, seeds: int = 5) -> Estimate:
    """An estimate of that standard error, between seeds alone, with nearly unlimited degrees of freedom."""
    return Estimate(value, seeds, 20, error**2 * seeds * 20, 1e6, 0.0, 0.0)


LEARNED = {"a": known(30.0), "b": known(31.0)}


CEILING = 94.0  # the error of naming the commonest class


def words(family: dict[str, Comparison], minimum_seeds: int = 5):
    return verdicts(family, minimum_seeds=minimum_seeds)


def comparison(value: Estimate, margin: float, rows=LEARNED) -> Comparison:
    return Comparison(value, margin, rows, CEILING)


def only(one: Comparison) -> Verdict:
    return words({"it": one})["it"]


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
    assert only(comparison(known(value, error), 1.9, LEARNED)).word == word


def test_equivalence_needs_both_one_sided_tests():
    # 1.6449 standard errors from the nearer end is the edge; the 90 % interval is then within the margin.
    assert only(comparison(known(0.5), 0.5 + 1.66, LEARNED)).word == "equivalent"
    assert only(comparison(known(0.5), 0.5 + 1.62, LEARNED)).word == "inconclusive"


def test_words_come_from_adjusted_p_values():
    alone = known(2.2)  # p = 0.028
    assert only(comparison(alone, 1.0, LEARNED)).word == "worse"
    among = words({"it": comparison(alone, 1.0, LEARNED), "other": comparison(known(0.1), 1.0, LEARNED)})
    assert among["it"].word == "inconclusive"
    assert among["it"].p_difference == pytest.approx(0.0278, abs=1e-4)
    assert among["it"].p_difference_adjusted == pytest.approx(2 * 0.0278, abs=2e-4)


def test_a_comparison_that_cannot_be_told_still_counts_in_its_family():
    family = {"it": comparison(known(2.2), 1.0, LEARNED), "other": comparison(known(9.0, seeds=2), 1.0, LEARNED)}
    assert words(family)["it"].word == "inconclusive"
    assert words(family)["other"] == Verdict("cannot tell", "2 seeds, the protocol asks for 5")


def test_a_row_at_chance_is_named_and_has_no_word():
    rows = {"a": known(30.0), "b": known(93.0)}  # 94 is naming the commonest class: one standard error away
    verdict = only(comparison(known(63.0), 1.0, rows))
    assert verdict == Verdict("cannot tell", "not above chance: b")
    assert rows["b"].p_below(CEILING) == pytest.approx(0.159, abs=1e-3)
    assert [at_chance(rows["b"], CEILING, level) for level in (0.15, 0.17)] == [True, False]


def of_one_seed(study: Crossed) -> dict[str, Comparison]:
    rows = {row: study.estimate({row: 1}) for row in study.rows}
    return {row: comparison(study.estimate({row: 1, "full": -1}), 1.0, rows) for row in study.rows[1:]}


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
        only(comparison(known(0.0), 0, LEARNED))


def test_what_cannot_vary_has_no_word():
    nothing = Estimate(0.0, 5, 20, 0.0, 4.0, 0.0, 0.0)
    assert only(comparison(nothing, 1.0, LEARNED)).reason == "nothing varies between seeds and test units"
