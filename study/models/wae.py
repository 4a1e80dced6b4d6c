"""The wavelet-like auto-encoder: image decomposition (Eq. 1) and synthesis (Eq. 2)."""

from torch import Tensor, nn

from study.models.decomposer import Decomposer

CHANNELS = 16  # of every intermediate layer (Sec. Wavelet-like Auto-Encoder)


def _convolution(inputs: int, outputs: int, stride: int = 1) -> nn.Conv2d:
    return nn.Conv2d(inputs, outputs, kernel_size=3, stride=stride, padding=1)


class Encoder(Decomposer):
    """Image decomposition (Eq. 1): three 3x3 convolutions, then one strided branch for I_L and one for I_H.

    The branches end without ReLU, as in the released network, so both channels carry signed values.
    """

    low_channels = high_channels = 3

    def __init__(self) -> None:
        super().__init__()
        self.shared = nn.Sequential(
            _convolution(3, CHANNELS), nn.ReLU(inplace=True),
            _convolution(CHANNELS, CHANNELS), nn.ReLU(inplace=True),
            _convolution(CHANNELS, CHANNELS), nn.ReLU(inplace=True),
        )  # fmt: skip
        self.to_low = _convolution(CHANNELS, 3, stride=2)
        self.to_high = _convolution(CHANNELS, 3, stride=2)

    def forward(self, image: Tensor) -> tuple[Tensor, Tensor]:
        """I_L and I_H of an image (batch, 3, height, width): each (batch, 3, height/2, width/2)."""
        features = self.shared(image)  # (batch, 16, height, width)
        return self.to_low(features), self.to_high(features)


class Decoder(nn.Module):
    """Image synthesis (Eq. 2): each channel is up-sampled and refined by a branch of its own; the branches are added.

    The kernel of the deconvolution is lost in the text; 4x4 with padding 1 doubles a side exactly.
    """

    def __init__(self) -> None:
        super().__init__()
        self.from_low = self._branch()
        self.from_high = self._branch()

    @staticmethod
    def _branch() -> nn.Sequential:
        return nn.Sequential(
            nn.ConvTranspose2d(3, CHANNELS, kernel_size=4, stride=2, padding=1), nn.ReLU(inplace=True),
            _convolution(CHANNELS, CHANNELS), nn.ReLU(inplace=True),
            _convolution(CHANNELS, CHANNELS), nn.ReLU(inplace=True),
            _convolution(CHANNELS, 3),
        )  # fmt: skip

    def forward(self, low: Tensor, high: Tensor) -> Tensor:
        """I' from I_L and I_H, each (batch, 3, height, width): an image (batch, 3, 2 height, 2 width)."""
        reconstructed: Tensor = self.from_low(low) + self.from_high(high)
        return reconstructed


class WaveletLikeAutoEncoder(nn.Module):
    """The encoder and the decoder of stage 1, trained together by the transform loss (Eq. 5)."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = Encoder()
        self.decoder = Decoder()

    def forward(self, image: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """I_L, I_H and the reconstruction I' of an image."""
        low, high = self.encoder(image)
        return low, high, self.decoder(low, high)
