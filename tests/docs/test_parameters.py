"""The page of the parameters against their definitions."""

from pathlib import Path

from docs import make_parameters as parameters
from study.rendering import markdown
from study.settings.parameters.whole import Scale


def test_the_page_is_what_the_definitions_give():
    assert Path("docs/parameters.md").read_text(encoding="utf-8") == markdown.page(parameters.page()), (
        "make it again: python -m docs.make_parameters > docs/parameters.md"
    )


def test_a_range_is_told_in_words():
    told = {key: kind for key, _, kind in parameters.leaves(Scale)}
    assert told["network.width"] == "number > 0, ≤ 1"
    assert told["wae.batch"].startswith("whole number ≥ 1")
    assert told["wae.schedule"].startswith("block Constant or block Milestones")
    assert told["timing.implementations"] == "`as written`, `without a compiler`, `all`"


def test_what_is_kept_by_words_has_a_row_a_word():
    values = {"classifier": {"learning_rate": {"vgg16": {"others": 0.01, "wae_cnn": 0.03}}}}
    keys = [key for key, *_ in parameters.leaves(Scale, [values])]
    assert "classifier.learning_rate.vgg16.wae_cnn" in keys


def test_every_parameter_has_a_meaning_and_lambda_the_papers_value():
    lines = markdown.page(parameters.page()).splitlines()
    assert any(line.startswith("| `lambda` |") and "paper: 1" in line for line in lines)
    cells = [line.split(" | ") for line in lines if line.startswith("| `")]
    assert all(cell[1].strip() for cell in cells)
