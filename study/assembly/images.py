"""The images of a run."""

from study.data import prepared
from study.data.batches import Pictures
from study.data.prepared import PreparedSet
from study.settings import paths
from study.settings.records import Method


def read_data(scale: str, dataset: str) -> PreparedSet:
    """A prepared data set, checked against its manifest. Raises InvalidData."""
    return prepared.read(paths.prepared(scale, dataset), dataset)


def images(data: PreparedSet, split: str, row: Method | None = None) -> Pictures:
    """A split as a row sees it: half the side for those that work on the resized image; without a row as it is."""
    return data.pictures(split, divisor=row.input_divisor if row else 1)
