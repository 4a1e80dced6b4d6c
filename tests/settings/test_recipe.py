"""What params.yaml says of search and robustness against what is registered, and against what the searches found."""

import pytest

from study.assembly import adoption
from study.assembly.conditions import condition
from study.measures import convergence, flattening
from study.settings.parameters.whole import Scales
from study.settings.params import read
from study.settings.protocol import protocol

PARAMS = read()
PROTOCOL = protocol()


def test_the_search_tries_what_is_registered():
    registered = {name: value for name, value in PROTOCOL.training["search"].items() if name != "choice"}
    assert PARAMS.search.model_dump() == registered


def test_robustness_has_the_conditions_that_are_registered():
    found: dict[str, list] = {}
    for one in map(condition, PARAMS.robustness):
        found.setdefault(one.choice, []).append(one.value)
    assert found == PROTOCOL.robustness
    assert [str(condition(one)) for one in PARAMS.robustness] == PARAMS.robustness


def test_the_rules_have_the_numbers_that_are_registered():
    assert PROTOCOL.training["stage_1"] == {
        "least_psnr_db": flattening.LEAST_PSNR_DB,
        "most_energy_ratio": flattening.MOST_ENERGY_RATIO,
        "last_fifth_gains_less_than_db": flattening.LAST_FIFTH_GAINS_LESS_THAN_DB,
        "otherwise": "not flattened",
    }
    moves = PROTOCOL.training["converged"]["error_moves_less_than_points"]
    assert moves == convergence.MOVES_LESS_THAN_POINTS


@pytest.mark.parametrize("scale", list(Scales.model_fields))
def test_the_recipe_of_a_scale_is_what_its_searches_chose(scale):
    here = PARAMS.at(scale)
    for backbone, rows in adoption.chosen(scale).items():
        for row, one in rows.items():
            assert (row, here.classifier.rate(backbone, row)) == (row, one["learning_rate"])
            if backbone == "vgg16":  # the other has no dropout
                assert (row, here.network.dropout_of(row)) == (row, one["dropout"])
