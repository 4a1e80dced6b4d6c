"""In what a scale departs from the paper."""

from pathlib import Path

from study.paper import deviations
from study.rendering import deviations as page
from study.rendering import markdown
from study.settings import config


def test_the_paper_scale_deviates_in_nothing_and_the_desk_scale_names_each_key():
    params = config.read()
    assert deviations.deviations(params, "paper") == []
    found = {one.key: (one.paper, one.here) for one in deviations.deviations(params, "desk")}
    assert found["network.width"] == (1.0, params.scales.desk.network.width)
    assert found["data.objects.source"] == ("imagenet", "photographs")
    assert found["classifier.drops"] == ("plateau", params.scales.desk.classifier.drops)


def test_the_page_has_a_row_a_deviation_and_says_where_there_is_none():
    params = config.read()
    assert "| network.width | 1 | 0.25 |" in markdown.page(page.page(deviations.setup(params, "desk")))
    assert "No key differs" in markdown.page(page.page(deviations.setup(params, "paper")))


def test_an_edited_paper_scale_and_an_edited_lambda_are_deviations_too(tmp_path):
    text = Path("params.yaml").read_text(encoding="utf-8")
    for old, new in (("lambda: 1.0", "lambda: 0.01"), ("network: {width: 1.0", "network: {width: 0.5")):
        assert old in text
        text = text.replace(old, new)
    file = tmp_path / "params.yaml"
    file.write_text(text, encoding="utf-8")
    assert [one.key for one in deviations.deviations(config.read(file), "paper")] == ["lambda", "network.width"]


def test_every_key_of_the_setup_is_a_parameter_and_every_parameter_is_stated_or_open():
    known = deviations.read()
    listed = {entry["key"] for kind in ("stated", "open") for entry in known[kind]}
    assert listed == set(deviations.in_force(config.read(), "paper"))
