"""Stage 3 of the learning (Sec. Learning), and its control: what they start from and what they minimise."""

from study.models.build import build
from study.models.initialisation import initialised
from study.models.shape import Shape
from study.models.wae import Decoder
from study.training.loop import Objective
from study.training.objectives import ByJointLoss
from study.training.run import Weights


def finetuned(
    backbone: str, word: str, shape: Shape, trained: Weights, decoder: Weights, lambda_: float, gamma: float
) -> Objective:
    """A trained classifier and the decoder of its encoder, by the joint loss (Eq. 9)."""
    network = build(backbone, word, shape)
    network.load_state_dict(trained)
    synthesis = Decoder()
    synthesis.load_state_dict(decoder)
    return ByJointLoss(network, synthesis, lambda_, gamma)


def jointly(backbone: str, word: str, shape: Shape, lambda_: float, gamma: float) -> Objective:
    """Control: a new classifier and a new decoder, by the joint loss (Eq. 9)."""
    network = build(backbone, word, shape)
    return ByJointLoss(network, initialised(Decoder()), lambda_, gamma)
