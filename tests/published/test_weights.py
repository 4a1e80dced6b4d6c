"""Files of weights by their content: torchvision's against torchvision itself, hostile and damaged ones in one line."""

import os
import pickle

import pytest
import torch
from safetensors.torch import save_file
from torch.testing import assert_close
from torchvision.models import VGG, ResNet
from torchvision.models.resnet import Bottleneck
from torchvision.models.vgg import make_layers

from study.published import caffemodel, weights, wire
from study.published.standard import DEVIATION, MEAN
from study.settings.errors import InvalidData
from tests.published import graphs

CLASSES = 3
CONFIGURATION = [4, 4, "M", 8, 8, "M", 16, 16, 16, "M", 32, 32, 32, "M", 32, 32, 32, "M"]


def vgg16() -> torch.nn.Module:
    """torchvision's VGG16 at a sixteenth of its width."""
    with torch.device("meta"):  # its own head has a hundred million weights
        found = VGG(make_layers(CONFIGURATION), CLASSES, init_weights=False)
        for place, (inputs, outputs) in {0: (32 * 49, 256), 3: (256, 256), 6: (256, CLASSES)}.items():
            found.classifier[place] = torch.nn.Linear(inputs, outputs)
    found.to_empty(device="cpu")
    for value in found.state_dict().values():
        value.normal_(std=(2 / value[0].numel()) ** 0.5 if value.ndim > 1 else 0.1)
    return found


def resnet50() -> torch.nn.Module:
    """torchvision's ResNet-50 at half its width, which it cannot build itself, with statistics of its own."""

    class Narrow(ResNet):
        def _make_layer(self, block, planes, *more, **others):
            return super()._make_layer(block, planes // 2, *more, **others)

        @property
        def inplanes(self):
            return self._inplanes

        @inplanes.setter
        def inplanes(self, value):
            self._inplanes = value // 2 if value == 64 else value

    found = Narrow(Bottleneck, [3, 4, 6, 3], num_classes=CLASSES)
    found.fc = torch.nn.Linear(1024, CLASSES)
    for name, value in found.state_dict().items():
        if name.endswith("running_var"):
            value.uniform_(0.5, 2)
        elif name.endswith("running_mean"):
            value.normal_()
    return found


NETWORKS = {"vgg16": vgg16, "resnet50": resnet50}


def made(name: str) -> torch.nn.Module:
    torch.manual_seed(0)
    return NETWORKS[name]().eval()


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("form", ["now", "before 1.6", "safetensors"])
def test_a_file_of_torchvision_gives_torchvisions_logits(tmp_path, name, form):
    theirs, file = made(name), tmp_path / "anything"
    if form == "safetensors":
        save_file(theirs.state_dict(), file)
    else:
        torch.save(theirs.state_dict(), file, _use_new_zipfile_serialization=form == "now")
    found = weights.read(file)
    assert (found.backbone, found.method, found.classes, found.colours, found.resize) == (
        name, "full", CLASSES, "rgb", "keep",
    )  # fmt: skip
    image = torch.rand(2, 3, 224, 224)
    standardised = (image - torch.tensor(MEAN)[:, None, None]) / torch.tensor(DEVIATION)[:, None, None]
    with torch.inference_mode():
        (ours,), expected = found.network(image), theirs(standardised)
    assert expected.std() > 0
    assert_close(ours, expected, rtol=1e-5, atol=1e-5 * float(expected.abs().max()))


def test_older_files_count_no_updates(tmp_path):
    state = {name: value for name, value in made("resnet50").state_dict().items() if not name.endswith("_tracked")}
    torch.save(state, tmp_path / "weights")
    assert weights.read(tmp_path / "weights").backbone == "resnet50"


class Code:
    """A pickle that would leave a file behind if it were run."""

    def __init__(self, file):
        self.file = str(file)

    def __reduce__(self):
        return os.mkdir, (self.file,)


@pytest.mark.parametrize("old", [False, True])
def test_code_in_a_pickle_is_refused_and_not_run(tmp_path, old):
    file, trace = tmp_path / "weights.pth", tmp_path / "trace"
    torch.save({"features.0.weight": Code(trace)}, file, _use_new_zipfile_serialization=not old)
    with pytest.raises(InvalidData, match=r"weights\.pth: not readable as weights alone") as fault:
        weights.read(file)
    assert "\n" not in str(fault.value)
    assert not trace.exists()


def tampered(change) -> dict:
    state = dict(made("vgg16").state_dict())
    change(state)
    return state


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (tampered(lambda its: its.pop("features.2.bias")), "lacks 1 of the 32 tensors of torchvision's vgg16: "),
        (tampered(lambda its: its.update(more=torch.ones(1))), "1 tensors that torchvision's vgg16 has not: more"),
        (
            tampered(lambda its: its.update({"features.2.bias": torch.ones(5)})),
            "features.2.bias: torch.float32 of 5, not floating-point numbers of 4",
        ),
        (
            tampered(lambda its: its.update({"features.2.bias": torch.ones(4, dtype=torch.int64)})),
            "features.2.bias: torch.int64 of 4",
        ),
        (tampered(lambda its: its["features.2.bias"].fill_(torch.nan)), "features.2.bias: a weight that is not finite"),
        (
            tampered(lambda its: its.update({"classifier.6.weight": torch.ones(1).expand(10**9, 4096)})),
            "1000000000 classes; 2 to 100000 can be evaluated",
        ),
        ({"model.conv.weight": torch.ones(1)}, "neither torchvision's VGG16 nor its ResNet-50; its 1 tensors begin"),
        ({"state_dict": {"fc.weight": torch.ones(1)}}, "not a state dict, which holds tensors by name"),
        ([torch.ones(1)], "not a state dict"),
    ],
)  # fmt: skip
def test_what_is_not_the_network_is_one_line(tmp_path, state, words):
    torch.save(state, tmp_path / "weights.pth")
    with pytest.raises(InvalidData) as fault:
        weights.read(tmp_path / "weights.pth")
    assert words in str(fault.value)
    assert "\n" not in str(fault.value)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not a caffemodel at all",
        b"<!DOCTYPE html><html>the page of a download</html>",
        b"PK\x03\x04 no archive",
        b"\x80\x02 no pickle",
        pickle.dumps({"a": 1}),
        b"\x10\0\0\0\0\0\0\0{no json at all} and more",
        b"\x0a\x04made",  # a network without layers
    ],
)
def test_what_is_no_file_of_weights_is_one_line(tmp_path, content):
    (tmp_path / "weights").write_bytes(content)
    with pytest.raises(InvalidData, match=r"^\S+weights: not ") as fault:
        weights.read(tmp_path / "weights")
    assert "\n" not in str(fault.value)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(InvalidData, match="no such file, or not a regular one"):
        weights.read(tmp_path / "weights")


def layer_of(blob: bytes) -> bytes:
    """A network of one layer with one blob of these bytes."""

    def field(number: int, content: bytes) -> bytes:
        return varint(number << 3 | 2) + varint(len(content)) + content

    return field(100, field(1, b"one") + field(2, b"Scale") + field(7, blob))


def varint(number: int) -> bytes:
    found = b""
    while number > 0x7F:
        found, number = found + bytes([number & 0x7F | 0x80]), number >> 7
    return found + bytes([number])


HUGE = varint(7 << 3 | 2) + varint(20) + varint(1 << 3) + varint(2**62) + varint(1 << 3) + varint(2**62)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (varint(100 << 3 | 2) + varint(2**40), "1099511627776 bytes of field 100 where 0 are left"),
        (b"\x80" * 20, "a number of more than 10 bytes"),
        (b"\x80", "a number goes on behind the end"),
        (b"\x0b", "a field of the kind 3"),
        (b"\x00\x00", "a field with the number 0"),
        (varint(100 << 3) + b"\x01", "a number in the place of a message"),
        (layer_of(varint(5 << 3 | 2) + b"\x03abc"), "3 bytes of numbers of 4"),
        (layer_of(varint(5 << 3 | 2) + b"\x04" + bytes(4)), "1 numbers in a blob of the shape 0 x 0 x 0 x 0"),
        (layer_of(HUGE), "0 numbers in a blob of the shape 4611686018427387904 x 4611686018427387904"),
        (layer_of(varint(1 << 3) + varint(2**64 - 1)), "a field that is no number, or a negative one"),
        (layer_of(b"") * 2, "two layers 'one'"),
        (layer_of(varint(7 << 3 | 2) + b"\x42" + varint(1 << 3 | 2) + b"\x40" + b"\x01" * 64), "1 x 1 x 1 x 1 x 1"),
        (varint(100 << 3 | 2) + b"\x04" + b"\x0a\x02\xff\xfe", "a name that is no UTF-8"),
        (varint(100 << 3 | 2) + varint(2003) + b"\x0a" + varint(2000) + b"a" * 2000, "a name of 2000 bytes"),
        ((varint(100 << 3 | 2) + b"\x00") * 10_001, "more than 10000 layers"),
    ],
)
def test_a_hostile_caffemodel_is_one_line(tmp_path, content, words):
    (tmp_path / "weights").write_bytes(content)
    with pytest.raises(InvalidData) as fault:
        caffemodel.read(tmp_path / "weights")
    assert words in str(fault.value)
    assert "\n" not in str(fault.value)


def test_every_beginning_of_a_caffemodel_is_refused_or_lacks_a_layer(tmp_path):
    whole = graphs.vgg16(width=1 / 64).save(tmp_path / "whole").read_bytes()
    for length in range(0, len(whole), len(whole) // 97):
        (tmp_path / "cut").write_bytes(whole[:length])
        with pytest.raises(InvalidData):
            weights.read(tmp_path / "cut")


def test_numbers_are_read_to_64_bits():
    for number in (0, 1, 127, 128, 300, 2**31, 2**63 - 1):
        ((field, value),) = wire.fields(memoryview(varint(1 << 3) + varint(number)))
        assert (field, value) == (1, number)
