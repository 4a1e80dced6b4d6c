"""How the weights of a network lie in memory."""

import torch
from torch import nn


def lay_out(network: nn.Module, layout: torch.memory_format = torch.channels_last) -> None:
    """Lay a network out, in place; channels last is what trainings and evaluations use."""
    # torch documents this keyword, and its annotations leave it out.
    network.to(memory_format=layout)  # type: ignore[call-overload]
