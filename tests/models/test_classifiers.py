from dataclasses import replace

import pytest
import torch
from torch.testing import assert_close

from study.models.build import build
from study.models.classifiers import ChannelNorm, averaged
from study.models.plans import THINET_TINY
from study.models.shape import Shape
from study.settings.errors import InvalidParameter
from study.settings.methods import METHODS, PLACES, evaluated

SMALL = Shape(side=32, classes=7, width=1 / 8, batch_norm=True)


def test_the_final_score_is_the_mean_of_low_and_fused_scores():
    assert_close(averaged((torch.tensor([[1.0, 4.0]]), torch.tensor([[3.0, 0.0]]))), torch.tensor([[2.0, 2.0]]))


def test_the_channel_norm_undoes_the_scale_and_learns_nothing():
    torch.manual_seed(0)
    norm, channels = ChannelNorm(3).train(), torch.rand(8, 3, 6, 6)
    assert_close(norm(channels), norm(channels * 0.01), rtol=1e-3, atol=1e-3)
    assert list(norm.parameters()) == []


def test_the_decomposition_is_in_full_precision_even_where_the_classifier_is_not():
    torch.manual_seed(0)
    network, image = build("vgg16", "wae_cnn", SMALL), torch.rand(2, 3, 32, 32)
    with torch.autocast("cpu", torch.bfloat16):
        low, high = network.decompose(image)
        scores = network.classify(low, high)
    assert low.dtype == high.dtype == torch.float32
    assert scores[0].dtype == torch.bfloat16


def test_both_streams_give_a_score_for_every_class():
    low, fused = build("vgg16", "wae_cnn", SMALL)(torch.rand(4, 3, 32, 32))
    assert low.shape == fused.shape == (4, 7)


def test_the_high_stream_reaches_the_fused_scores_alone():
    torch.manual_seed(0)
    network = build("vgg16", "wae_cnn", SMALL).eval()
    low, high = torch.rand(2, 2, 3, 16, 16)
    first, second = network.classify(low, high), network.classify(low, high + 1)
    assert_close(first[0], second[0])
    assert not torch.allclose(first[1], second[1])


def test_the_high_stream_has_a_quarter_of_the_channels():
    network = build("vgg16", "wae_cnn", Shape(side=64, classes=10))
    assert network.low_features.channels == 512
    assert network.high_features.channels == 128


def test_half_resolution_is_the_same_network_on_a_smaller_input():
    full, half = build("vgg16", "full", Shape(64, 10)), build("vgg16", "half", Shape(128, 10))
    assert [parameter.shape for parameter in full.parameters()] == [parameter.shape for parameter in half.parameters()]


@pytest.mark.parametrize("method", ["ca", "low", "wae_cnn_low_stream"])
def test_the_low_stream_alone_sees_the_low_channel_of_its_decomposer(method):
    torch.manual_seed(0)
    network, image = build("vgg16", method, SMALL).eval(), torch.rand(2, 3, 32, 32)
    low, _ = network.decomposer(image)
    expected = network.low_head(network.low_features(network.low_norm(low)))
    assert_close(network(image), (expected,))


def test_our_cut_network_gives_the_low_scores_of_the_whole_one():
    torch.manual_seed(0)
    whole, cut = build("vgg16", "wae_cnn", SMALL).eval(), build("vgg16", "wae_cnn_low_stream", SMALL).eval()
    weights = whole.state_dict()
    cut.load_state_dict({name: weights[name] for name in cut.state_dict()})
    image = torch.rand(2, 3, 32, 32)
    assert_close(cut(image), whole(image)[:1], rtol=0, atol=0)


def test_wavelet_and_ours_differ_in_their_decomposer_and_in_the_channels_that_it_gives():
    wavelet, ours = (build("vgg16", method, SMALL) for method in ("wavelet_cnn", "wae_cnn"))
    assert [name for name, _ in wavelet.named_children()] == [name for name, _ in ours.named_children()]
    shapes = [{name: value.shape for name, value in network.state_dict().items()} for network in (wavelet, ours)]
    differing = {name for name in shapes[0] if shapes[0][name] != shapes[1][name]}
    assert differing == {"high_norm.running_mean", "high_norm.running_var", "high_features.layers.0.weight"}
    assert wavelet(torch.rand(2, 3, 32, 32))[1].shape == (2, 7)


def test_the_control_without_norms_is_ours_but_for_them():
    kinds = [
        [type(module) for module in build("vgg16", method, SMALL).modules() if not isinstance(module, ChannelNorm)]
        for method in ("wae_cnn", "wae_cnn_frozen_unnormalised")
    ]
    assert kinds[0] == [kind for kind in kinds[1] if kind is not torch.nn.Identity]


@pytest.mark.parametrize("place", PLACES)
def test_every_method_of_a_place_can_be_built_and_gives_scores_for_its_input(place):
    for method in evaluated(*place):
        side = SMALL.side // METHODS[method].input_divisor
        row = METHODS[method]
        pruned = row.plan_of or (row.criterion and not row.plan)  # its layers are those that pruning leaves
        network = build(place[1], method, replace(SMALL, plan=THINET_TINY) if pruned else SMALL)
        assert all(scores.shape == (2, 7) for scores in network(torch.rand(2, 3, side, side)))


def test_an_unknown_method_is_named_with_the_known_ones():
    with pytest.raises(InvalidParameter, match=r"method: must be one of full, .*, got 'Our'"):
        build("vgg16", "Our", SMALL)
    with pytest.raises(InvalidParameter, match=r"backbone: must be one of vgg16, resnet50, got 'vgg'"):
        build("vgg", "wae_cnn", SMALL)
