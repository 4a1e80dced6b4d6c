"""What is drawn independently among test images."""

import numpy as np
from numpy.typing import NDArray

# paper_tables/protocol.yaml, units; a test compares. All test images of a class are one unit there: a photograph that
# patches were cut from, or a person.
UNIT_IS_THE_CLASS = ("photographs", "rendered_faces", "cacd")


def units(labels: NDArray[np.int64], source: str) -> NDArray[np.int64]:
    """The unit of every image, (images,), from its class, (images,), and the source of the data set."""
    return labels if source in UNIT_IS_THE_CLASS else np.arange(len(labels), dtype=np.int64)
