"""From the tables of a search to the lines of params.yaml."""

import json

import pytest

from study.assembly import adoption


def search(dataset: str, **rows: list[float | None]) -> dict:
    """Errors by row at the rates 0.1 and 0.2, dropouts 0 and 0.5 (rate first), or at the rates alone."""
    trainings = []
    for row, errors in rows.items():
        places = [(rate, drop) for rate in (0.1, 0.2) for drop in ((0.0, 0.5) if len(errors) == 4 else (None,))]
        for (rate, drop), error in zip(places, errors, strict=True):
            one = {"row": row, "learning_rate": rate, "dropout": drop, "outcome": "diverged"}
            trainings.append(one if error is None else {**one, "outcome": "trained", "top1_error_percent": error})
    return {"dataset": dataset, "validation_images": 10_000, "dropouts": [0.0, 0.5], "trainings": trainings}


def test_rate_and_dropout_are_chosen_together():
    found = adoption.choice([search("objects", full=[40, 30, 20, 50])])
    assert found == {"full": {"learning_rate": 0.2, "dropout": 0.0}}


def test_a_network_without_dropout_has_its_error_at_every_dropout():
    found = adoption.choice([search("objects", full=[40, 20, 50, 60], thin=[30, 30.1])])
    assert found["thin"] == {"learning_rate": 0.1, "dropout": 0.5}


def test_a_diverged_training_is_never_chosen():
    assert adoption.choice([search("objects", full=[None, 60, None, None])])["full"]["dropout"] == 0.5


def test_a_row_of_two_data_sets_has_the_value_of_the_lowest_mean():
    searches = [search("objects", full=[20, 40, 25, 40]), search("faces", full=[30, 40, 10, 40])]
    assert adoption.choice(searches)["full"]["learning_rate"] == 0.2


def test_the_value_of_most_rows_stands_under_others():
    assert adoption.compact({"a": 0.1, "b": 0.2, "c": 0.2}) == {"others": 0.2, "a": 0.1}


def test_the_lines_for_the_parameters_come_from_finished_searches_alone(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "results/desk/search"
    folder.mkdir(parents=True)
    finished = search("objects", full=[40, 30, 20, 50], half=[40, 10, 20, 50], ca=[40, 30, 20, 50]) | {"choice": {}}
    (folder / "objects-vgg16.json").write_text(json.dumps(finished))
    (folder / "faces-vgg16.json").write_text(json.dumps(search("faces", full=[1, 50, 50, 50])))
    assert adoption.as_params("desk").splitlines()[1:] == [
        "  classifier.learning_rate.vgg16: {others: 0.2, half: 0.1}",
        "  network.dropout: {others: 0.0, half: 0.5}",
    ]
    assert adoption.chosen("smoke") == {}


@pytest.mark.parametrize("scale", ["smoke"])
def test_a_scale_without_a_finished_search_says_so(tmp_path, monkeypatch, scale):
    monkeypatch.chdir(tmp_path)
    assert adoption.as_params(scale) == "No search of scale smoke has come to its end."
