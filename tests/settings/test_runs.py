"""What is run, in a few lines: files of runs/ against params.yaml."""

import shutil
from io import StringIO
from pathlib import Path

import pytest
from dvc.utils.serialize import modify_yaml

from study.settings import choice, params, paths, runs
from study.settings.errors import InvalidParameter


@pytest.fixture
def file(tmp_path):
    return Path(shutil.copy(paths.PARAMS, tmp_path / "params.yaml"))


def changed(before: str, after: str) -> list[str]:
    """The lines that are not as before, where their number is."""
    old, new = before.splitlines(), after.splitlines()
    assert len(old) == len(new)
    return [line for line, was in zip(new, old, strict=True) if line != was]


def test_the_writer_of_dvc_leaves_the_parameters_as_they_are_byte_for_byte(file):
    before = file.read_bytes()
    with modify_yaml(file):
        pass
    assert file.read_bytes() == before
    text = StringIO()
    runs.writer().dump(runs.writer().load(before.decode()), text)
    assert text.getvalue().encode() == before


@pytest.mark.parametrize(
    ("key", "value", "line"),
    [
        ("lambda", 0.01, "lambda: 0.01"),
        ("scale", "smoke", "scale: smoke"),
        ("scales.desk.wae.learning_rate", 0.5, "      learning_rate: 0.5"),
        ("scales.paper.classifier.epochs", 60, "      epochs: 60"),
    ],
)
def test_a_value_that_dvc_sets_changes_one_line(file, key, value, line):
    before = file.read_text(encoding="utf-8")
    with modify_yaml(file) as whole:
        *blocks, last = key.split(".")
        for name in blocks:
            whole = whole[name]
        whole[last] = value
    (found,) = changed(before, file.read_text(encoding="utf-8"))
    assert found.startswith(line)


def test_the_committed_parameters_are_those_of_the_default_run(file):
    before = file.read_text(encoding="utf-8")
    runs.apply(runs.read("quick"), file)
    assert file.read_text(encoding="utf-8") == before


@pytest.mark.parametrize("name", runs.names())
def test_every_run_can_be_used_and_taken_back(file, name):
    before = file.read_text(encoding="utf-8")
    run = runs.read(name)
    runs.apply(run, file)
    now = params.read(file)
    assert (now.scale, now.seeds) == (run.scale, run.seeds)
    assert params.chosen(now) == choice.choice(run.rows, run.datasets, run.backbones)
    if not run.set:
        runs.apply(runs.read("quick"), file)
        assert file.read_text(encoding="utf-8") == before


def test_a_key_that_there_is_not_leaves_the_file_as_it_was(file):
    before = file.read_bytes()
    for wrong in ({"scales.photos.classifier.epoch": 3}, {"scales.photos.classifier.epochs": "three"}):
        with pytest.raises(InvalidParameter, match=r"scales\.photos\.classifier\.epoch"):
            runs.apply(runs.Run(scale="photos", seeds=[0], rows=["wae_cnn"], set=wrong), file)
        assert file.read_bytes() == before


def test_a_run_without_objects_or_with_a_row_that_there_is_not_is_refused():
    with pytest.raises(InvalidParameter, match="datasets: objects must be among them"):
        choice.choice(["wae_cnn"], ["faces"])
    with pytest.raises(InvalidParameter, match="rows: must be paper, all, or among full"):
        choice.choice(["wae"])
    with pytest.raises(InvalidParameter, match=r"nowhere: no such file, and none of runs/: .*desk"):
        runs.read("nowhere")


def test_lists_that_do_not_fit_are_said_before_anything_runs(file):
    for old, new, fault in (
        ("train_frozen: [low, wae_cnn_frozen]", "train_frozen: [low]", "wae_cnn needs wae_cnn_frozen"),
        ("train: [full, half, ca,", "train: [half, ca,", "full is missing"),
        ("auto_encoders: [objects, faces]", "auto_encoders: [objects]", "auto_encoders: faces is missing"),
        ("prune: [thinet_30]", "prune: [thinet_31]", "thinet_31 is no row there"),
        ("  faces: [vgg16]", "  faces: []", "backbones.faces: vgg16 must be there"),
    ):
        text = paths.PARAMS.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new, 1), encoding="utf-8")
        with pytest.raises(InvalidParameter, match=f"{fault}.*`study use`"):
            params.read(file)
