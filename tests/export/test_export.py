"""A network that leaves the study gives the scores that it gave inside, in every form."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import nn

from study.export import formats as export
from study.export.card import Error, Facts, card
from study.export.preprocessing import Preprocessing
from study.models import plans
from study.models.build import build
from study.models.classifiers import averaged
from study.models.shape import Shape
from study.settings import paths
from study.settings.errors import InvalidData

pytestmark = pytest.mark.slow  # torch.export and ONNX take seconds a network

SHAPE = Shape(32, 3, 1 / 16, batch_norm=True)
SEEN = Preprocessing(side=36, crop=32, aspect="warp", divisor=1, packed=True, upright=False, reduce=None)


def described(method: str = "wae_cnn", shape: Shape = SHAPE, seen: Preprocessing = SEEN) -> export.Description:
    return export.Description(
        method, "vgg16", "objects", "smoke", 0, shape, ("cat", "dog", "fox"), seen, {"method": method}, "abc", "def"
    )


def network(method: str = "wae_cnn", shape: Shape = SHAPE) -> nn.Module:
    """A small network whose norms have something to do."""
    torch.manual_seed(0)
    built = build("vgg16", method, shape).eval()
    for layer in built.modules():
        if isinstance(layer, nn.BatchNorm2d):
            layer.running_mean.uniform_(-0.5, 0.5)
            layer.running_var.uniform_(0.5, 2)
    return built


def pictures(side: int = 32) -> torch.Tensor:
    return torch.randint(0, 256, (5, 3, side, side), dtype=torch.uint8, generator=torch.Generator().manual_seed(1))


@pytest.fixture(scope="module")
def original() -> nn.Module:
    return network().train()


@pytest.fixture(scope="module")
def folder(original, tmp_path_factory) -> Path:
    """Ours, exported."""
    folder = tmp_path_factory.mktemp("wae_cnn")
    export.export(folder, original, described(), pictures())
    return folder


@pytest.mark.slow
def test_a_loaded_network_gives_the_same_bits(folder):
    with torch.inference_mode():
        expected = averaged(network()(pictures().float() / 255))
    exported = export.load(folder)
    assert exported(pictures()).equal(expected)
    assert exported.description == described()
    assert (exported.classes, exported.preprocessing) == (("cat", "dog", "fox"), SEEN)


@pytest.mark.slow
def test_the_program_and_the_graph_give_the_same_scores_for_any_number_of_images(folder):
    expected = export.load(folder)
    program, session = export.program_of(folder), export.session_of(folder)
    for count in (1, 3, 5):
        images = pictures()[:count].float() / 255
        with torch.inference_mode():
            torch.testing.assert_close(program(images), expected(pictures()[:count]), rtol=0, atol=1e-6)
            torch.testing.assert_close(session(images), expected(pictures()[:count]), rtol=0, atol=1e-6)


@pytest.mark.slow
def test_the_configuration_holds_what_was_checked(folder):
    checked = json.loads((folder / export.CONFIG).read_text(encoding="utf-8"))["checked"]
    assert checked["pictures"] == 5
    assert checked["difference"].keys() == {export.WEIGHTS, export.PROGRAM, export.ONNX}
    assert checked["difference"][export.WEIGHTS] == 0
    assert max(checked["difference"].values()) <= checked["tolerance"]


@pytest.mark.slow
@pytest.mark.parametrize("method", ["wavelet_cnn", "half"])
def test_networks_of_other_inputs_are_exported_too(tmp_path, method):
    seen = replace(SEEN, divisor=2) if method == "half" else SEEN
    differences = export.export(tmp_path, network(method), described(method, seen=seen), pictures(seen.input_side))
    assert max(differences.values()) <= export.TOLERANCE


@pytest.mark.slow
def test_a_pruned_network_comes_back_with_its_layers(tmp_path):
    shape = replace(SHAPE, plan=replace(plans.THINET_GAP))
    pruned = network("thinet_gap", shape)
    export.export(tmp_path, pruned, described("thinet_gap", shape), pictures())
    exported = export.load(tmp_path)
    assert [layer.out_channels for layer in exported.network.modules() if isinstance(layer, nn.Conv2d)] == [
        layer.out_channels for layer in pruned.modules() if isinstance(layer, nn.Conv2d)
    ]


@pytest.mark.slow
def test_a_form_that_gives_other_scores_is_an_error_and_leaves_no_configuration(tmp_path, monkeypatch):
    def wrong(_: Path):
        return lambda images: torch.zeros(len(images), 3)

    monkeypatch.setattr(export, "session_of", wrong)
    with pytest.raises(export.NotTheNetwork, match=r"network\.onnx: logits differ by 1 of the largest"):
        export.export(tmp_path, network(), described(), pictures())
    assert not (tmp_path / export.CONFIG).exists()


@pytest.mark.slow
def test_the_original_is_left_as_it_was(folder, original):
    assert original.training
    assert original.state_dict().keys() == network().state_dict().keys()
    assert all(value.equal(network().state_dict()[name]) for name, value in original.state_dict().items())


def test_a_folder_of_something_else_is_not_written_to(tmp_path):
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(InvalidData, match="holds something else"):
        export.export(tmp_path, network(), described(), pictures())


def test_a_lacking_package_is_named_with_the_extra(tmp_path, monkeypatch):
    monkeypatch.setattr(export, "find_spec", lambda name: None if name == "onnx" else name)
    with pytest.raises(InvalidData, match=r"onnx: not installed; pip install -e '.\[export\]'"):
        export.check_possible(tmp_path / "new")


@pytest.mark.slow
def test_what_is_no_exported_network_is_one_line(tmp_path, folder):
    with pytest.raises(InvalidData, match="not an exported network"):
        export.load(tmp_path)
    stored = paths.read_json(folder / export.CONFIG)
    save_file(
        {name: value * 2 for name, value in load_file(folder / export.WEIGHTS).items()}, tmp_path / export.WEIGHTS
    )
    paths.write_json(tmp_path / export.CONFIG, {**stored, "format": 1})
    with pytest.raises(InvalidData, match="format 1, this version reads 2"):
        export.load(tmp_path)
    paths.write_json(tmp_path / export.CONFIG, paths.read_json(folder / export.CONFIG))
    for hostile in (b"", b"garbage", (2**60).to_bytes(8, "little") + b"{", b"\x80\x04cos\nsystem\n."):
        (tmp_path / export.WEIGHTS).write_bytes(hostile)
        with pytest.raises(InvalidData, match="not an exported network: .+; make it again") as caught:
            export.load(tmp_path)
        assert "\n" not in str(caught.value)
    stored["network"]["shape"]["width"] = 1 / 8
    (tmp_path / export.CONFIG).write_text(json.dumps(stored))
    with pytest.raises(InvalidData, match="not an exported network"):
        export.load(tmp_path)


def facts(**changed) -> Facts:
    errors = [Error("top-1", 41.5, 42.0, {"seeds": (37.0, 46.0)}, 33.0), Error("top-5", None, None, {}, None)]
    known = {
        "source": "photographs",
        "images": {"train": 5700, "test": 2850},
        "parameters": 1000,
        "errors": errors,
        "measured_in": "`results/smoke/evaluation/objects-vgg16.json`, measured with commit abc",
        "of_this_training": True,
        "licence": "MIT",
    }
    return Facts(**known | changed)


def test_the_card_has_the_measured_errors_and_says_where_there_are_none():
    text = card(described(), facts(), {export.ONNX: 1.2e-6}, 64)
    assert "| top-1 | 41.50 | 42.00 (seeds 37.00 to 46.00) | 33.00 |" in text
    assert "| top-5 | not measured | not measured | not measured |" in text
    assert "another training" not in text
    assert "| `network.onnx` | ONNX graph | 1e-06 |" in text
    assert "A class is one photograph" in text
    assert "Scale smoke is not the paper's" in text


def test_the_card_says_when_the_results_are_not_of_these_weights():
    assert "another training" in card(described(), facts(of_this_training=False), {}, 64)
    none = card(described(), facts(measured_in=None, of_this_training=False), {}, 64)
    assert "holds no results" in none
    assert "another training" not in none


def test_the_card_warns_of_the_form_that_can_run_code_before_it_loads_one():
    text = card(described(), facts(), {}, 64)
    warning = text.index("**Loading `network.pt2` can run code**")
    assert text.index("from study.export.formats import load") > warning
    assert text.index("torch.export.load(") > warning


def test_a_class_is_named_in_the_card_as_it_is_called_and_does_nothing():
    names = ("<script>x</script>", "a|b", "red\x1b[31m", *map(str, range(30)))
    text = card(replace(described(), classes=names), facts(), {}, 64)
    assert "\x1b" not in text
    assert "Classes: \\<script\\>x" in text
    assert "a\\|b, red\\\\x1b\\[31m, 0, 1," in text
    assert "16, and 13 more (all in `config.json`)." in text
