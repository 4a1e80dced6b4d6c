"""The convolution layers of ResNet-50 (He et al. 2016), of any width, and its head."""

from collections.abc import Sequence
from typing import cast

from torch import Tensor, nn

from study.models.backbone import Backbone, Features
from study.models.plans import Plan
from study.models.shape import Shape
from study.models.vgg import scaled

PLANES = (64, 128, 256, 512)  # channels inside the bottlenecks of each stage; a bottleneck gives four times as many
BLOCKS = (3, 4, 6, 3)


def filters(width: float = 1.0) -> tuple[int, ...]:
    """Filters of the first 1x1 and of the 3x3 of every bottleneck, in order, at a relative width."""
    return tuple(
        scaled(planes, width) for planes, blocks in zip(PLANES, BLOCKS, strict=True) for _ in range(2 * blocks)
    )


class Bottleneck(nn.Module):
    """A bottleneck of `planes` channels inside and four times as many outside, with a projection beside it where the
    shape changes. Its first 1x1 has `first` filters and its 3x3 `second`, both `planes` where nothing is pruned.

    The publication and its Caffe network stride in the first 1x1; torchvision does so in the 3x3.
    """

    EXPANSION = 4

    def __init__(self, inputs: int, planes: int, stride: int, first: int, second: int) -> None:
        super().__init__()
        outputs = planes * self.EXPANSION
        self.conv1 = nn.Conv2d(inputs, first, kernel_size=1, stride=stride, bias=False)
        self.bn1 = nn.BatchNorm2d(first)
        self.conv2 = nn.Conv2d(first, second, kernel_size=3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(second)
        self.conv3 = nn.Conv2d(second, outputs, kernel_size=1, bias=False)
        self.bn3 = nn.BatchNorm2d(outputs)
        self.relu = nn.ReLU(inplace=True)
        self.downsample: nn.Module = nn.Identity()
        if stride > 1 or inputs != outputs:
            self.downsample = nn.Sequential(
                nn.Conv2d(inputs, outputs, kernel_size=1, stride=stride, bias=False), nn.BatchNorm2d(outputs)
            )

    def forward(self, features: Tensor) -> Tensor:
        """Features (batch, inputs, side, side) as (batch, 4 planes, side/stride, side/stride)."""
        inner = self.relu(self.bn1(self.conv1(features)))
        inner = self.relu(self.bn2(self.conv2(inner)))
        summed: Tensor = self.bn3(self.conv3(inner)) + self.downsample(features)
        outside: Tensor = self.relu(summed)
        return outside


class ResNet50Features(Features):
    """ResNet-50 up to its last bottleneck. `width` multiplies every channel number; `inputs` are the input's channels.

    `inner` gives the filters of the first 1x1 and of the 3x3 of all bottlenecks in order, for a pruned network. Layers
    carry torchvision's names.
    """

    def __init__(self, width: float = 1.0, inputs: int = 3, inner: Sequence[int] | None = None) -> None:
        super().__init__()
        left = iter(inner or filters(width))
        channels = scaled(PLANES[0], width)
        self.conv1 = nn.Conv2d(inputs, channels, kernel_size=7, stride=2, padding=3, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.relu = nn.ReLU(inplace=True)
        self.maxpool = nn.MaxPool2d(kernel_size=3, stride=2, padding=1)
        for number, (planes, blocks) in enumerate(zip(PLANES, BLOCKS, strict=True), start=1):
            stage = []
            for position in range(blocks):
                stride = 2 if number > 1 and position == 0 else 1
                stage.append(Bottleneck(channels, scaled(planes, width), stride, next(left), next(left)))
                channels = scaled(planes, width) * Bottleneck.EXPANSION
            self.add_module(f"layer{number}", nn.Sequential(*stage))
        self.channels = channels

    def forward(self, image: Tensor) -> Tensor:
        """Features (batch, channels, side/32, side/32), sides rounded up."""
        features: Tensor = self.maxpool(self.relu(self.bn1(self.conv1(image))))
        for stage in self.stages():
            features = stage(features)
        return features

    def stages(self) -> list[nn.Sequential]:
        """The bottlenecks of conv2_x to conv5_x."""
        return [cast(nn.Sequential, self.get_submodule(f"layer{number}")) for number in range(1, len(BLOCKS) + 1)]


def head(inputs: int, classes: int) -> nn.Sequential:
    """The mean over positions and one linear layer: ResNet's classifier, of features with any side."""
    return nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(inputs, classes))


def _narrow(shape: Shape, plan: Plan) -> Features:
    return ResNet50Features(shape.width, inner=plan.channels(filters(shape.width)))


RESNET50 = Backbone(
    features=lambda _, width, inputs: ResNet50Features(width, inputs),
    head=lambda shape, channels, *_: head(channels, shape.classes),
    filters=filters,
    narrow=_narrow,
)
