"""What is minimised in more than one stage."""

from torch import nn

from study.measures.losses import classification_loss
from study.measures.metrics import top1_error_percent
from study.models.classifiers import averaged
from study.training.loop import Objective


def by_classification(network: nn.Module) -> tuple[nn.ModuleDict, Objective]:
    """A classifier in training mode, to be trained by the classification loss alone (Eq. 7), and that objective."""

    def objective(images, labels):
        scores = network(images)
        numbers = {"top1_error_percent": top1_error_percent(averaged(scores).detach(), labels)}
        return classification_loss(scores, labels), numbers

    return nn.ModuleDict({"classifier": network}).train(), objective
