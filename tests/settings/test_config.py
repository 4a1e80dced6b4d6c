"""What a user may write into params.yaml, and what each mistake answers."""

from pathlib import Path
from typing import Annotated

import pytest
from pydantic import Field

from study.settings import config, params
from study.settings.config import At, StageSettings
from study.settings.errors import InvalidParameter
from study.settings.parameters.training import SGD, AutoEncoderTraining
from study.settings.parameters.types import NotNegative

TEXT = Path("params.yaml").read_text(encoding="utf-8")


@pytest.fixture
def changed(tmp_path):
    """params.yaml with one piece of text replaced."""

    def change(old: str, new: str) -> Path:
        assert old in TEXT
        file = tmp_path / "params.yaml"
        file.write_text(TEXT.replace(old, new, 1), encoding="utf-8")
        return file

    return change


def test_the_committed_parameters_are_valid():
    assert params.read().scale == "quick"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("lambda: 1.0", "lambda: -1", "lambda: must be greater than or equal to 0, got -1"),
        ("lambda: 1.0", "lambda: abc", "lambda: must be a valid number, got 'abc'"),
        ("lambda: 1.0", "lambda: .nan", "lambda: must be a finite number, got nan"),
        ("lambda: 1.0", "lambda: true", "lambda: must be a valid number, got True"),
        ("gamma: 0.001", "gama: 0.1\ngamma: 0.001", "gama: unknown key"),
        ("    classifier:\n      batch: 64\n", "    classifier:\n", "scales.smoke.classifier.batch: missing"),
        ("gamma: 0.001 ", "gamma: ", "gamma: must be a valid number, got None"),
        (
            "learning_rate: 1.0e-6\n      batch: 4\n      epochs: 20",
            "learning_rate: '1e-06'\n      batch: 4\n      epochs: 20",
            "scales.paper.wae.learning_rate: must be a valid number, got '1e-06'",
        ),
        (
            "source: photographs",
            "source: fotos",
            "scales.smoke.data.objects.source: must be one of 'photographs', 'rendered_faces', 'folder', 'imagenet', "
            "'cacd', got 'fotos'",
        ),
        ("crop: 32", "crop: 300", "scales.smoke.data.objects.crop: must be at most resize (36), got 300"),
        ("crop: 32", "crop: 33", "scales.smoke.data.objects.crop: must be a multiple of 2, got 33"),
        (
            "schedule: {kind: milestones, epochs: [1]}",
            "schedule: {kind: milestones, epochs: often}",
            "scales.smoke.wae.schedule.epochs: must be a valid list, got 'often'",
        ),
        (
            "schedule: {kind: milestones, epochs: [1]}",
            "schedule: {kind: steps, epochs: [1]}",
            "scales.smoke.wae.schedule.kind: must be one of 'constant', 'milestones', 'plateau', 'one_cycle', "
            "got 'steps'",
        ),
        (
            "schedule: {kind: milestones, epochs: [1]}",
            "schedule: {epochs: [1]}",
            "scales.smoke.wae.schedule.kind: missing",
        ),
        (
            "patience: 3",
            "patience: 0",
            "scales.paper.classifier.schedule.patience: must be greater than or equal to 1, got 0",
        ),
        ("width: 0.25", "width: 2", "scales.quick.network.width: must be less than or equal to 1, got 2"),
        ("- 0\n", "- 0\n- 0\n", "seeds: must be numbers that differ from one another, got [0, 0]"),
        (
            "threads: [1, all]",
            "threads: [0, all]",
            "bench.threads.0: must be a whole number of 1 to 4096, or all, got 0",
        ),
        (
            "threads: [1, all]",
            "threads: [1, most]",
            "bench.threads.1: must be a whole number of 1 to 4096, or all, got 'most'",
        ),
        (
            "implementations: as written",
            "implementations: fast",
            "scales.smoke.timing.implementations: must be 'as written', 'without a compiler' or 'all', got 'fast'",
        ),
        (
            "identities: 20\n        train_per_identity: 240",
            "identities: 10000\n        train_per_identity: 240",
            "scales.desk.data.faces: must make at most 1000000 images, makes 3000000",
        ),
        (
            "train_per_class: 300",
            "train_per_class: 1000000",
            "scales.desk.data.objects.train_per_class: must be less than or equal to 100000, got 1000000",
        ),
        ("    device: gpu", "    device: cpu", "scales.paper.device: must be 'gpu' or 'any', got 'cpu'"),
        ("scale: quick", "scale: dsk", "scale: must be 'smoke', 'quick', 'desk', 'photos' or 'paper', got 'dsk'"),
    ],
)
def test_a_mistake_is_one_line_with_the_key_the_value_and_what_would_be_right(changed, old, new, message):
    file = changed(old, new)
    with pytest.raises(InvalidParameter) as fault:
        params.read(file)
    assert str(fault.value) == f"{file}: {message}"


def test_an_exponent_without_a_point_is_a_number_as_in_yaml_1_2(changed):
    file = changed(
        "learning_rate: 1.0e-6\n      batch: 4\n      epochs: 20",
        "learning_rate: 1e-06\n      batch: 4\n      epochs: 20",
    )
    assert params.read(file).scales.paper.wae.learning_rate == 1e-6


def test_text_that_is_no_yaml_is_one_line(tmp_path):
    file = tmp_path / "params.yaml"
    file.write_text("scale: [desk\nseeds: 1", encoding="utf-8")
    with pytest.raises(InvalidParameter, match=r"^.*params\.yaml: not valid YAML: .*$"):
        params.read(file)


def test_a_missing_file_says_where_to_run(tmp_path):
    with pytest.raises(InvalidParameter, match="not found; run from the root of the checkout"):
        params.read(tmp_path / "params.yaml")


class Example(StageSettings):
    """As a stage declares what it reads."""

    lambda_: Annotated[NotNegative, Field(alias="lambda")]
    sgd: SGD
    wae: Annotated[AutoEncoderTraining, At("scales.{scale}.wae")]


def test_a_stage_gets_what_it_declares_and_nothing_else():
    assert Example.keys() == {"lambda_": "lambda", "sgd": "sgd", "wae": "scales.{scale}.wae"}
    settings = config.load(Example, "smoke")
    assert settings.lambda_ == 1.0
    assert settings.wae.batch == 16
    assert settings.as_dict().keys() == {"lambda", "sgd", "wae"}
    with pytest.raises(AttributeError, match="gamma"):
        _ = settings.gamma


def test_settings_cannot_be_changed():
    settings = config.load(Example, "desk")
    with pytest.raises(ValueError, match="frozen"):
        settings.sgd.momentum = 0.5
    with pytest.raises(ValueError, match="frozen"):
        settings.lambda_ = 0.5


def test_the_digest_follows_what_is_declared_and_only_that(changed):
    before = config.load(Example, "paper").digest()
    assert config.load(Example, "paper", path=changed("gamma: 0.001", "gamma: 0.5")).digest() == before
    assert config.load(Example, "paper", path=changed("width: 0.125", "width: 0.25")).digest() == before
    assert config.load(Example, "paper", path=changed("lambda: 1.0", "lambda: 0.5")).digest() != before
    changed_rate = changed("batch: 4\n      epochs: 20", "batch: 5\n      epochs: 20")
    assert config.load(Example, "paper", path=changed_rate).digest() != before


def test_settings_are_read_again_from_where_they_were_read(changed):
    settings = config.load(Example, "desk", path=changed("lambda: 1.0", "lambda: 0.5"))
    assert settings.reread() == settings
    changed("lambda: 1.0", "lambda: 0.25")
    assert settings.reread().lambda_ == 0.25


def test_an_unknown_scale_names_the_known_ones():
    with pytest.raises(InvalidParameter, match="scale: must be one of smoke, quick, desk, photos, paper, got 'big'"):
        config.load(Example, "big")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("lambda: 1.0", "lambda: -1", "lambda: must be greater than or equal to 0, got -1"),
        ("lambda: 1.0", "lamda: 1.0", "lambda: missing"),
        ("momentum: 0.9 ", "momentum: 1.9 ", "sgd.momentum: must be less than 1, got 1.9"),
        (
            "learning_rate: 1.0e-6\n      batch: 4\n      epochs: 20",
            "rate: 1.0e-6\n      batch: 4\n      epochs: 20",
            "scales.paper.wae.learning_rate: missing\nparams.yaml: scales.paper.wae.rate: unknown key",
        ),
    ],
)
def test_a_mistake_that_only_a_stage_reads_names_the_key_in_the_file(changed, old, new, message):
    file = changed(old, new)
    with pytest.raises(InvalidParameter) as fault:
        config.load(Example, "paper", path=file)
    assert str(fault.value).replace(str(file), "params.yaml") == f"params.yaml: {message}"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "resnet50: {others: 0.1}",
            "resnet: {others: 0.1}",
            "scales.smoke.classifier.learning_rate.resnet: no such backbone; known: vgg16, resnet50",
        ),
        ("resnet50: {others: 0.1}", "resnet: {others: 0.1}", "scales.smoke.classifier.learning_rate.resnet50: missing"),
        ("vgg16: {others: 0.01}", "vgg16: {full: 0.01}", "scales.smoke.classifier.learning_rate.vgg16.others: missing"),
        (
            "vgg16: {others: 0.01}",
            "vgg16: {others: 0.01, ful: 0.1}",
            "scales.smoke.classifier.learning_rate.vgg16.ful: no such row",
        ),
    ],
)
def test_rates_of_backbones_and_rows_that_there_are_not_are_named(changed, old, new, message):
    with pytest.raises(InvalidParameter) as fault:
        params.read(changed(old, new))
    assert message in {line.partition("params.yaml: ")[2] for line in str(fault.value).splitlines()}


def test_a_row_has_its_own_rate_or_that_of_all_others(changed):
    text = "vgg16: {others: 0.01}"
    rates = params.read(changed(text, "vgg16: {others: 0.01, full: 0.05}")).scales.smoke.classifier
    assert (rates.rate("vgg16", "full"), rates.rate("vgg16", "wavelet_cnn")) == (0.05, 0.01)


def test_the_paper_scale_holds_the_papers_values():
    chosen = params.read()
    paper = chosen.scales.paper
    assert (chosen.lambda_, chosen.gamma) == (1.0, 0.001)
    assert (chosen.sgd.momentum, chosen.sgd.weight_decay) == (0.9, 0.0005)
    assert (paper.wae.learning_rate, paper.wae.batch, paper.wae.schedule.epochs) == (1e-6, 4, [10])
    assert paper.wae.optimiser == "sgd"
    assert (paper.classifier.rate("vgg16", "wae_cnn_frozen"), paper.classifier.batch) == (0.01, 256)
    assert paper.classifier.schedule.kind == paper.finetune.schedule.kind == "plateau"
    assert (paper.finetune.learning_rate, paper.finetune.batch) == (1e-4, 256)
    assert (paper.data.objects.resize, paper.data.objects.crop, paper.data.objects.classes) == (256, 224, 1000)
    assert (paper.network.width, paper.network.batch_norm) == (1.0, False)
