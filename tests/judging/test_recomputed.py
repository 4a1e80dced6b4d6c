"""The stored verdicts of scale desk again, from the stored ranks, by other code: loops, random draws, and no more of
the study than where its files lie.

One verdict of each kind: a share with its interval, a control with its word, a claim. The p-value of a mean over seeds
and photographs is that of Weerahandi's pivot (docs/decisions/0013), here with drawn chi-squares and not spread ones.
"""

from collections.abc import Callable

import numpy as np
import pytest
from scipy.stats import norm

from study.settings import paths

DESK = paths.results("desk")
SEEDS = (0, 1, 2)
GUESSES = {"top1": 1, "top5": 5}
LEVEL, WANTED, LEAST_SHARE, LEAST_POINTS = 0.05, 0.8, 0.1, 0.5  # paper_tables/protocol.yaml
SPREAD_DRAWS = 0.0005  # by so much a p-value over 1,024 spread draws may be off (study/measures/intervals.py)


def errors(backbone: str, row: str, metric: str) -> np.ndarray:
    """(seeds, photographs): percent of wrong images; all photographs have as many."""
    ranks = np.load(DESK / f"predictions/objects-{backbone}.npz")
    photograph = ranks["label"]
    assert len(set(np.bincount(photograph).tolist())) == 1
    found = np.zeros((len(SEEDS), photograph.max() + 1))
    for seed in SEEDS:
        for unit in range(found.shape[1]):
            its = ranks[f"{row}.{seed}"][photograph == unit]
            found[seed, unit] = 100 * sum(int(rank) >= GUESSES[metric] for rank in its) / len(its)
    return found


class Mean:
    """The mean of a (seeds, photographs) table of which both are drawn."""

    def __init__(self, table: np.ndarray) -> None:
        seeds, units = table.shape
        self.value = float(np.mean(table))
        of_seed = [float(np.mean(table[seed])) - self.value for seed in range(seeds)]
        of_unit = [float(np.mean(table[:, unit])) - self.value for unit in range(units)]
        rest = 0.0
        for seed in range(seeds):
            for unit in range(units):
                rest += (table[seed, unit] - self.value - of_seed[seed] - of_unit[unit]) ** 2
        draw = np.random.default_rng(1)
        parts = [
            (units * sum(one**2 for one in of_seed), seeds - 1, 1),
            (seeds * sum(one**2 for one in of_unit), units - 1, 1),
            (rest, (seeds - 1) * (units - 1), -1),
        ]
        # Sum of squares over a draw of chi-square: the degrees of freedom cancel.
        total = sum(sign * squares / draw.chisquare(degrees, 60_000) for squares, degrees, sign in parts)
        self.deviations = np.sqrt(np.maximum(total, 1e-300) / (seeds * units))

    def two_sided(self, null: float = 0.0) -> float:
        return float(np.mean(2 * norm.cdf(-abs(self.value - null) / self.deviations)))

    def above(self, bound: float) -> float:
        return float(np.mean(norm.cdf((bound - self.value) / self.deviations)))

    def interval(self) -> tuple[float, float]:
        half = crossing(lambda width: self.two_sided(self.value + width) - LEVEL, 0, 1000)
        return self.value - half, self.value + half


def crossing(function: Callable[[float], float], low: float, high: float) -> float:
    """Where a function that is positive at one end and negative at the other is 0."""
    positive_at_low = function(low) > 0
    for _ in range(30):
        middle = (low + high) / 2
        if (function(middle) > 0) == positive_at_low:
            low = middle
        else:
            high = middle
    return low


def adjusted(p_values: list[float], mine: float) -> float:
    """Holm, 1979: every p-value times how many are left from it on, and never less than one before it."""
    largest = 0.0
    for rank, p_value in enumerate(sorted(p_values)):
        largest = max(largest, min(1.0, p_value * (len(p_values) - rank)))
        if p_value == mine:
            return largest
    raise AssertionError(f"{mine} is not in the family")


@pytest.mark.parametrize("metric", GUESSES)
def test_a_share_of_the_resolution_loss_with_its_interval_and_its_word(metric):
    rows = paths.read_json(DESK / "endpoint.json")["rows"]
    (stored,) = [
        one
        for one in rows
        if (one["dataset"], one["backbone"], one["row"], one["metric"]) == ("objects", "vgg16", "wae_cnn", metric)
    ]
    full, half, row = (errors("vgg16", word, metric) for word in ("full", "half", "wae_cnn"))
    loss, gain = half - full, half - row
    share = float(np.mean(gain) / np.mean(loss))
    assert stored["share_percent"] == pytest.approx(100 * share)
    per_seed = [100 * np.mean(gain[seed]) / np.mean(loss[seed]) for seed in SEEDS]
    assert stored["per_seed_percent"] == pytest.approx(per_seed)
    assert Mean(loss).two_sided() < LEVEL

    def kept(ratio: float) -> float:
        return Mean(gain - ratio * loss).two_sided() - LEVEL

    low, high = crossing(kept, share, share - 10), crossing(kept, share, share + 10)
    assert stored["interval_percent"] == pytest.approx([100 * low, 100 * high], abs=1.5)
    p_value = Mean(gain - WANTED * loss).two_sided()
    assert stored["p_value"] == pytest.approx(p_value, rel=0.05, abs=SPREAD_DRAWS)
    family = [1.0 if one["p_value"] is None else one["p_value"] for one in rows if one["metric"] == metric]
    assert stored["p_adjusted"] == pytest.approx(adjusted(family, stored["p_value"]))
    decided = stored["p_adjusted"] < LEVEL
    assert stored["nearly_the_same_error"] == (("yes" if share > WANTED else "no") if decided else "cannot tell")


@pytest.mark.parametrize("metric", GUESSES)
@pytest.mark.parametrize(
    ("backbone", "row", "against"),
    [("resnet50", "thinet_30", "full_thinet_30_budget"), ("vgg16", "half_narrow_heads", "half")],
)
def test_a_control_with_its_word(backbone, row, against, metric):
    comparisons = paths.read_json(DESK / "controls.json")["comparisons"]
    (stored,) = [
        one["differences"][metric]
        for one in comparisons
        if (one["dataset"], one["backbone"], one["row"], one["against"]) == ("objects", backbone, row, against)
    ]
    mine, other = errors(backbone, row, metric), errors(backbone, against, metric)
    difference = Mean(mine - other)
    assert stored["difference"] == pytest.approx(difference.value)
    assert stored["interval"] == pytest.approx(difference.interval(), abs=0.1)
    assert stored["p_difference"] == pytest.approx(difference.two_sided(), rel=0.05, abs=SPREAD_DRAWS)
    margin = LEAST_POINTS
    if backbone == "vgg16":  # where half the side was measured
        loss = np.mean(errors(backbone, "half", metric)) - np.mean(errors(backbone, "full", metric))
        margin = max(margin, LEAST_SHARE * float(loss))
    assert stored["margin"] == pytest.approx(margin)
    equivalence = max(difference.above(-margin), 1 - difference.above(margin))
    assert stored["p_equivalence"] == pytest.approx(equivalence, rel=0.05, abs=SPREAD_DRAWS)
    for p_value in ("p_difference", "p_equivalence"):
        family = [one["differences"][metric][p_value] for one in comparisons]
        family = [1.0 if one is None else one for one in family]
        assert stored[f"{p_value}_adjusted"] == pytest.approx(adjusted(family, stored[p_value]))
    word = "inconclusive"
    if stored["p_equivalence_adjusted"] < LEVEL:
        word = "equivalent"
    elif stored["p_difference_adjusted"] < LEVEL:
        word = "worse" if difference.value > 0 else "better"
    assert stored["word"] == word


@pytest.mark.parametrize("metric", GUESSES)
def test_a_claim_with_its_outcome(metric):
    claims = paths.read_json(DESK / "claims.json")["claims"]
    (claim,) = [one for one in claims if one["id"] == "wae-cnn-beats-half-resolution"]
    stored = claim["here"][metric]
    difference = Mean(errors("vgg16", "wae_cnn", metric) - errors("vgg16", "half", metric))
    low, high = difference.interval()
    assert stored["p_values"] == pytest.approx([difference.two_sided()], rel=0.05, abs=SPREAD_DRAWS)
    text = stored["numbers"][0]
    assert f" = {difference.value:.2f} (95 % interval " in text
    ends = [float(word) for word in text.partition("interval ")[2].partition(")")[0].split(" to ")]
    assert ends == pytest.approx([low, high], abs=0.1)
    family = [
        p_value
        for one in claims
        if one["family"] == claim["family"] and metric in one["here"]
        for p_value in one["here"][metric]["p_values"]
    ]
    # What could not be tested counts too, so the adjusted value is no smaller than among those that were.
    (p_value,), (holm,) = stored["p_values"], stored["adjusted"]
    assert adjusted(family, p_value) <= holm <= 1
    outcome = "cannot tell" if holm >= LEVEL else "holds" if difference.value < 0 else "fails"
    assert stored["outcome"] == outcome
