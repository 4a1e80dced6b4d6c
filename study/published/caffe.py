"""Caffe's layers as weights of this study's modules."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from study.published.caffemodel import Layer
from study.settings.errors import InvalidData

CONVOLUTION, INNER_PRODUCT, BATCH_NORM, SCALE = "Convolution", "InnerProduct", "BatchNorm", "Scale"


@dataclass(frozen=True)
class Layers:
    """The layers of a file by name. Every method raises InvalidData, naming file and layer, for a layer of another
    type, with another number of blobs or of another shape."""

    file: Path
    by_name: dict[str, Layer]

    def _blobs(self, name: str, kind: str, counts: Sequence[int]) -> tuple[NDArray[np.float32], ...]:
        layer = self.by_name[name]
        if layer.kind != kind or len(layer.blobs) not in counts:
            raise InvalidData(
                f"{self.file}: layer {name}: {layer.kind} with {len(layer.blobs)} blobs, "
                f"not {kind} with {' or '.join(map(str, counts))}"
            )
        return layer.blobs

    def _fitted(self, name: str, blob: NDArray[np.float32], shape: Sequence[int]) -> NDArray[np.float32]:
        """A blob in a shape that may differ from its own by axes of length 1: older files have four axes always."""
        if [axis for axis in blob.shape if axis != 1] != [axis for axis in shape if axis != 1]:
            raise InvalidData(
                f"{self.file}: layer {name}: weights of {' x '.join(map(str, blob.shape))}, "
                f"not {' x '.join(map(str, shape))}"
            )
        return blob.reshape(tuple(shape))

    def outputs(self, name: str, kind: str) -> int:
        """How many filters or units a layer has: the first axis of its weights that is not 1, or 1."""
        weight, *_ = self._blobs(name, kind, (1, 2))
        axes = [axis for axis in weight.shape[:-1] if axis != 1] if kind == INNER_PRODUCT else weight.shape
        return axes[0] if axes else 1

    def linear(self, name: str, kind: str, module: nn.Module) -> tuple[Tensor, NDArray[np.float64]]:
        """Weights in the shape of a module's, and biases, (outputs,), 0 where the layer has none."""
        shape = module.get_parameter("weight").shape
        weight, *bias = self._blobs(name, kind, (1, 2))
        fitted = torch.from_numpy(self._fitted(name, weight, shape))
        zero = np.zeros(shape[0])
        return fitted, self._fitted(name, bias[0], shape[:1]).astype(np.float64) if bias else zero

    def statistics(self, name: str, channels: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Mean and variance of a BatchNorm, (channels,): Caffe stores their sums and, third, what to divide them by.

        Raises InvalidData, too, for statistics that were never collected and for a variance below 0.
        """
        *sums, factor = self._blobs(name, BATCH_NORM, (3,))
        divisor = float(self._fitted(name, factor, (1,))[0])
        mean, variance = (self._fitted(name, one, (channels,)).astype(np.float64) for one in sums)
        if divisor <= 0 or variance.min() < 0:
            raise InvalidData(f"{self.file}: layer {name}: no statistics (factor {divisor:g}, or a variance below 0)")
        return mean / divisor, variance / divisor

    def scale(self, name: str, channels: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Factor and shift of a Scale, (channels,)."""
        factor, shift = (self._fitted(name, one, (channels,)) for one in self._blobs(name, SCALE, (2,)))
        return factor.astype(np.float64), shift.astype(np.float64)


def single(values: NDArray[np.float64]) -> Tensor:
    """Numbers in single precision, as networks hold them."""
    return torch.from_numpy(values.astype(np.float32))
