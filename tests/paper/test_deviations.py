"""In what a scale departs from the paper."""

from pathlib import Path

from study.paper import deviations
from study.rendering import deviations as page
from study.rendering import markdown
from study.settings import config, paths


def of(scale: str, file: Path = paths.PARAMS) -> deviations.InForce:
    return config.load(deviations.InForce, scale, path=file)


def edited(tmp_path: Path, *changes: tuple[str, str]) -> Path:
    text = paths.PARAMS.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    file = tmp_path / "params.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def test_the_paper_scale_deviates_in_nothing_and_the_desk_scale_names_each_key():
    assert deviations.deviations(of("paper")) == []
    found = {one.key: (one.paper, one.here) for one in deviations.deviations(of("desk"))}
    assert found["network.width"] == (1.0, of("desk").of_scale.network.width)
    assert found["data.objects.source"] == ("imagenet", "photographs")
    assert found["classifier.schedule.kind"][0] == "plateau"


def test_the_page_has_a_row_a_deviation_and_says_where_there_is_none():
    assert "| network.width | 1 | 0.25 |" in markdown.page(page.page(deviations.setup(of("desk"), "desk")))
    assert "No key differs" in markdown.page(page.page(deviations.setup(of("paper"), "paper")))


def test_an_edited_paper_scale_and_an_edited_lambda_are_deviations_too(tmp_path):
    file = edited(tmp_path, ("lambda: 1.0", "lambda: 0.01"), ("width: 1.0", "width: 0.5"))
    assert [one.key for one in deviations.deviations(of("paper", file))] == ["lambda", "network.width"]


def test_a_row_with_a_learning_rate_of_its_own_deviates(tmp_path):
    file = edited(tmp_path, ("vgg16: {others: 0.01}", "vgg16: {others: 0.01, wae_cnn: 0.03, low: 0.01}"))
    (one,) = deviations.deviations(of("paper", file))
    assert (one.key, one.paper, one.here) == ("classifier.learning_rate.vgg16.wae_cnn", 0.01, 0.03)


def test_every_key_of_the_setup_is_a_parameter_and_every_parameter_is_stated_or_open():
    known = deviations.read()
    listed = {entry["key"] for kind in ("stated", "open") for entry in known[kind]}
    assert listed == set(deviations.in_force(of("paper")))
