"""The removal of filters with all that belongs to them, by torch-pruning's dependency graph (Fang et al. 2023)."""

from collections.abc import Sequence

import torch
import torch_pruning
from torch import nn


class Surgery:
    """Takes filters out of one network, in place. The graph is traced once and holds after every removal.

    `side` is that of an image in pixels; the linear layer behind flattened maps depends on it.
    """

    def __init__(self, network: nn.Module, side: int) -> None:
        example = torch.zeros(1, 3, side, side, device=next(network.parameters()).device)
        was_training = network.training
        network.eval()  # a trace leaves the statistics of every BatchNorm alone
        with torch.enable_grad():  # the trace follows gradients
            self._graph = torch_pruning.DependencyGraph().build_dependency(network, example_inputs=example)
        network.train(was_training)

    def remove(self, convolution: nn.Conv2d, filters: Sequence[int]) -> None:
        """Remove filters by number, their entries in BatchNorm, and every input that they feed, through residual joins
        too. Raises ValueError for a number that the layer does not have, and if nothing would be left.
        """
        chosen, known = sorted(set(filters)), convolution.out_channels
        if not chosen:
            return
        if chosen[0] < 0 or chosen[-1] >= known:
            raise ValueError(f"filters must be in 0 to {known - 1}, got {chosen}")
        if len(chosen) == known:
            raise ValueError(f"a layer must keep one filter at least, got all {known} to remove")
        self._graph.get_pruning_group(convolution, torch_pruning.prune_conv_out_channels, idxs=chosen).prune()
