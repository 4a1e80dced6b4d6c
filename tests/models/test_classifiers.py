import pytest
import torch
from torch.testing import assert_close

from study.errors import InvalidParameter
from study.methods import TRAINED
from study.models.build import BUILDERS, Shape, build
from study.models.classifiers import ChannelNorm, averaged

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
    network, image = build("ours", SMALL), torch.rand(2, 3, 32, 32)
    with torch.autocast("cpu", torch.bfloat16):
        low, high = network.decompose(image)
        scores = network.classify(low, high)
    assert low.dtype == high.dtype == torch.float32
    assert scores[0].dtype == torch.bfloat16


def test_both_streams_give_a_score_for_every_class():
    low, fused = build("ours", SMALL)(torch.rand(4, 3, 32, 32))
    assert low.shape == fused.shape == (4, 7)


def test_the_high_stream_reaches_the_fused_scores_alone():
    torch.manual_seed(0)
    network = build("ours", SMALL).eval()
    low, high = torch.rand(2, 2, 3, 16, 16)
    first, second = network.classify(low, high), network.classify(low, high + 1)
    assert_close(first[0], second[0])
    assert not torch.allclose(first[1], second[1])


def test_the_high_stream_has_a_quarter_of_the_channels():
    network = build("ours", Shape(side=64, classes=10))
    assert network.low_features.channels == 512
    assert network.high_features.channels == 128


def test_half_resolution_is_the_same_network_on_a_smaller_input():
    full, half = build("standard", Shape(64, 10)), build("half", Shape(128, 10))
    assert [parameter.shape for parameter in full.parameters()] == [parameter.shape for parameter in half.parameters()]


def test_every_trained_method_has_a_builder():
    assert {method for methods in TRAINED.values() for method in methods} <= set(BUILDERS)


def test_an_unknown_method_is_named_with_the_known_ones():
    with pytest.raises(InvalidParameter, match=r"method: must be one of standard, .*, got 'Our'"):
        build("Our", SMALL)
