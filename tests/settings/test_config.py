"""What a user may write into params.yaml, and what each mistake answers."""

from pathlib import Path

import pytest

from study.settings import config
from study.settings.errors import InvalidParameter

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
    assert config.read().scale == "desk"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("lambda: 1.0", "lambda: -1", "lambda: must be greater than or equal to 0, got -1"),
        ("lambda: 1.0", "lambda: abc", "lambda: must be a valid number, got 'abc'"),
        ("lambda: 1.0", "lambda: .nan", "lambda: must be a finite number, got nan"),
        ("lambda: 1.0", "lambda: true", "lambda: must be a valid number, got True"),
        ("gamma: 0.001", "gama: 0.1\ngamma: 0.001", "gama: unknown key"),
        ("batch: 64, epochs: 2,", "epochs: 2,", "scales.smoke.classifier.batch: missing"),
        ("gamma: 0.001 ", "gamma: ", "gamma: must be a valid number, got None"),
        (
            "learning_rate: 1.0e-6",
            "learning_rate: '1e-06'",
            "scales.photos.wae.learning_rate: must be a valid number, got '1e-06'",
        ),
        (
            "source: photographs",
            "source: fotos",
            "scales.smoke.data.objects.source: must be one of 'photographs', 'rendered_faces', 'folder', 'imagenet', "
            "'cacd', got 'fotos'",
        ),
        ("crop: 32", "crop: 300", "scales.smoke.data.objects.crop: must be at most resize (36), got 300"),
        ("crop: 32", "crop: 33", "scales.smoke.data.objects.crop: must be a multiple of 2, got 33"),
        ("drops: [1]", "drops: often", "scales.smoke.wae.drops: must be a valid list, got 'often'"),
        (
            "patience: 3",
            "patience: 0",
            "scales.paper.classifier.drops.patience: must be greater than or equal to 1, got 0",
        ),
        ("width: 0.25", "width: 2", "scales.desk.network.width: must be less than or equal to 1, got 2"),
        ("- 2\n", "- 1\n", "seeds: must differ from one another, got [0, 1, 1]"),
        (
            "threads: [1, all]",
            "threads: [0, all]",
            "bench.threads.0: must be a whole number of at least 1, or all, got 0",
        ),
        (
            "threads: [1, all]",
            "threads: [1, most]",
            "bench.threads.1: must be a whole number of at least 1, or all, got 'most'",
        ),
        (
            "implementations: as written",
            "implementations: fast",
            "scales.smoke.timing.implementations: must be 'as written', 'without a compiler' or 'all', got 'fast'",
        ),
        ("scale: desk", "scale: dsk", "scale: must be 'smoke', 'desk', 'photos' or 'paper', got 'dsk'"),
    ],
)
def test_a_mistake_is_one_line_with_the_key_the_value_and_what_would_be_right(changed, old, new, message):
    file = changed(old, new)
    with pytest.raises(InvalidParameter) as fault:
        config.read(file)
    assert str(fault.value) == f"{file}: {message}"


def test_an_exponent_without_a_point_is_a_number_as_in_yaml_1_2(changed):
    assert config.read(changed("learning_rate: 1.0e-6", "learning_rate: 1e-06")).scales.photos.wae.learning_rate == 1e-6


def test_text_that_is_no_yaml_is_one_line(tmp_path):
    file = tmp_path / "params.yaml"
    file.write_text("scale: [desk\nseeds: 1", encoding="utf-8")
    with pytest.raises(InvalidParameter, match=r"^.*params\.yaml: not valid YAML: .*$"):
        config.read(file)


def test_a_missing_file_says_where_to_run(tmp_path):
    with pytest.raises(InvalidParameter, match="not found; run from the root of the checkout"):
        config.read(tmp_path / "params.yaml")


def test_a_stage_gets_what_it_declares_and_nothing_else():
    settings = config.load("smoke", ("lambda", "scales.{scale}.wae"))
    assert settings.lambda_ == 1.0
    assert settings.wae.batch > 0
    with pytest.raises(AttributeError, match="gamma"):
        _ = settings.gamma


def test_settings_cannot_be_changed():
    settings = config.load("desk", ("sgd",))
    with pytest.raises(ValueError, match="frozen"):
        settings.sgd.momentum = 0.5


def test_the_digest_follows_what_is_declared_and_only_that(changed):
    declared = ("lambda",)
    before = config.load("desk", declared).digest()
    assert config.load("desk", declared, changed("gamma: 0.001", "gamma: 0.5")).digest() == before
    assert config.load("desk", declared, changed("lambda: 1.0", "lambda: 0.5")).digest() != before


def test_an_unknown_scale_names_the_known_ones():
    with pytest.raises(InvalidParameter, match="scale: must be one of smoke, desk, photos, paper, got 'big'"):
        config.load("big", ("lambda",))


def test_the_paper_scale_holds_the_papers_values():
    params = config.read()
    paper = params.scales.paper
    assert (params.lambda_, params.gamma) == (1.0, 0.001)
    assert (params.sgd.momentum, params.sgd.weight_decay) == (0.9, 0.0005)
    assert (paper.wae.learning_rate, paper.wae.batch, paper.wae.drops) == (1e-6, 4, [10])
    assert (paper.classifier.vgg16.learning_rate, paper.classifier.batch) == (0.01, 256)
    assert (paper.finetune.learning_rate, paper.finetune.batch) == (1e-4, 256)
    assert (paper.data.objects.resize, paper.data.objects.crop, paper.data.objects.classes) == (256, 224, 1000)
    assert (paper.network.width, paper.network.batch_norm) == (1.0, False)
