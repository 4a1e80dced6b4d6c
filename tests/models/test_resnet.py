import pytest
import torch
from torch.testing import assert_close
from torchvision.models import resnet50

from study.models.build import build
from study.models.resnet import ResNet50Features
from study.models.shape import Shape


def test_full_width_resnet50_computes_what_torchvisions_does_but_for_where_it_strides():
    torch.manual_seed(0)
    theirs = resnet50(weights=None).eval()
    for stage in (theirs.layer2, theirs.layer3, theirs.layer4):
        stage[0].conv1.stride, stage[0].conv2.stride = (2, 2), (1, 1)
    ours = build("resnet50", "full", Shape(side=64, classes=1000, channel_norm=False)).eval()
    weights = theirs.state_dict()
    ours.features.load_state_dict({name: value for name, value in weights.items() if not name.startswith("fc.")})
    ours.head[-1].load_state_dict(theirs.fc.state_dict())
    image = torch.rand(2, 3, 64, 64)
    with torch.inference_mode():
        assert_close(ours(image)[0], theirs(image))


@pytest.mark.parametrize(("side", "expected"), [(112, 4), (40, 2), (20, 1)])
def test_sides_are_rounded_up(side, expected):
    features = ResNet50Features(width=1 / 16)
    assert features(torch.rand(2, 3, side, side)).shape == (2, 128, expected, expected)


def test_the_high_stream_of_our_resnet_has_a_quarter_of_the_channels():
    network = build("resnet50", "wae_cnn", Shape(side=64, classes=10))
    assert (network.low_features.channels, network.high_features.channels) == (2048, 512)
    assert network.fused_head[-1].in_features == 2560
