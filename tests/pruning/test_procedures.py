"""Laws of the two procedures: they reach what they aim at, by the lowest first, and lose no filter from sight."""

import copy

import pytest
import torch
from torch.testing import assert_close

from study.models.plans import THINET_30, THINET_GAP, THINET_TINY
from study.pruning.layers import filters, multiply_adds, prunable
from study.pruning.procedures import Numbers, ToCost, ToPlan, Unpruned, inherit, shares_of_a_map
from study.pruning.taylor import taylor
from study.pruning.thinet import thinet
from study.settings.errors import InvalidParameter

NUMBERS = Numbers(images_per_class=6, locations=5, images=24, maps=40, flops_weight=0.0, targets={"row": 0.4})


def pruned(network, method, pictures, numbers=NUMBERS):
    """A copy of a network after all removals, without fine-tuning; and how many filters each removal took."""
    network = copy.deepcopy(network)
    unpruned = Unpruned(network, side=32)
    taken = []
    while removed := method.remove(network, unpruned, pictures, numbers, seed=len(taken)):
        taken.append(removed)
    return network, taken


@pytest.mark.parametrize(("backbone", "plan"), [("vgg16", THINET_GAP), ("vgg16", THINET_TINY), ("resnet50", THINET_30)])
def test_thinet_reaches_its_plan_layer_by_layer(make, pictures, backbone, plan):
    network = make(backbone)
    before, goal = filters(network), plan.channels(filters(network))
    small, taken = pruned(network, ToPlan(thinet, plan), pictures)
    assert filters(small) == goal
    assert taken == [of - keep for of, keep in zip(before, goal, strict=True) if of > keep]
    assert small(torch.rand(2, 3, 32, 32))[0].isfinite().all()


def test_taylor_ends_at_its_share_of_the_multiply_adds_and_not_far_below(make, pictures):
    network = make()
    small, taken = pruned(network, ToCost(taylor, "row"), pictures)
    before, after = (sum(multiply_adds(each, 32).values()) for each in (network, small))
    assert 0.97 * 0.4 < after / before <= 0.4
    assert sum(filters(network)) - sum(filters(small)) == sum(taken)
    assert set(taken[:-1]) == {NUMBERS.maps}
    assert min(filters(small)) >= 1


def test_the_lowest_map_goes_first(make, pictures):
    network = make()
    layer = prunable(network)[4]
    with torch.no_grad():
        layer.next.weight[:, 2] = 0  # nothing reads map 2, so its score is zero
    expected = layer.convolution.weight[[number for number in range(layer.filters) if number != 2]].detach().clone()

    def nothing_reads_it(layers, evidence):
        return [score + (one.name != layer.name) for one, score in zip(layers, taylor(layers, evidence), strict=True)]

    one = Numbers(6, 5, 24, 1, 0.0, {"row": 0.9999})
    small, _ = pruned(network, ToCost(nothing_reads_it, "row"), pictures, one)
    assert_close(prunable(small)[4].convolution.weight.detach(), expected)


def test_a_heavy_regulariser_takes_the_dearest_maps(make, pictures):
    network = make()
    unpruned = Unpruned(network, side=32)
    shares = shares_of_a_map(prunable(network), unpruned)
    dearest = shares.index(max(shares))
    heavy = Numbers(6, 5, 24, 2, 1e6, {"row": 0.4})
    small = copy.deepcopy(network)
    ToCost(taylor, "row").remove(small, unpruned, pictures, heavy, seed=0)
    lost = [before - after for before, after in zip(filters(network), filters(small), strict=True)]
    assert lost[dearest] == 2 == sum(lost)


def test_the_cost_of_a_map_is_its_filters_multiply_adds(make):
    network = make(batch_norm=False)
    unpruned = Unpruned(network, side=32)
    first, second = shares_of_a_map(prunable(network), unpruned)[:2]
    # 32 x 32 positions, 3 x 3 kernels; 3 colours into the first layer, its 4 maps into the second.
    assert_close(first * unpruned.total, 32 * 32 * 9 * 3.0)
    assert_close(second * unpruned.total, 32 * 32 * 9 * 4.0)


def test_no_layer_is_emptied_and_a_target_below_that_is_named(make, pictures):
    numbers = Numbers(6, 5, 24, 10_000, 0.0, {"row": 1e-9})
    network = make()
    with pytest.raises(InvalidParameter, match=r"pruning.targets.row: must leave a map in every layer, got 1e-09"):
        pruned(network, ToCost(taylor, "row"), pictures, numbers)


@pytest.mark.parametrize("method", [ToPlan(thinet, THINET_TINY), ToCost(taylor, "row")])
def test_a_procedure_repeats_itself_to_the_bit(make, pictures, method):
    network = make()
    (first, _), (second, _) = (pruned(network, method, pictures) for _ in range(2))
    assert all(value.equal(second.state_dict()[name]) for name, value in first.state_dict().items())


def test_thinet_keeps_more_of_the_output_than_the_opposite_choice(make, pictures):
    def opposite(layer, keep, evidence):
        kept, _ = thinet(layer, layer.filters - keep, evidence)
        rest = torch.tensor(sorted(set(range(layer.filters)) - set(kept.tolist())))
        return rest, torch.ones(keep)

    network, image = make(), torch.rand(16, 3, 32, 32)
    with torch.no_grad():
        whole = network(image)[0]
        best, worst = (
            (pruned(network, ToPlan(choose, THINET_GAP), pictures)[0](image)[0] - whole).square().mean()
            for choose in (thinet, opposite)
        )
    assert best < worst


def test_a_choice_of_another_number_of_filters_is_named(make, pictures):
    def all_of_them(layer, keep, evidence):
        return torch.arange(layer.filters), torch.ones(layer.filters)

    with pytest.raises(ValueError, match=r"features.layers.0: 2 filters were to be kept, got \[0, 1, 2, 3\]"):
        pruned(make(), ToPlan(all_of_them, THINET_GAP), pictures)


@pytest.mark.parametrize("average_pooled", [False, True])
def test_weights_are_handed_on_but_for_a_head_that_gives_way(make, average_pooled):
    first, second = make(), make()
    with torch.no_grad():
        for parameter in second.parameters():
            parameter.add_(1)
    untouched = copy.deepcopy(second.head.state_dict())
    inherit(second, first, average_pooled)
    assert all(value.equal(second.features.state_dict()[name]) for name, value in first.features.state_dict().items())
    head = untouched if average_pooled else first.head.state_dict()
    assert all(value.equal(second.head.state_dict()[name]) for name, value in head.items())
