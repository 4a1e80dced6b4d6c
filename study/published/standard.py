"""VGG16 and ResNet-50 as others published them: in torchvision's files and in Caffe's."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import cast

import torch
from torch import Tensor, nn

from study.models.resnet import BLOCKS, PLANES, Bottleneck, ResNet50Features
from study.models.vgg import CONFIGURATION_D
from study.published import network
from study.published.caffe import CONVOLUTION, INNER_PRODUCT, Layers, single
from study.published.caffemodel import Layer
from study.published.network import Colours, Published, Standardised, flipped
from study.settings.errors import InvalidData

# torchvision's own, of pixels in [0, 1], RGB.
MEAN, DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
# Of the VGG networks in Caffe's model zoo, pixels of 0 to 255, RGB; Caffe's ResNet-50 subtracts a mean image, of which
# these are the means.
CAFFE_MEAN = (123.68, 116.779, 103.939)
WHITE = 255.0
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def vgg16_convolutions(inside: str, ending: str = "") -> dict[str, str]:
    """By Caffe's name, conv1_1 to conv5_3 with an ending, the convolutions of VGG16 inside a module."""
    found: dict[str, str] = {}
    place, block, number = 0, 1, 1
    for layer in CONFIGURATION_D:
        if layer == "M":
            place, block, number = place + 1, block + 1, 1
        else:
            found[f"conv{block}_{number}{ending}"] = f"{inside}.{place}"
            place, number = place + 2, number + 1
    return found


VGG16_HEAD = {"fc6": "head.1", "fc7": "head.4", "fc8": "head.7"}
VGG16_CAFFE = vgg16_convolutions("features.layers") | VGG16_HEAD


def resnet50_convolutions() -> dict[str, tuple[str, str]]:
    """By Caffe's name, every convolution of ResNet-50 and the BatchNorm behind it."""
    found = {"conv1": ("features.conv1", "features.bn1")}
    for stage, blocks in enumerate(BLOCKS, start=1):
        for block in range(blocks):
            name, module = f"res{stage + 1}{LETTERS[block]}_branch", f"features.layer{stage}.{block}"
            if block == 0:
                found[f"{name}1"] = f"{module}.downsample.0", f"{module}.downsample.1"
            for number, letter in enumerate("abc", start=1):
                found[f"{name}2{letter}"] = f"{module}.conv{number}", f"{module}.bn{number}"
    return found


def _norm_and_scale(convolution: str) -> tuple[str, str]:
    """Caffe's names of what stands behind a convolution of ResNet-50."""
    tail = "_conv1" if convolution == "conv1" else convolution.removeprefix("res")
    return f"bn{tail}", f"scale{tail}"


def of_caffe_vgg16(file: Path, layers: dict[str, Layer], colours: Colours = "bgr") -> Published:
    """VGG16 of Simonyan and Zisserman in Caffe's model zoo. Raises InvalidData as `study.published.authors` does."""
    network.need_names(file, "layers of Caffe's VGG16", VGG16_CAFFE, layers)
    found = Layers(file, layers)
    classes = found.outputs("fc8", INNER_PRODUCT)
    width = found.outputs("conv1_1", CONVOLUTION) / int(CONFIGURATION_D[0])
    empty = network.empty("vgg16", "full", width, classes, file, channel_norm=False)
    weights = {}
    for name, module in VGG16_CAFFE.items():
        kind = INNER_PRODUCT if name in VGG16_HEAD else CONVOLUTION
        weight, bias = found.linear(name, kind, empty.get_submodule(module))
        weights[f"{module}.weight"] = flipped(weight, colours) if name == "conv1_1" else weight
        weights[f"{module}.bias"] = single(bias)
    passed = tuple(name for name in layers if name not in VGG16_CAFFE)
    return _of_caffe("vgg16", "Simonyan and Zisserman", width, classes, colours, network.filled(empty, weights), passed)


def of_caffe_resnet50(file: Path, layers: dict[str, Layer], colours: Colours = "bgr") -> Published:
    """ResNet-50 of He et al. as they released it. Its first pooling has no padding and rounds up, its first convolution
    has a bias. Raises InvalidData as `study.published.authors` does."""
    convolutions = resnet50_convolutions()
    names = [part for name in convolutions for part in (name, *_norm_and_scale(name))] + ["fc1000"]
    network.need_names(file, "layers of Caffe's ResNet-50", names, layers)
    found = Layers(file, layers)
    classes = found.outputs("fc1000", INNER_PRODUCT)
    width = found.outputs("conv1", CONVOLUTION) / PLANES[0]
    empty = network.empty("resnet50", "full", width, classes, file, channel_norm=False)
    weights = {}
    for name, (module, norm) in convolutions.items():
        weight, bias = found.linear(name, CONVOLUTION, empty.get_submodule(module))
        statistics, scale = _norm_and_scale(name)
        mean, variance = found.statistics(statistics, len(weight))
        factor, shift = found.scale(scale, len(weight))
        weights[f"{module}.weight"] = flipped(weight, colours) if name == "conv1" else weight
        weights[f"{norm}.weight"], weights[f"{norm}.bias"] = single(factor), single(shift)
        # A bias before a norm moves its mean.
        weights[f"{norm}.running_mean"], weights[f"{norm}.running_var"] = single(mean - bias), single(variance)
    weight, bias = found.linear("fc1000", INNER_PRODUCT, empty.get_submodule("head.2"))
    weights["head.2.weight"], weights["head.2.bias"] = weight, single(bias)
    whole = network.filled(empty, weights)
    whole.get_submodule("features").maxpool = nn.MaxPool2d(kernel_size=3, stride=2, ceil_mode=True)
    passed = tuple(name for name in layers if name not in names)
    return _of_caffe("resnet50", "He et al.", width, classes, colours, whole, passed)


def _of_caffe(
    backbone: str, who: str, width: float, classes: int, colours: Colours, whole: nn.Module, passed: tuple[str, ...]
) -> Published:
    whole.norm = Standardised([mean / WHITE for mean in CAFFE_MEAN], [1 / WHITE] * 3)
    return Published(
        backbone, "full", f"{who}, in Caffe", width, classes, colours,
        f"0 to 255, less the mean colour {', '.join(map(str, CAFFE_MEAN))} (red, green, blue)", whole, "caffe", passed,
    )  # fmt: skip


def of_torchvision(file: Path, tensors: Mapping[str, Tensor], colours: Colours = "rgb") -> Published:
    """VGG16 or ResNet-50 of torchvision from its state dict; torchvision strides in the 3x3 of a bottleneck, and so
    does this network. Raises InvalidData for another network, and for tensors that lack, are too many, or are of
    another shape or kind.
    """
    if "classifier.6.weight" in tensors:
        return _torchvision(file, tensors, colours, "vgg16", "features.0.weight", "classifier.6.weight", _vgg16_name)
    if "fc.weight" in tensors:
        return _torchvision(file, tensors, colours, "resnet50", "conv1.weight", "fc.weight", _resnet50_name)
    raise InvalidData(
        f"{file}: neither torchvision's VGG16 nor its ResNet-50; its {len(tensors)} tensors begin with "
        f"{network.first_of(list(tensors))}"
    )


def _vgg16_name(own: str) -> str:
    part, place, ending = own.replace("features.layers", "features").split(".")
    return f"features.{place}.{ending}" if part == "features" else f"classifier.{int(place) - 1}.{ending}"


def _resnet50_name(own: str) -> str:
    return own.removeprefix("features.") if own.startswith("features.") else own.replace("head.2", "fc")


def _torchvision(
    file: Path,
    tensors: Mapping[str, Tensor],
    colours: Colours,
    backbone: str,
    first: str,
    last: str,
    name_of: Callable[[str], str],
) -> Published:
    if first not in tensors or tensors[first].ndim != 4 or tensors[last].ndim != 2:
        raise InvalidData(f"{file}: {first} and {last} are not those of a convolution and a linear layer")
    classes, width = len(tensors[last]), len(tensors[first]) / int(CONFIGURATION_D[0])
    empty = network.empty(backbone, "full", width, classes, file, channel_norm=False)
    own = {name_of(name): (name, value.shape) for name, value in empty.state_dict().items()}
    wanted = [name for name in own if not name.endswith("_tracked")]  # which older files lack
    network.need_names(file, f"tensors of torchvision's {backbone}", wanted, tensors)
    surplus = [name for name in tensors if name not in own]
    if surplus:
        raise InvalidData(
            f"{file}: {len(surplus)} tensors that torchvision's {backbone} has not: {network.first_of(surplus)}"
        )
    weights = {}
    for name in wanted:
        mine, shape = own[name]
        value = tensors[name]
        if value.shape != shape or not value.is_floating_point() or value.layout != torch.strided:
            raise InvalidData(
                f"{file}: {name}: {value.dtype} of {' x '.join(map(str, value.shape))}, "
                f"not floating-point numbers of {' x '.join(map(str, shape))}"
            )
        if not value.isfinite().all():
            raise InvalidData(f"{file}: {name}: a weight that is not finite; fetch it again")
        weights[mine] = (flipped(value, colours) if name == first else value).detach().float().contiguous()
    whole = network.filled(empty, weights)
    features = whole.get_submodule("features")
    if isinstance(features, ResNet50Features):
        for stage in features.stages()[1:]:
            first_block = cast(Bottleneck, stage[0])
            first_block.conv1.stride, first_block.conv2.stride = (1, 1), (2, 2)
    whole.norm = Standardised(MEAN, DEVIATION)
    pixels = "0 to 1, standardised by torchvision's numbers"
    return Published(backbone, "full", "torchvision", width, classes, colours, pixels, whole, "keep")
