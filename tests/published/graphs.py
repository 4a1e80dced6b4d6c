"""Caffe networks written for the tests: their layers, as a file, as a definition in text, and computed by torch alone.

Nothing here knows how the study reads such files: they are encoded by Google's protobuf from descriptors of its own.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from torch import Tensor
from torch.nn import functional

MESSAGES = {  # of caffe.proto, as far as weights need them: name -> (number, kind, repeated)
    "BlobShape": {"dim": (1, "INT64", True)},
    "BlobProto": {
        "num": (1, "INT32", False), "channels": (2, "INT32", False), "height": (3, "INT32", False),
        "width": (4, "INT32", False), "data": (5, "FLOAT", True), "diff": (6, "FLOAT", True),
        "shape": (7, "BlobShape", False), "double_data": (8, "DOUBLE", True),
    },
    "LayerParameter": {
        "name": (1, "STRING", False), "type": (2, "STRING", False), "bottom": (3, "STRING", True),
        "top": (4, "STRING", True), "loss_weight": (5, "FLOAT", True), "blobs": (7, "BlobProto", True),
    },
    "V1LayerParameter": {
        "bottom": (2, "STRING", True), "top": (3, "STRING", True), "name": (4, "STRING", False),
        "type": (5, "INT32", False), "blobs": (6, "BlobProto", True),
    },
    "NetParameter": {
        "name": (1, "STRING", False), "layers": (2, "V1LayerParameter", True), "layer": (100, "LayerParameter", True),
    },
}  # fmt: skip


def messages() -> dict[str, Any]:
    """The messages of caffe.proto as classes."""
    file = descriptor_pb2.FileDescriptorProto(name="caffe.proto", package="caffe", syntax="proto2")
    kinds = descriptor_pb2.FieldDescriptorProto
    for name, its in MESSAGES.items():
        message = file.message_type.add(name=name)
        for label, (number, kind, repeated) in its.items():
            one = message.field.add(name=label, number=number, label=kinds.LABEL_REPEATED if repeated else 1)
            if kind in MESSAGES:
                one.type, one.type_name = kinds.TYPE_MESSAGE, f".caffe.{kind}"
            else:
                one.type = getattr(kinds, f"TYPE_{kind}")
                one.options.packed = repeated and kind != "STRING"
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return {name: message_factory.GetMessageClass(pool.FindMessageTypeByName(f"caffe.{name}")) for name in MESSAGES}


CAFFE = messages()
V1 = {"Convolution": 4, "InnerProduct": 14, "ReLU": 18, "Pooling": 17, "Dropout": 6}


@dataclass(frozen=True)
class Layer:
    kind: str
    name: str
    bottoms: tuple[str, ...]
    tops: tuple[str, ...]
    numbers: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Graph:
    layers: tuple[Layer, ...]
    blobs: dict[str, list[np.ndarray]]
    scores: str

    def message(self, old: bool = False, **more: list[np.ndarray]) -> Any:
        """The network as a message, `more` layers with weights behind its own; `old`, in the form before 2014."""
        net = CAFFE["NetParameter"](name="made")
        for layer in (*self.layers, *(Layer("Deconvolution", name, ("data",), (name,)) for name in more)):
            one = (net.layers if old else net.layer).add(name=layer.name, bottom=layer.bottoms, top=layer.tops)
            one.type = V1[layer.kind] if old else layer.kind
            for blob in (self.blobs | more).get(layer.name, []):
                if old:
                    axes = dict(
                        zip(("num", "channels", "height", "width"), (1,) * (4 - blob.ndim) + blob.shape, strict=True)
                    )
                    one.blobs.add(data=blob.ravel(), **axes)
                else:
                    one.blobs.add(data=blob.ravel(), shape=CAFFE["BlobShape"](dim=blob.shape))
        return net

    def save(self, file: Path, old: bool = False, **more: list[np.ndarray]) -> Path:
        file.write_bytes(self.message(old, **more).SerializeToString())
        return file

    def text(self, side: int) -> str:
        """The definition as Caffe and OpenCV read it."""
        lines = [f'name: "made"\ninput: "data"\ninput_shape {{ dim: 1 dim: 3 dim: {side} dim: {side} }}']
        blocks = {
            "Convolution": "convolution_param", "InnerProduct": "inner_product_param", "Pooling": "pooling_param",
            "BatchNorm": "batch_norm_param", "Scale": "scale_param",
        }  # fmt: skip
        for layer in self.layers:
            ends = [f'bottom: "{name}"' for name in layer.bottoms] + [f'top: "{name}"' for name in layer.tops]
            words = " ".join(f"{key}: {value}" for key, value in layer.numbers.items())
            inside = f"{blocks[layer.kind]} {{ {words} }}" if words else ""
            lines.append(f'layer {{ name: "{layer.name}" type: "{layer.kind}" {" ".join(ends)} {inside} }}')
        return "\n".join(lines)

    def scores_of(self, image: Tensor) -> Tensor:
        """The scores of images as Caffe takes them, in their precision, layer by layer as its documentation says."""
        tops = {"data": image}
        for layer in self.layers:
            values = [tops[name] for name in layer.bottoms]
            blobs = [torch.from_numpy(blob).to(image.dtype) for blob in self.blobs.get(layer.name, [])]
            found = computed(layer, values, blobs)
            tops |= dict.fromkeys(layer.tops, found)
        return tops[self.scores]


def computed(layer: Layer, values: list[Tensor], blobs: list[Tensor]) -> Tensor:
    """What one layer makes of its inputs."""
    numbers, first = layer.numbers, values[0]
    size, stride, pad = (numbers.get(key, default) for key, default in (("kernel_size", 1), ("stride", 1), ("pad", 0)))
    match layer.kind:
        case "Convolution":
            return functional.conv2d(first, *blobs, stride=stride, padding=pad)
        case "InnerProduct":
            return functional.linear(first.flatten(1), *blobs)
        case "BatchNorm":
            mean, variance = (blob[:, None, None] / blobs[2] for blob in blobs[:2])
            return (first - mean) / (variance + 1e-5).sqrt()
        case "Scale":
            return first * blobs[0][:, None, None] + blobs[1][:, None, None]
        case "Pooling" if numbers["pool"] == "MAX":
            return functional.max_pool2d(first, size, stride, pad, ceil_mode=True)
        case "Pooling":
            return first.mean(dim=(2, 3), keepdim=True)
        case "ReLU":
            return first.relu()
        case "Eltwise":
            return values[0] + values[1]
        case "Concat":
            return torch.cat(values, dim=1)
        case "Split" | "Dropout":
            return first
    raise AssertionError(layer.kind)


class Drawing:
    """A graph as it grows; weights are random, such that activations keep their size."""

    def __init__(self, seed: int = 0) -> None:
        self.random = np.random.default_rng(seed)
        self.layers: list[Layer] = []
        self.blobs: dict[str, list[np.ndarray]] = {}
        self.channels = {"data": 3}

    def add(self, kind: str, name: str, bottoms: Sequence[str], tops: Sequence[str] = (), **numbers: Any) -> str:
        tops = tuple(tops or (name,))
        self.layers.append(Layer(kind, name, tuple(bottoms), tops, numbers))
        for top in tops:
            self.channels.setdefault(top, self.channels[bottoms[0]])
        return tops[0]

    def normal(self, *shape: int, scale: float = 1.0) -> np.ndarray:
        return (scale * self.random.standard_normal(shape)).astype(np.float32)

    def convolution(self, name: str, bottom: str, outputs: int, size: int = 3, pad: int = 1, **more: Any) -> str:
        inputs = self.channels[bottom]
        self.channels[name] = outputs
        self.blobs[name] = [self.normal(outputs, inputs, size, size, scale=(2 / inputs / size**2) ** 0.5)]
        if more.get("bias_term") != "false":
            self.blobs[name].append(self.normal(outputs, scale=0.1))
        return self.add("Convolution", name, [bottom], num_output=outputs, kernel_size=size, pad=pad, **more)

    def inner_product(self, name: str, bottom: str, inputs: int, outputs: int) -> str:
        self.channels[name] = outputs
        self.blobs[name] = [self.normal(outputs, inputs, scale=(2 / inputs) ** 0.5), self.normal(outputs, scale=0.1)]
        return self.add("InnerProduct", name, [bottom], num_output=outputs)

    def norm(self, name: str, bottom: str, top: str, size: float = 1.0) -> str:
        channels, factor = self.channels[bottom], np.float32(999.98)  # the sum of a moving average's weights
        mean, variance = self.normal(channels, scale=size), self.random.uniform(0.5, 2, channels).astype(np.float32)
        self.blobs[name] = [mean * factor, variance * np.float32(size**2) * factor, factor[None]]
        return self.add("BatchNorm", name, [bottom], [top], use_global_stats="true")

    def relu(self, name: str, bottom: str) -> str:
        return self.add("ReLU", name, [bottom], [bottom])

    def done(self, scores: str) -> Graph:
        return Graph(tuple(self.layers), self.blobs, scores)


def conv_stream(drawing: Drawing, bottom: str, width: float, ending: str = "") -> str:
    """VGG16 up to its last pooling."""
    for block, (channels, count) in enumerate(((64, 2), (128, 2), (256, 3), (512, 3), (512, 3)), start=1):
        for number in range(1, count + 1):
            bottom = drawing.convolution(f"conv{block}_{number}{ending}", bottom, max(1, round(channels * width)))
            drawing.relu(f"relu{block}_{number}{ending}", bottom)
        bottom = drawing.add("Pooling", f"pool{block}{ending}", [bottom], pool="MAX", kernel_size=2, stride=2)
    return bottom


def classifier(drawing: Drawing, bottom: str, side: int, hidden: int, classes: int, ending: str = "") -> str:
    """Two hidden layers and the scores."""
    inputs = drawing.channels[bottom] * side**2
    for number in (6, 7):
        bottom = drawing.inner_product(f"fc{number}{ending}", bottom, inputs, hidden)
        drawing.relu(f"relu{number}{ending}", bottom)
        drawing.add("Dropout", f"drop{number}{ending}", [bottom], [bottom])
        inputs = hidden
    return drawing.inner_product(f"fc8{ending}", bottom, inputs, classes)


def authors(width: float = 1 / 16, classes: int = 3, seed: int = 0) -> Graph:
    """The released network, layer by layer as its definition has them, at a relative width."""
    drawing, bottom = Drawing(seed), "data"
    for number in (1, 2, 3):
        bottom = drawing.convolution(f"decom_conv{number}", bottom, 16, stride=1)
        drawing.relu(f"decom_relu{number}", bottom)
    drawing.add("Split", "decom_conv3_split", [bottom], ["decom_conv3_CA", "decom_conv3_CH"])
    pools = {}
    for stream, share in (("CA", 1.0), ("CH", 0.25)):
        channel = drawing.convolution(f"decom_conv_{stream}", f"decom_conv3_{stream}", 3, stride=2)
        normed = drawing.norm(f"bn_{stream}", channel, f"decom_conv_{stream}3_norm", size=100.0)
        pools[stream] = conv_stream(drawing, normed, width * share, f"_{stream}")
    drawing.add("Split", "split_pool_CA", [pools["CA"]], ["pool5_CA_1", "pool5_CA_2"])
    drawing.channels["pool5_fusion"] = sum(drawing.channels[pool] for pool in pools.values())
    low = classifier(drawing, "pool5_CA_1", 4, round(1024 * width), classes, "_CA")
    drawing.add("Concat", "concat_fusion", ["pool5_CA_2", pools["CH"]], ["pool5_fusion"])
    fused = classifier(drawing, "pool5_fusion", 4, round(2048 * width), classes, "_fusion")
    return drawing.done(drawing.add("Eltwise", "score-sum", [low, fused], ["fc8_average"]))


def vgg16(width: float = 1 / 16, classes: int = 3, seed: int = 0) -> Graph:
    """VGG16 as it stands in Caffe's model zoo."""
    drawing = Drawing(seed)
    pool = conv_stream(drawing, "data", width)
    return drawing.done(classifier(drawing, pool, 7, round(4096 * width), classes))


def resnet50(width: float = 1 / 16, classes: int = 3, seed: int = 0) -> Graph:
    """ResNet-50 as He et al. released it."""
    drawing = Drawing(seed)

    def convolved(name: str, bottom: str, outputs: int, tail: str, relu: bool, **more: Any) -> str:
        top = drawing.convolution(name, bottom, outputs, **more)
        drawing.norm(f"bn{tail}", top, top)
        channels = drawing.channels[top]
        drawing.blobs[f"scale{tail}"] = [1 + drawing.normal(channels, scale=0.2), drawing.normal(channels, scale=0.2)]
        drawing.add("Scale", f"scale{tail}", [top], [top], bias_term="true")
        return drawing.relu(f"{name}_relu", top) if relu else top

    bottom = convolved("conv1", "data", round(64 * width), "_conv1", True, size=7, pad=3, stride=2)
    bottom = drawing.add("Pooling", "pool1", [bottom], pool="MAX", kernel_size=3, stride=2)
    for stage, (planes, blocks) in enumerate(((64, 3), (128, 4), (256, 6), (512, 3)), start=2):
        for block in "abcdef"[:blocks]:
            stride, beside, inside = 2 if stage > 2 and block == "a" else 1, bottom, round(planes * width)
            plain = {"bias_term": "false"}
            if block == "a":
                beside = convolved(f"res{stage}a_branch1", bottom, 4 * inside, f"{stage}a_branch1", False,
                                   size=1, pad=0, stride=stride, **plain)  # fmt: skip
            name = f"{stage}{block}_branch2"
            top = convolved(f"res{name}a", bottom, inside, f"{name}a", True, size=1, pad=0, stride=stride, **plain)
            top = convolved(f"res{name}b", top, inside, f"{name}b", True, **plain)
            top = convolved(f"res{name}c", top, 4 * inside, f"{name}c", False, size=1, pad=0, **plain)
            bottom = drawing.add("Eltwise", f"res{stage}{block}", [beside, top])
            drawing.relu(f"res{stage}{block}_relu", bottom)
    bottom = drawing.add("Pooling", "pool5", [bottom], pool="AVE", kernel_size=7, stride=1)
    return drawing.done(drawing.inner_product("fc1000", bottom, drawing.channels[bottom], classes))


def fields(content: bytes) -> Iterator[Any]:
    """The blobs that Google's protobuf reads in a file, layer by layer."""
    net = CAFFE["NetParameter"].FromString(content)
    for layer in (*net.layer, *net.layers):
        if layer.blobs:
            yield layer.name, [np.array(blob.data, dtype=np.float32) for blob in layer.blobs]
