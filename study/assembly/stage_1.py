"""Stage 1 of the learning (Sec. Learning): what it starts from and what it minimises."""

from study.models.initialisation import initialised
from study.models.wae import WaveletLikeAutoEncoder
from study.training.loop import Objective
from study.training.objectives import ByTransformLoss


def auto_encoder(lambda_: float) -> Objective:
    """A new auto-encoder, by the transform loss (Eq. 5)."""
    new = WaveletLikeAutoEncoder()
    initialised(new)
    return ByTransformLoss(new.encoder, new.decoder, lambda_)
