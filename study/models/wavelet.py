"""Fixed wavelets as decomposers: CDF 9/7, what Wavelet+CNN puts in place of the learned encoder, and Haar."""

import pywt
import torch
from torch import Tensor
from torch.nn import functional

from study.models.decomposer import Decomposer

WAVELET = "bior4.4"  # PyWavelets' name of CDF 9/7, the filters of JPEG 2000


class Wavelet(Decomposer):
    """One level of a two-dimensional wavelet transform with periodic borders, as one strided convolution.

    Only periodic borders give half the side: symmetric ones turn 224 pixels into 116. The bands are not scaled, so a
    constant image has twice its value in cA. Equal to `pywt.dwt2(image, name, mode="periodization")`.
    """

    low_channels, high_channels = 3, 9
    filters: Tensor

    def __init__(self, name: str) -> None:
        super().__init__()
        wavelet = pywt.Wavelet(name)
        # A convolution layer correlates: the filters stand the other way round.
        low, high = (torch.tensor(taps[::-1], dtype=torch.float64) for taps in (wavelet.dec_lo, wavelet.dec_hi))
        # cA, cH, cV, cD: along rows (down the image) first, then along columns.
        bands = torch.stack([torch.outer(down, across) for down in (low, high) for across in (low, high)])
        self.taps = len(low)
        # Not part of the state: the filters are known.
        self.register_buffer("filters", bands[[0, 2, 1, 3], None], persistent=False)

    def forward(self, image: Tensor) -> tuple[Tensor, Tensor]:
        """cA (batch, 3, height/2, width/2), and cH, cV, cD of each colour (batch, 9, height/2, width/2).

        `image` is (batch, 3, height, width) with even sides.
        """
        batch, colours, height, width = image.shape
        before = self.taps // 2 - 1
        padded = functional.pad(image, (before, before + 1, before, before + 1), mode="circular")
        single = padded.reshape(batch * colours, 1, *padded.shape[-2:])
        bands = functional.conv2d(single, self.filters.to(image.dtype), stride=2)  # (batch * 3, 4, height/2, width/2)
        bands = bands.reshape(batch, colours, 4, height // 2, width // 2)
        return bands[:, :, 0], bands[:, :, 1:].transpose(1, 2).flatten(1, 2)


class CDF97(Wavelet):
    """The transform of JPEG 2000 (Cohen, Daubechies and Feauveau 1992), with 9 and 7 taps."""

    def __init__(self) -> None:
        super().__init__(WAVELET)


class Haar(Wavelet):
    """Sums and differences within blocks of 2x2 pixels: the shortest wavelet (Haar 1910)."""

    def __init__(self) -> None:
        super().__init__("haar")
