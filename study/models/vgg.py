"""The convolution layers of VGG16 (Simonyan and Zisserman 2014), of any width, and the paper's three-layer head."""

from collections.abc import Sequence

from torch import Tensor, nn

from study.models.backbone import Backbone, Features
from study.models.plans import Plan
from study.models.shape import Shape

# Channels of each convolution; "M" is a max-pooling.
CONFIGURATION_D = (64, 64, "M", 128, 128, "M", 256, 256, 256, "M", 512, 512, 512, "M", 512, 512, 512, "M")


def scaled(channels: int, width: float) -> int:
    """A channel number at relative `width`, at least 1."""
    return max(1, round(channels * width))


def filters(width: float = 1.0) -> tuple[int, ...]:
    """Filters of the 13 convolutions at a relative width."""
    return tuple(scaled(layer, width) for layer in CONFIGURATION_D if isinstance(layer, int))


class VGG16Features(Features):
    """VGG16 up to its last pooling. `width` multiplies every channel number (the paper's fusion sub-module: 1/4);
    `inputs` are the input's channels.

    `channels` gives the filters of the 13 convolutions instead, for a pruned network. Pooling rounds up, as Caffe's
    does: a side of 112 ends as 4, where rounding down would give 3. Without `last_pooling` the features have twice
    that side. Layers carry the names of torchvision's VGG16, which takes a second to import.
    """

    def __init__(
        self,
        width: float = 1.0,
        batch_norm: bool = False,
        inputs: int = 3,
        channels: Sequence[int] | None = None,
        last_pooling: bool = True,
    ) -> None:
        super().__init__()
        left = iter(channels or filters(width))
        layers: list[nn.Module] = []
        for layer in CONFIGURATION_D if last_pooling else CONFIGURATION_D[:-1]:
            if layer == "M":
                layers.append(nn.MaxPool2d(kernel_size=2, stride=2, ceil_mode=True))
            else:
                outputs = next(left)
                layers.append(nn.Conv2d(inputs, outputs, kernel_size=3, padding=1))
                layers += [nn.BatchNorm2d(outputs)] if batch_norm else []
                layers.append(nn.ReLU(inplace=True))
                inputs = outputs
        self.layers = nn.Sequential(*layers)
        self.channels = inputs

    def forward(self, image: Tensor) -> Tensor:
        """Features (batch, channels, side/32, side/32), sides rounded up at every pooling."""
        features: Tensor = self.layers(image)
        return features

    @staticmethod
    def side_of(side: int) -> int:
        """Side of the features of an image of this side, in pixels."""
        for _ in range(CONFIGURATION_D.count("M")):
            side = -(-side // 2)
        return side


def head(inputs: int, hidden: int, classes: int, dropout: float = 0.5) -> nn.Sequential:
    """Two hidden layers with ReLU and dropout, then the logits (batch, classes): VGG16's classifier, at any width."""
    return nn.Sequential(
        nn.Flatten(),
        nn.Linear(inputs, hidden), nn.ReLU(inplace=True), nn.Dropout(dropout),
        nn.Linear(hidden, hidden), nn.ReLU(inplace=True), nn.Dropout(dropout),
        nn.Linear(hidden, classes),
    )  # fmt: skip


def _head(shape: Shape, channels: int, side: int, hidden: int) -> nn.Module:
    inputs = channels * VGG16Features.side_of(side) ** 2
    return head(inputs, scaled(hidden, shape.width), shape.classes, shape.dropout)


def _narrow(shape: Shape, plan: Plan) -> Features:
    channels = plan.channels(filters(shape.width))
    return VGG16Features(batch_norm=shape.batch_norm, channels=channels, last_pooling=not plan.average_pooled)


VGG16 = Backbone(
    features=lambda shape, width, inputs: VGG16Features(width, shape.batch_norm, inputs),
    head=_head,
    filters=filters,
    narrow=_narrow,
)
