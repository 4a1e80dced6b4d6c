"""Laws of ThiNet's choice."""

import itertools

import pytest
import torch
from torch.testing import assert_close

from study.pruning.layers import prunable
from study.pruning.procedures import rescale
from study.pruning.thinet import contributions, greedy, least_squares, thinet


def drawn(layer, network, locations: int = 20, seed: int = 0):
    """Contributions to drawn outputs of the next layer, and these outputs before their bias, (samples, ...)."""
    seen = {}

    def see(_, inputs, outputs):
        seen.update(inputs=inputs[0], outputs=outputs.clone())  # a ReLU may write into them

    hook = layer.next.register_forward_hook(see)
    with torch.no_grad():
        torch.manual_seed(1)
        network.eval()(torch.rand(6, 3, 32, 32))
    hook.remove()
    random = torch.Generator().manual_seed(seed)
    found = contributions(layer.next, seen["inputs"], seen["outputs"], layer.filters, locations, random)
    again = torch.Generator().manual_seed(seed)
    outputs = seen["outputs"]
    ends = outputs.shape[1:]
    filters, *place = (torch.randint(end, (6, locations), generator=again) for end in ends)
    picture = torch.arange(6)[:, None]
    expected = outputs[(picture, filters, *place)]
    if layer.next.bias is not None:
        expected = expected - layer.next.bias[filters]
    return found.detach(), expected.detach().flatten()


@pytest.mark.parametrize(
    ("backbone", "number"),
    [("vgg16", 0), ("vgg16", 1), ("vgg16", 12), ("resnet50", 0), ("resnet50", 1), ("resnet50", 6)],
)
def test_contributions_add_up_to_the_next_layers_output_before_its_bias(make, backbone, number):
    network = make(backbone)
    found, expected = drawn(prunable(network)[number], network)
    assert_close(found.sum(dim=1), expected, rtol=1e-4, atol=1e-5)


def test_planted_useless_channels_are_found(make, evidence):
    network = make()
    layer = prunable(network)[3]
    useless = {1, 4, 6}
    with torch.no_grad():
        layer.next.weight[:, sorted(useless)] = 0
    kept, factors = thinet(layer, layer.filters - len(useless), evidence(network))
    assert set(range(layer.filters)) - set(kept.tolist()) == useless
    # What is lost contributes nothing, so nothing has to be made up for.
    assert_close(factors, torch.ones_like(factors))


def test_one_of_two_equal_channels_is_kept_with_the_weights_of_both():
    torch.manual_seed(0)
    samples = torch.rand(200, 5, dtype=torch.float64) + 1
    samples[:, 3] = samples[:, 1] = 0.1 * torch.randn(200, dtype=torch.float64)
    gram = samples.T @ samples
    (first,) = greedy(gram, 1)
    assert first in (1, 3)
    kept = torch.tensor([channel for channel in range(5) if channel != first])
    factors = least_squares(gram, kept)
    other = kept.tolist().index(4 - first)
    assert_close(factors, torch.ones(4, dtype=torch.float64).index_fill(0, torch.tensor(other), 2.0))


def test_the_greedy_choice_is_the_best_single_one_at_every_step():
    torch.manual_seed(0)
    samples = torch.randn(50, 6, dtype=torch.float64)
    chosen = greedy(samples.T @ samples, 4)
    for step, channel in enumerate(chosen):
        before = chosen[:step]
        error = {
            other: samples[:, [*before, other]].sum(dim=1).square().sum().item()
            for other in range(6)
            if other not in before
        }
        assert channel == min(error, key=error.get)


def test_greedy_is_not_far_from_the_best_of_all_sets():
    torch.manual_seed(0)
    samples = torch.randn(50, 6, dtype=torch.float64)

    def error(discarded):
        return samples[:, list(discarded)].sum(dim=1).square().sum().item()

    best = min(map(error, itertools.combinations(range(6), 3)))
    assert error(greedy(samples.T @ samples, 3)) <= 2 * best


def test_least_squares_lowers_the_reconstruction_error_as_far_as_factors_can(make):
    network = make()
    found, expected = drawn(prunable(network)[2], network, locations=50)
    found, expected = found.double(), expected.double()
    kept = torch.tensor([0, 2, 3, 6])
    factors = least_squares(found.T @ found, kept)
    plain = (expected - found[:, kept].sum(dim=1)).square().sum()
    scaled = (expected - found[:, kept] @ factors).square().sum()
    oracle = torch.linalg.lstsq(found[:, kept], found.sum(dim=1)).solution
    assert scaled < 0.95 * plain
    assert_close(factors, oracle, rtol=1e-4, atol=1e-5)


def test_a_channel_without_any_contribution_keeps_its_weights():
    gram = torch.diag(torch.tensor([1.0, 0.0, 2.0], dtype=torch.float64))
    assert_close(least_squares(gram, torch.tensor([1, 2])), torch.ones(2, dtype=torch.float64))


@pytest.mark.parametrize("number", [1, 12])
def test_factors_are_folded_into_the_next_layers_weights(make, number):
    network = make()
    layer = prunable(network)[number]
    found, expected = drawn(layer, network)
    factors = torch.linspace(0.5, 2, layer.filters - 1)
    kept = torch.arange(1, layer.filters)
    rescale(layer, kept, factors)
    _, rescaled = drawn(layer, network)
    assert_close(rescaled - expected, found[:, 1:] @ (factors - 1), rtol=1e-3, atol=1e-4)
