"""Layers that see a whole batch where each of several processes has an equal part of it.

torch's SyncBatchNorm refuses the processor, and its dropout draws another mask in every process. These compute on any
device, so what a GPU runs is what is tested.
"""

from typing import Any

import torch
from torch import Tensor, distributed, nn
from torch.nn import functional


class _Sum(torch.autograd.Function):
    """The sum over all processes; so is its gradient, since every process's loss depends on it."""

    @staticmethod
    def forward(_: Any, value: Tensor) -> Tensor:
        summed = value.clone()
        distributed.all_reduce(summed)
        return summed

    @staticmethod
    def backward(_: Any, gradient: Tensor) -> Tensor:
        summed = gradient.clone()
        distributed.all_reduce(summed)
        return summed


def over_ranks(value: Tensor) -> Tensor:
    """The mean of a tensor over all processes, differentiable."""
    summed: Tensor = _Sum.apply(value)  # type: ignore[no-untyped-call]  # torch leaves annotations out
    return summed / distributed.get_world_size()


class WholeBatchNorm(nn.BatchNorm2d):
    """BatchNorm by the mean and the variance of the whole batch, under the parameters of another one."""

    def __init__(self, norm: nn.BatchNorm2d) -> None:
        super().__init__(norm.num_features, norm.eps, norm.momentum, norm.affine, norm.track_running_stats)
        self._parameters.update(norm._parameters)
        self._buffers.update(norm._buffers)
        self.train(norm.training)

    def forward(self, features: Tensor) -> Tensor:
        """Features (batch, channels, height, width) of this process, normalised by all of them."""
        if not self.training:
            return super().forward(features)
        wide = features.to(torch.promote_types(features.dtype, torch.float32))
        mean = over_ranks(wide.mean(dim=(0, 2, 3)))
        centred = wide - mean[:, None, None]
        variance = over_ranks(centred.square().mean(dim=(0, 2, 3)))
        self._keep(mean.detach(), variance.detach(), features.numel() // features.shape[1])
        normalised = centred * (variance + self.eps).rsqrt()[:, None, None]
        if self.affine:
            normalised = normalised * self.weight[:, None, None] + self.bias[:, None, None]
        return normalised.to(features.dtype)

    def _keep(self, mean: Tensor, variance: Tensor, numbers: int) -> None:
        """Move the running statistics, by the unbiased variance, as torch does."""
        assert self.running_mean is not None
        assert self.running_var is not None
        assert self.num_batches_tracked is not None
        assert self.momentum is not None
        numbers *= distributed.get_world_size()
        self.num_batches_tracked.add_(1)
        self.running_mean.lerp_(mean, self.momentum)
        self.running_var.lerp_(variance * (numbers / (numbers - 1)), self.momentum)


class WholeBatchDropout(nn.Dropout):
    """Dropout by this process's rows of the mask that one process would draw for the whole batch: all have one seed."""

    def __init__(self, share: float, rank: int, count: int) -> None:
        super().__init__(share)
        self.rank, self.count = rank, count

    def forward(self, hidden: Tensor) -> Tensor:
        """Hidden units (batch, ...) of this process, some of them 0 and the others larger."""
        if not self.training or self.p == 0:
            return hidden
        rows = len(hidden)
        mask = functional.dropout(hidden.new_ones((rows * self.count, *hidden.shape[1:])), self.p)
        return hidden * mask[self.rank * rows : (self.rank + 1) * rows]


def synchronise(module: nn.Module, rank: int, count: int) -> None:
    """Put these layers in the place of BatchNorm and dropout, everywhere in a module; parameters and names stay."""
    for name, child in module.named_children():
        if isinstance(child, nn.BatchNorm2d):
            setattr(module, name, WholeBatchNorm(child))
        elif isinstance(child, nn.Dropout):
            setattr(module, name, WholeBatchDropout(child.p, rank, count).train(child.training))
        else:
            synchronise(child, rank, count)
