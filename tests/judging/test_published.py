"""Which word a published network's error may carry."""

import numpy as np
import pytest

from study.judging import published
from study.judging.published import PAGE, PAPER, errors, unlike_the_paper
from study.settings.protocol import protocol

IMAGENET = protocol().paper_data["imagenet"]
NETWORK = {"width": 1.0}
FACTS = {
    "classes": IMAGENET.classes,
    "classes_sha256": IMAGENET.wnids_sha256,
    "test_images": IMAGENET.test_images,
    "test_images_per_class": [IMAGENET.test_images_per_class],
    "median_side": 375,
}


def ranks(top5_error_percent: float) -> np.ndarray:
    return np.where(np.arange(50_000) < top5_error_percent * 500, 999, 0)


def words(error: float, unlike: tuple[str, ...] = (), row=("vgg16", "wae_cnn")) -> dict[str, dict[str, str]]:
    found = errors(ranks(error), np.arange(50_000), *row, unlike)
    return {one.quantity: {beside.who: beside.word for beside in one.printed} for one in found}


def test_the_released_networks_error_matches_both_printed_ones():
    (top5,) = [one for one in errors(ranks(11.73), np.arange(50_000), "vgg16", "wae_cnn", ()) if "top5" in one.quantity]
    assert top5.value == pytest.approx(11.73)
    assert [(one.who, one.where, one.text) for one in top5.printed] == [
        (PAPER, "Table 1, Ours", "11.87"),
        (PAGE, "released network", "11.73"),
    ]
    assert {one.word for one in top5.printed} == {"match"}


def test_other_errors_differ_and_those_between_are_inconclusive():
    assert words(13.0)["top5_error_percent"] == {PAPER: "differs (worse)", PAGE: "differs (worse)"}
    assert words(11.0)["top5_error_percent"] == {PAPER: "differs (better)", PAGE: "differs (better)"}
    assert words(12.12)["top5_error_percent"] == {PAPER: "inconclusive", PAGE: "differs (worse)"}
    assert words(32.12)["top1_error_percent"] == {PAGE: "match"}


@pytest.mark.parametrize(
    ("row", "printed"),
    [(("vgg16", "full"), "11.65"), (("resnet50", "full"), "8.86"), (("resnet50", "wae_cnn"), "9.66")],
)
def test_rows_of_tables_1_and_5_have_their_printed_numbers(row, printed):
    (top5,) = [one for one in errors(ranks(9), np.arange(50_000), *row, ()) if one.quantity == "top5_error_percent"]
    assert [one.text for one in top5.printed] == [printed]


def test_facts_exactly_as_imagenets_validation_images_are_the_papers():
    assert unlike_the_paper(NETWORK, FACTS) == ()


@pytest.mark.parametrize(
    ("network", "facts", "reason"),
    [
        (NETWORK, {**FACTS, "test_images": 49_999}, "other data: test images 49999, ImageNet has 50000"),
        (NETWORK, {**FACTS, "classes": 999}, "other data: classes 999, ImageNet has 1000"),
        (NETWORK, {**FACTS, "classes_sha256": "0"}, "other data: classes sha256 0, ImageNet has"),
        (NETWORK, {**FACTS, "test_images_per_class": [49, 51]}, "other data: test images per class are not 50"),
        (NETWORK, {**FACTS, "median_side": 64}, "other data: median side of its files 64"),
        (NETWORK, {}, "other data: nothing is recorded of it"),
        ({"width": 0.5}, FACTS, "other settings: network.width"),
    ],
)
def test_anything_else_has_a_reason_and_no_word(network, facts, reason):
    (found,) = unlike_the_paper(network, facts)
    assert found.startswith(reason)
    assert words(11.87, (found,))["top5_error_percent"] == dict.fromkeys((PAPER, PAGE), published.NOT_COMPARABLE)
