"""Stage 2 of the learning (Sec. Learning): what it starts from and what it minimises."""

from study.models.build import build
from study.models.shape import Shape
from study.settings.methods import METHODS
from study.training.loop import Objective
from study.training.objectives import ByClassification
from study.training.run import Weights


def classifier(backbone: str, word: str, shape: Shape, encoder: Weights | None = None) -> Objective:
    """A row's new classifier, by the classification loss (Eq. 7); an encoder of stage 1 stays as it is."""
    network = build(backbone, word, shape)
    if encoder is not None:
        decomposer = network.get_submodule("decomposer")
        decomposer.load_state_dict(encoder)
        decomposer.requires_grad_(False)
    return ByClassification(network, averaged_loss=METHODS[word].averaged_loss)
