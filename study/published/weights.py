"""A file of published weights, whatever its kind: known by its content, never by its name, and never run."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

from study.published import authors, caffemodel, standard
from study.published.caffemodel import Layer
from study.published.network import Colours, Published, first_of
from study.settings.errors import InvalidData

TORCH = (b"PK\x03\x04", b"\x80\x02")  # how torch.save begins a file, now and before version 1.6
CAFFE: dict[str, Callable[[Path, dict[str, Layer], Colours], Published]] = {  # by a layer that no other has
    authors.SIGN: authors.convert,
    "res2a_branch1": standard.of_caffe_resnet50,
    "conv1_1": standard.of_caffe_vgg16,
}


def read(file: Path, colours: Colours | None = None) -> Published:
    """The network of a file: the authors' released one, or VGG16 or ResNet-50 of Caffe or torchvision.

    `colours` is the order in which the file's first layer takes them: of Caffe's files "bgr" and of torchvision's "rgb"
    where none is given. Raises InvalidData, in one line, for what is none of these or is damaged.
    """
    if not file.is_file():
        raise InvalidData(f"{file}: no such file, or not a regular one")
    with open(file, "rb") as content:
        head = content.read(9)
    if head.startswith(TORCH):
        return standard.of_torchvision(file, _pickled(file), colours or "rgb")
    if head[8:9] == b"{" and int.from_bytes(head[:8], "little") < file.stat().st_size:
        return standard.of_torchvision(file, _safe(file), colours or "rgb")
    layers = caffemodel.read(file)
    for sign, convert in CAFFE.items():
        if sign in layers:
            return convert(file, layers, colours or "bgr")
    raise InvalidData(f"{file}: a caffemodel of a network unknown here; its layers begin with {first_of(list(layers))}")


def _safe(file: Path) -> dict[str, Tensor]:
    try:
        return load_file(file)
    except SafetensorError as error:
        raise InvalidData(f"{file}: not readable as safetensors ({error}); fetch it again") from None


def _pickled(file: Path) -> dict[str, Tensor]:
    """A state dict of torch.save; a pickle with anything else in it is refused before it can run."""
    try:
        found = torch.load(file, map_location="cpu", weights_only=True)
    except Exception as error:  # torch raises errors of a dozen kinds for a damaged file
        reason = (str(error).strip() or repr(error)).splitlines()[0]
        raise InvalidData(f"{file}: not readable as weights alone ({reason}); fetch it again") from None
    if not isinstance(found, dict) or not all(
        isinstance(name, str) and isinstance(value, Tensor) for name, value in found.items()
    ):
        raise InvalidData(f"{file}: not a state dict, which holds tensors by name")
    return dict(found)


def digest(file: Path) -> str:
    """SHA-256 of a file."""
    with open(file, "rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
