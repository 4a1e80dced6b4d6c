import numpy as np

from study.measures.units import UNIT_IS_THE_CLASS, units
from study.settings.protocol import protocol


def test_patches_of_a_photograph_and_images_of_a_person_are_one_unit():
    labels = np.array([0, 0, 1, 1])
    assert units(labels, "photographs").tolist() == [0, 0, 1, 1]
    assert units(labels, "folder").tolist() == [0, 1, 2, 3]


def test_units_are_the_registered_ones():
    by_class = {source for source, unit in protocol().units.items() if unit in ("photograph", "identity")}
    assert by_class == set(UNIT_IS_THE_CLASS)
