import pytest
import torch
from torch.testing import assert_close
from torchvision.models import vgg16

from study.models.build import build
from study.models.shape import Shape
from study.models.vgg import VGG16Features


@pytest.mark.slow
def test_full_width_vgg16_computes_what_torchvisions_does():
    torch.manual_seed(0)
    theirs = vgg16(weights=None).eval()
    ours = build("vgg16", "full", Shape(side=224, classes=1000, channel_norm=False)).eval()
    ours.features.layers.load_state_dict(theirs.features.state_dict())
    linear = [layer for layer in theirs.classifier if isinstance(layer, torch.nn.Linear)]
    own = [layer for layer in ours.head if isinstance(layer, torch.nn.Linear)]
    for mine, reference in zip(own, linear, strict=True):
        mine.load_state_dict(reference.state_dict())
    image = torch.rand(1, 3, 224, 224)
    with torch.inference_mode():
        assert_close(ours(image)[0], theirs(image))


@pytest.mark.parametrize(("side", "expected"), [(224, 7), (112, 4), (48, 2), (24, 1), (32, 1)])
def test_pooling_rounds_up_as_caffe_does(side, expected):
    features = VGG16Features(width=1 / 16)
    assert features(torch.rand(1, 3, side, side)).shape == (1, 32, expected, expected)
    assert VGG16Features.side_of(side) == expected
