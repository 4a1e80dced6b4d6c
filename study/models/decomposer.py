"""What splits an image: the learned encoder, a fixed wavelet and the others share this one interface."""

from torch import Tensor, nn


class Decomposer(nn.Module):
    """A module image -> (low, high), both of half the side; `low_channels` and `high_channels` are theirs."""

    low_channels: int
    high_channels: int

    def split(self, image: Tensor) -> tuple[Tensor, Tensor]:
        """(batch, low_channels, height/2, width/2) and (batch, high_channels, height/2, width/2) of an image
        (batch, 3, height, width) with even sides."""
        low, high = self(image)
        return low, high
