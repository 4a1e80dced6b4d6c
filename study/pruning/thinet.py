"""ThiNet (Luo, Wu and Lin 2017): keep the channels from which the next layer's output can be put together."""

import torch
from torch import Tensor, nn
from torch.nn import functional

from study.pruning.examples import Evidence
from study.pruning.layers import Layer


def thinet(layer: Layer, keep: int, evidence: Evidence) -> tuple[Tensor, Tensor]:
    """The channels of a layer to keep, ascending (keep,), and factors for the next layer's weights on them (keep,).

    Outputs of the next layer are drawn from every image; the channels kept are those whose contributions to these
    outputs can be missed least.
    """
    gram = torch.zeros(layer.filters, layer.filters, dtype=torch.float64)
    random = torch.Generator().manual_seed(evidence.seed)

    def collect(_: nn.Module, inputs: tuple[Tensor], outputs: Tensor) -> None:
        found = contributions(layer.next, inputs[0], outputs, layer.filters, evidence.locations, random)
        found = found.double()
        gram.add_((found.T @ found).cpu())

    hook = layer.next.register_forward_hook(collect)
    try:
        with torch.no_grad():
            for images, _ in evidence.examples:
                evidence.network.eval()(images)
    finally:
        hook.remove()
    discarded = set(greedy(gram, layer.filters - keep))
    kept = torch.tensor([channel for channel in range(layer.filters) if channel not in discarded])
    return kept, least_squares(gram, kept)


def contributions(
    layer: nn.Conv2d | nn.Linear,
    inputs: Tensor,
    outputs: Tensor,
    channels: int,
    locations: int,
    random: torch.Generator,
) -> Tensor:
    """What each input channel adds to drawn outputs of a layer before its bias: (batch * locations, channels).

    An output is drawn by its filter and, in a convolution, its position: `locations` of them for every image.
    """

    def draw(end: int) -> Tensor:
        return torch.randint(end, (len(inputs), locations), generator=random).to(inputs.device)

    weights = layer.weight[draw(outputs.shape[1])]
    if isinstance(layer, nn.Linear):
        seen = inputs.view(len(inputs), 1, channels, -1)  # (batch, 1, channels, positions)
        found = (weights.view(len(inputs), locations, channels, -1) * seen).sum(dim=-1)
    else:
        rows, columns = draw(outputs.shape[2]), draw(outputs.shape[3])
        pictures = torch.arange(len(inputs), device=inputs.device)[:, None]
        assert not isinstance(layer.padding, str)
        (above, left), (height, width), (down, right) = layer.padding, layer.kernel_size, layer.stride
        windows = functional.pad(inputs, (left, left, above, above)).unfold(2, height, down).unfold(3, width, right)
        # Windows and weights are (batch, locations, channels, height, width).
        found = (windows[pictures, :, rows, columns] * weights).sum(dim=(-2, -1))
    return found.flatten(end_dim=1)


def greedy(gram: Tensor, discard: int) -> list[int]:
    """The channels to discard, in the order in which they are chosen.

    `gram` (channels, channels) holds the sums over samples of products of two channels' contributions. Each choice is
    the channel that keeps the sum over samples of (contributions of all discarded)^2 smallest; ties go to the first.
    """
    discarded: list[int] = []
    with_discarded = torch.zeros(len(gram), dtype=gram.dtype)  # products of each channel with the sum of the discarded
    for _ in range(discard):
        growth = gram.diagonal() + 2 * with_discarded
        growth[discarded] = float("inf")
        chosen = int(growth.argmin())
        discarded.append(chosen)
        with_discarded += gram[chosen]
    return discarded


def least_squares(gram: Tensor, kept: Tensor) -> Tensor:
    """Factors of the kept channels (keep,) that bring the sum of their contributions closest to that of all channels.

    Of several solutions the one nearest to ones, so that a channel that contributes to no sample keeps its weights.
    """
    among_kept = gram[kept][:, kept]
    with_discarded = gram[kept].sum(dim=1) - among_kept.sum(dim=1)
    solved = torch.linalg.lstsq(among_kept, with_discarded[:, None], rcond=1e-10, driver="gelsd")
    correction: Tensor = solved.solution
    return 1 + correction[:, 0]
