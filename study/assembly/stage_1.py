"""Stage 1 of the learning (Sec. Learning): what it starts from and what it minimises."""

from torch import nn

from study.models.initialisation import initialised
from study.models.wae import WaveletLikeAutoEncoder
from study.training.loop import Objective
from study.training.objectives import by_transform_loss


def auto_encoder(lambda_: float) -> tuple[nn.Module, Objective]:
    """A new auto-encoder, by the transform loss (Eq. 5)."""
    return by_transform_loss(initialised(WaveletLikeAutoEncoder()), lambda_)
