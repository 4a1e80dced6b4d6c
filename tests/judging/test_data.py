"""The data described: counts, what guessing gives, the error of every class."""

from dataclasses import replace

import numpy as np
import pytest

from study.judging.data import described, named
from study.rendering import data as rendering
from study.rendering import markdown
from tests import made

# Ten classes in turns; of 1,000 images the first are wrong.
FOUND = made.results({"full": 10.0, "half": {0: 20.0, 1: 30.0, 2: 40.0}, "wae_cnn": 95.0}, source="folder")


def test_counts_and_guessing_are_those_of_the_labels():
    (one,) = described(made.places(FOUND), "photos").places
    assert (one.test_images, one.units, one.smallest, one.largest, one.imbalance) == (1000, 1000, 100, 100, 1)
    assert one.chance_percent == pytest.approx({"top1": 90, "top5": 50})
    assert one.majority_percent == pytest.approx({"top1": 90, "top5": 50})
    assert one.own


def test_the_error_of_a_class_is_the_mean_over_seeds():
    (one,) = described(made.places(FOUND), "photos").places
    assert [of.error_percent["VGG16 at half side"] for of in one.classes] == pytest.approx([30] * 10)
    assert [of.error_percent["VGG16"] for of in one.classes] == pytest.approx([10] * 10)


def test_a_network_that_is_no_better_than_the_most_frequent_class_is_named():
    (one,) = described(made.places(FOUND), "photos").places
    assert one.not_better_than_majority == ("WAE+CNN",)
    assert "No better than the most frequent class: WAE+CNN." in rendering.guessing(one)


def test_an_uneven_data_set_is_said_to_be():
    uneven = made.results({"full": 10.0}, source="folder")
    labels = np.minimum(np.arange(1000) // 50, 9)  # nine classes of 50, one of 550
    (one,) = described(made.places(replace(uneven, labels=labels)), "photos").places
    assert (one.smallest, one.largest, one.imbalance) == (50, 550, 11)
    assert one.majority_percent["top1"] == pytest.approx(45)
    assert "50 to 550 test images in a class, 11.00 to 1" in rendering.counts(one)


def test_what_is_stored_and_shown_names_no_class():
    text = markdown.page(rendering.page(described(made.places(FOUND), "photos")))
    assert "| class 3 | 100 |" in text
    assert "from the user's own folder" in text


def test_names_of_another_data_set_are_not_taken():
    (one,) = described(made.places(FOUND), "photos").places
    assert [of.name for of in named(one, {"classes": list("abcdefghij")}).classes] == list("abcdefghij")
    assert named(one, {"classes": ["a", "b"]}) == one


def test_training_images_are_counted_where_the_prepared_data_are():
    (one,) = described(made.places(FOUND), "photos").places
    assert "number of training images not recorded" in rendering.counts(one)
    manifest = {"classes": list("abcdefghij"), "splits": {"train": {"per_class": [30] * 9 + [60]}}}
    assert "330 for training (30 to 60 in a class)" in rendering.counts(named(one, manifest))


def test_of_very_many_classes_those_with_the_highest_error_are_shown():
    images = np.arange(1200)
    many = made.results({"full": 50.0}, classes=60, images=1200, source="folder")
    many = replace(many, labels=images // 20)  # the first half of the classes is wrong
    (one,) = described(made.places(many), "photos").places
    (table,) = rendering.place_page(one).parts[2:]
    assert len(table.rows) == rendering.MOST
    assert {row[0] for row in table.rows[:30]} == {f"class {number}" for number in range(30)}
