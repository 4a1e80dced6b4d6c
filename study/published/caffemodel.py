"""Weights in Caffe's binary files (.caffemodel): a NetParameter of its caffe.proto, in either form of its layers."""

from dataclasses import dataclass
from math import prod
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from study.published import wire
from study.published.wire import Malformed, Value
from study.settings.errors import InvalidData

LARGEST = 2**31 - 1  # bytes of a file: Protocol Buffers' own limit
MOST_LAYERS, MOST_BLOBS, MOST_AXES = 10_000, 64, 32  # the last is Caffe's kMaxBlobAxes
LONGEST_NAME = 1000  # bytes
SHOWN = 5

# Field numbers of caffe.proto: NetParameter, LayerParameter, V1LayerParameter, BlobProto, BlobShape.
NET_V1_LAYER, NET_LAYER = 2, 100
LAYER_NAME, LAYER_TYPE, LAYER_BLOB = 1, 2, 7
V1_NAME, V1_TYPE, V1_BLOB = 4, 5, 6
BLOB_OLD_AXES, BLOB_FLOATS, BLOB_SHAPE, BLOB_DOUBLES = (1, 2, 3, 4), 5, 7, 8
SHAPE_AXIS = 1
# Of the V1LayerParameter's types, those with weights in the networks that are read here.
V1_TYPES = {4: "Convolution", 14: "InnerProduct"}


@dataclass(frozen=True)
class Layer:
    """A layer that has weights: its name, Caffe's word for its type, and its blobs in Caffe's order, float32."""

    name: str
    kind: str
    blobs: tuple[NDArray[np.float32], ...]


def read(file: Path) -> dict[str, Layer]:
    """By name, every layer that has weights, in the file's order.

    Raises InvalidData, in one line, for what is no such file or is damaged, and for weights that are not finite.
    """
    try:
        if not 0 < file.stat().st_size <= LARGEST:
            raise Malformed(f"{file.stat().st_size} bytes")
        return _layers(np.memmap(file, dtype=np.uint8, mode="r").data)
    except Malformed as error:
        raise InvalidData(f"{file}: not a caffemodel, or a damaged one ({error}); fetch it again") from None


def _layers(content: memoryview) -> dict[str, Layer]:
    found: dict[str, Layer] = {}
    count = 0
    for field, value in wire.fields(content):
        if field not in (NET_LAYER, NET_V1_LAYER):
            continue
        count += 1
        if count > MOST_LAYERS:
            raise Malformed(f"more than {MOST_LAYERS} layers")
        layer = _layer(wire.inside(value), old=field == NET_V1_LAYER)
        if not layer.blobs:
            continue
        if layer.name in found:
            raise Malformed(f"two layers {layer.name!r}")
        found[layer.name] = layer
    if not found:
        raise Malformed("no layer with weights")
    return found


def _layer(content: memoryview, old: bool) -> Layer:
    of_name, of_type, of_blob = (V1_NAME, V1_TYPE, V1_BLOB) if old else (LAYER_NAME, LAYER_TYPE, LAYER_BLOB)
    name = kind = ""
    blobs: list[NDArray[np.float32]] = []
    for field, value in wire.fields(content):
        if field == of_name:
            name = wire.text(value, LONGEST_NAME)
        elif field == of_type:
            kind = _old_type(value) if old else wire.text(value, LONGEST_NAME)
        elif field == of_blob:
            if len(blobs) == MOST_BLOBS:
                raise Malformed(f"layer {name!r}: more than {MOST_BLOBS} blobs")
            blobs.append(_blob(wire.inside(value)))
    return Layer(name, kind, tuple(blobs))


def _old_type(value: Value) -> str:
    number = wire.integer(value)
    return V1_TYPES.get(number, f"type {number}")


def _blob(content: memoryview) -> NDArray[np.float32]:
    """The numbers of a blob in its shape; gradients, which a blob may hold too, are passed over."""
    parts: list[NDArray[np.floating]] = []
    old_axes = dict.fromkeys(BLOB_OLD_AXES, 0)
    shape: list[int] | None = None
    for field, value in wire.fields(content):
        if field in (BLOB_FLOATS, BLOB_DOUBLES):
            parts.append(wire.floats(value, 4 if field == BLOB_FLOATS else 8))
        elif field == BLOB_SHAPE:
            shape = [axis for inner, given in wire.fields(wire.inside(value)) if inner == SHAPE_AXIS
                     for axis in wire.integers(given)]  # fmt: skip
        elif field in old_axes:
            old_axes[field] = wire.integer(value)
    if shape is None:
        shape = list(old_axes.values())
    count = sum(len(part) for part in parts)
    if len(shape) > MOST_AXES or prod(shape) != count:
        raise Malformed(f"{count} numbers in a blob of the shape {' x '.join(map(str, shape[:SHOWN])) or 'of one'}")
    with np.errstate(over="ignore"):
        numbers = np.concatenate(parts or [np.empty(0)]).astype(np.float32, copy=False).reshape(shape)
    if not np.isfinite(numbers).all():
        raise Malformed("a weight that is not finite")
    return numbers
