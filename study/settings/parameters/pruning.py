"""The compared pruning methods."""

from study.settings.errors import InvalidParameter
from study.settings.parameters.training import RatedTraining, ShortTraining
from study.settings.parameters.types import Block, Count, Fraction, NotNegative


class Recovery(Block):
    """Fine-tuning of a pruned network."""

    between: ShortTraining
    """after every removal"""
    final: RatedTraining
    """when the last filter is gone"""


class Prune(Block):
    """How pruning goes on at a scale."""

    images: Count
    """Taylor: images by which the maps of all layers are scored"""
    maps: Count
    """Taylor: how many maps go at a time"""
    recovery: dict[str, dict[str, Recovery]]
    """fine-tuning, by the word that rows name and by backbone"""

    def recovery_of(self, word: str, backbone: str) -> Recovery:
        """The fine-tuning of a row's pruning. Raises InvalidParameter, naming the key, where there is none."""
        if backbone not in self.recovery.get(word, {}):
            raise InvalidParameter(f"prune.recovery.{word}.{backbone}: missing in params.yaml")
        return self.recovery[word][backbone]


class Pruning(Block):
    """What decides about filters, at every scale."""

    images_per_class: Count
    """ThiNet: images of every class"""
    locations: Count
    """ThiNet: outputs of the next layer drawn from each image"""
    flops_weight: NotNegative
    """Taylor: weight of a map's cost in its score"""
    targets: dict[str, Fraction]
    """Taylor: share of the multiply-adds at which each row ends, by the row's word"""
