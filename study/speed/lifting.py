"""The CDF 9/7 wavelet by lifting: the fast way to the bands that study.models.wavelet has as a convolution."""

import pywt
import torch
from torch import Tensor, nn

from study.models.wavelet import WAVELET

BLOCK = 8  # images that are transformed at a time: few enough to stay in a processor's cache


def lifting(low_pass: list[float]) -> tuple[tuple[float, ...], float]:
    """The four lifting steps of CDF 9/7 and the gain of the low band, from its analysis filter.

    `low_pass` holds PyWavelets' ten taps, the first of them zero. Daubechies and Sweldens 1998, Sec. 7.8.
    """
    h0, h1, h2, h3, h4 = low_pass[5:10]
    r0, r1 = h0 - 2 * h4 * h1 / h3, h2 - h4 - h4 * h1 / h3
    s0 = h1 - h3 - h3 * r0 / r1
    gain = r0 - 2 * r1
    return (h4 / h3, h3 / r1, r1 / s0, s0 / gain), gain


class LiftedCDF97(nn.Module):
    """What study.models.wavelet.CDF97 computes, in fewer operations and in the cache; twice as far from PyWavelets, up
    to 2e-6 in fp32 for images in [0, 1]."""

    def __init__(self) -> None:
        super().__init__()
        steps, self.low_gain = lifting(pywt.Wavelet(WAVELET).dec_lo)
        self.high_gain = -1 / self.low_gain  # PyWavelets' high-pass filter has this sign
        # The gains come first: the steps that follow them are between values that have theirs already.
        to_high, to_low = self.high_gain / self.low_gain, self.low_gain / self.high_gain
        self.steps = tuple(step * gain for step, gain in zip(steps, (to_high, to_low) * 2, strict=True))

    def forward(self, image: Tensor) -> tuple[Tensor, Tensor]:
        """cA (batch, 3, height/2, width/2), and cH, cV, cD of each colour (batch, 9, height/2, width/2).

        `image` is (batch, 3, height, width) with even sides.
        """
        batch, colours, height, width = image.shape
        rows = image.new_empty(2, BLOCK, colours, height // 2, width)
        low = image.new_empty(batch, colours, height // 2, width // 2)
        high = image.new_empty(batch, 3, colours, height // 2, width // 2)
        for start in range(0, batch, BLOCK):
            block = slice(start, start + BLOCK)
            cA, (cH, cV, cD) = low[block], high[block].unbind(1)
            low_rows, high_rows = rows[:, : len(cA)]
            self._lift(image[block], -2, low_rows, high_rows)
            self._lift(low_rows, -1, cA, cV)
            self._lift(high_rows, -1, cH, cD)
        return low, high.flatten(1, 2)

    def _lift(self, values: Tensor, dim: int, low: Tensor, high: Tensor) -> None:
        """Write both bands of `values` along a dimension into `low` and `high`."""
        even, odd = (values[..., start::2, :] if dim == -2 else values[..., start::2] for start in (0, 1))
        torch.mul(even, self.low_gain, out=low)
        torch.mul(odd, self.high_gain, out=high)
        first, second, third, fourth = self.steps
        for to_high, to_low in ((first, second), (third, fourth)):
            _add_both_neighbours(high, low, to_high, dim, ahead=True)
            _add_both_neighbours(low, high, to_low, dim, ahead=False)


def _add_both_neighbours(target: Tensor, source: Tensor, factor: float, dim: int, *, ahead: bool) -> None:
    """Add to each value `factor` times the values of `source` on its sides: the one at its own place, and the next one
    or the one before. Borders are periodic."""
    target.add_(source, alpha=factor)
    last = target.shape[dim] - 1
    for here, there, length in ((0, 1, last), (last, 0, 1)) if ahead else ((1, 0, last), (0, last, 1)):
        target.narrow(dim, here, length).add_(source.narrow(dim, there, length), alpha=factor)
