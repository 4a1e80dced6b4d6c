"""The page of a published network."""

import pytest

from study.judging.published import Error, Evaluated, Printed
from study.rendering import markdown
from study.rendering.published import page

NETWORK = {
    "method": "wae_cnn", "backbone": "vgg16", "origin": "the paper's authors", "classes": 1000, "width": 1.0,
    "colours": "bgr", "pixels": "0 to 255", "passed_over": (),
}  # fmt: skip
DATA = {
    "test_images": 50_000, "classes": 1000, "units": 49_990, "layout": "class folders", "classes_sha256": "c",
    "listing_sha256": "l",
}  # fmt: skip
PROVENANCE = {"protocol_digest": "p", "code_commit": "0123", "hardware": {"gpu": None, "processor": "a processor"}}


def shown(unlike: tuple[str, ...] = (), width: float = 1.0, printed: bool = True) -> str:
    beside = (Printed("the paper", "Table 1, Ours", "11.87", "match", "near"),) if printed else ()
    errors = (Error("top5_error_percent", 11.734, (11.45, 12.02), beside),)
    weights = {"file": "wae.caffemodel", "bytes": 5, "sha256": "s"}
    seen = {"said": "squashed", "crop": 224}
    found = Evaluated("wae", weights, {**NETWORK, "width": width}, DATA, seen, errors, unlike, PROVENANCE)
    return markdown.page(page(found))


def test_an_error_stands_beside_what_was_printed_with_its_verdict():
    text = shown()
    line = "| top-5 error, % | 11.73 | 11.45 to 12.02 | 11.87 | the paper | Table 1, Ours | match: near |"
    assert line in text.splitlines()
    assert "1000 classes, the full width." in text
    assert "Why its errors" not in text
    assert "of an earlier training than the released file" in text


def test_an_error_that_nobody_printed_has_a_line_all_the_same():
    assert "| top-5 error, % | 11.73 | 11.45 to 12.02 | – |  |  |  |" in shown(printed=False).splitlines()


@pytest.mark.parametrize("reason", ["other data: test images 12", "other settings: network.width"])
def test_every_reason_against_a_comparison_is_told(reason):
    text = shown(unlike=(reason,), width=0.5)
    assert f"- {reason}" in text.splitlines()
    assert "0.5 of the full width" in text
