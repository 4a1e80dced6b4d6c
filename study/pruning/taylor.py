"""The Taylor criterion (Molchanov, Tyree, Karras, Aila and Kautz 2016): what the loss would change, to first order."""

from collections.abc import Sequence

import torch
from torch import Tensor

from study.measures.losses import classification_loss
from study.pruning.examples import Evidence
from study.pruning.layers import Layer


def taylor(layers: Sequence[Layer], evidence: Evidence) -> list[Tensor]:
    """The score of every map, (filters,) for each layer: its change of the loss, L2-normalised within its layer."""
    changes = loss_changes(layers, evidence)
    return [change / change.norm().clamp(min=torch.finfo(change.dtype).tiny) for change in changes]


def loss_changes(layers: Sequence[Layer], evidence: Evidence) -> list[Tensor]:
    """Mean over examples of |mean over positions of activation x gradient| of every map, (filters,) for each layer.

    The gradient is that of an example's own loss. Activation x gradient is the same before the ReLU as behind it: zero
    where the ReLU is closed, unchanged where it is open.
    """
    maps: dict[str, Tensor] = {}
    hooks = [
        layer.maps.register_forward_hook(lambda _, __, output, name=layer.name: maps.update({name: output}))
        for layer in layers
    ]
    sums, count = [torch.zeros(())] * len(layers), 0
    try:
        for images, labels in evidence.examples:
            loss = classification_loss(evidence.network.eval()(images), labels) * len(labels)  # the sum over examples
            activations = [maps[layer.name] for layer in layers]
            gradients = torch.autograd.grad(loss, activations)
            for number, (activation, gradient) in enumerate(zip(activations, gradients, strict=True)):
                products = (activation * gradient).detach().mean(dim=(2, 3))  # (batch, filters)
                sums[number] = sums[number] + products.abs().sum(dim=0).cpu()
            count += len(labels)
    finally:
        for hook in hooks:
            hook.remove()
    return [total / count for total in sums]
