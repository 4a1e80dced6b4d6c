"""The validation images as a published network sees them."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from study.data.batches import Pictures
from study.data.collection import Collection, Listed
from study.data.pictures import decoded
from study.published.network import SIDE, Resize

RESIZED = 256  # pixels; then the central SIDE x SIDE are cropped, a single view
SAID: dict[Resize, str] = {
    "caffe": "squashed to 256 x 256 without smoothing, as Caffe's tool does by OpenCV",
    "warp": "squashed to 256 x 256 with smoothing, as this study does by Pillow",
    "keep": "shorter side at 256 with smoothing, the aspect kept, as torchvision does by Pillow",
}


class ValidationPictures(Pictures):
    """The test split of a collection, resized in one of three ways, of which the central 224 x 224 are seen."""

    def __init__(self, collection: Collection[Listed], resize: Resize) -> None:
        super().__init__(collection, "test", RESIZED, SIDE, "keep" if resize == "keep" else "warp")
        self.resize = resize

    def _picture(self, number: int) -> NDArray[np.uint8]:
        if self.resize != "caffe":
            return super()._picture(number)
        return squashed(np.array(decoded(self._file(number))), self.side).permute(1, 2, 0).numpy()


def squashed(picture: NDArray[np.uint8], side: int) -> Tensor:
    """A picture (height, width, 3) at another size, uint8 (3, side, side), each pixel from the four nearest alone.

    This is OpenCV's INTER_LINEAR, by which Caffe's convert_imageset resizes; its arithmetic has 11 bits and may differ
    by one grey level.
    """
    image = torch.from_numpy(picture).permute(2, 0, 1)[None].float()
    found = functional.interpolate(image, size=(side, side), mode="bilinear", align_corners=False, antialias=False)
    return found[0].round().clamp(0, 255).byte()
