"""What test_ranks.py runs, alone and by torchrun: python together.py FOLDER HOW; the first rank leaves what it came to.

HOW is `whole`, or `gradients` for those of the first batch alone, or what happens to the last rank in its fourth batch:
`stop` for a signal, `lose` for an end without a word.
"""

import copy
import json
import os
import signal
import sys
from pathlib import Path

import numpy as np
import torch
from torch import distributed

from study.data.batches import Pictures, training_plan
from study.data.collection import Collection, Packed
from study.models.build import build
from study.models.initialisation import initialised
from study.models.shape import Shape
from study.models.wae import Decoder, WaveletLikeAutoEncoder
from study.settings.errors import StudyError
from study.settings.parameters.training import OneCycle
from study.training.checkpoint import NOT_KEPT, Checkpoint
from study.training.device import make_deterministic
from study.training.loop import Objective, Recipe, fit
from study.training.objectives import ByClassification, ByJointLoss, ByTransformLoss
from study.training.ranks import joined
from study.training.synchronised import synchronise

CLASSES, BATCH, EPOCHS = 4, 16, 3


def pictures() -> Pictures:
    """Images of random pixels, three batches and some that fill no batch. Nothing is flat: where equal numbers are
    pooled, rounding decides which one the gradient goes to."""
    images = np.random.default_rng(0).integers(0, 256, (3 * BATCH + 5, 36, 36, 3), dtype=np.uint8)
    packed = Packed(images, np.arange(len(images)) % CLASSES)
    return Pictures(Collection(tuple("abcd"), packed, packed), "train", side=36, crop=32)


def shape(dropout: float, batch_norm: bool) -> Shape:
    return Shape(32, CLASSES, width=1 / 8, batch_norm=batch_norm, dropout=dropout, initialisation="he")


def classifier(method: str, dropout: float, batch_norm: bool = False, backbone: str = "vgg16") -> Objective:
    return ByClassification(build(backbone, method, shape(dropout, batch_norm)))


def auto_encoder() -> Objective:
    new = WaveletLikeAutoEncoder()
    initialised(new)
    return ByTransformLoss(new.encoder, new.decoder, 1.0)


def joint(batch_norm: bool = False) -> Objective:
    return ByJointLoss(build("vgg16", "wae_cnn", shape(0.5, batch_norm)), initialised(Decoder()), 1.0, 0.001)


def in_double(objective: Objective) -> Objective:
    """The objective with weights and images in double precision."""
    forward = objective.forward
    objective.forward = lambda images, labels: forward(images.double(), labels)
    return objective.double()


# By name, an objective and its learning rate. The one with BatchNorm behind every convolution is in double precision:
# where that sees sixteen numbers, even one process that starts from weights changed by 1e-7 ends elsewhere; with
# ResNet-50's fifty of them, from weights changed by 1e-13.
CASES = {
    "dropout": (lambda: classifier("full", 0.5), 3e-4),
    "no dropout": (lambda: classifier("full", 0.0), 3e-4),
    "two streams": (lambda: classifier("wae_cnn", 0.5), 0.003),
    "stage 1": (auto_encoder, 1e-5),
    "stage 3": (joint, 0.003),
    "BatchNorm": (lambda: in_double(classifier("wae_cnn", 0.5, True)), 0.01),
}
# Those whose gradients are compared, all in double precision.
NORMED = {
    "BatchNorm": lambda: classifier("full", 0.5, True),
    "two streams": lambda: classifier("wae_cnn", 0.5, True),
    "resnet": lambda: classifier("half", 0.5, True, "resnet50"),
    "stage 3": lambda: joint(True),
}


def happens(how: str, objective: Objective, last: bool) -> None:
    """Let it happen in the fourth batch."""
    calls, forward = iter(range(100)), objective.forward

    def call(*batch):
        if next(calls) == 3 and last:
            if how == "lose":
                os._exit(9)
            os.kill(os.getpid(), signal.SIGTERM)
        return forward(*batch)

    if how != "whole":
        objective.forward = call


def gradients(folder: Path) -> None:
    """By case, how far the gradients of the shares are from those of the whole batch, as a share of the largest, and
    how far running statistics are."""
    found = {}
    with joined() as ranks:
        for name, make in NORMED.items():
            make_deterministic(0)
            whole = make().double()
            shared = copy.deepcopy(whole)
            synchronise(shared, ranks.rank, ranks.count)
            (picks, *_) = training_plan(len(pictures()), BATCH, pictures().margin, seed=0, epoch=1)
            for objective, part in ((whole, picks), (shared, ranks.share(picks))):
                torch.manual_seed(1)
                images, labels = pictures()[part]
                objective(images.double() / 255, labels)[0].backward()
            for parameter in shared.parameters():
                distributed.all_reduce(parameter.grad)
                parameter.grad /= ranks.count
            pairs = list(zip(whole.parameters(), shared.parameters(), strict=True))
            largest = max(one.grad.abs().max() for one, _ in pairs)
            states = zip(whole.state_dict().values(), shared.state_dict().values(), strict=True)
            found[name] = {
                "gradients": float(max((one.grad - other.grad).abs().max() for one, other in pairs) / largest),
                "states": float(max((one.double() - other.double()).abs().max() for one, other in states)),
            }
        if ranks.leads:
            (folder / "gradients.json").write_text(json.dumps(found))


def main(folder: Path, how: str) -> None:
    torch.set_num_threads(1)
    folder.mkdir(exist_ok=True)
    if how == "gradients":
        return gradients(folder)
    with joined() as ranks:
        for name, (make, rate) in CASES.items() if how == "whole" else [("dropout", CASES["dropout"])]:
            make_deterministic(0)
            objective = make()
            happens(how, objective, ranks.rank == ranks.count - 1)
            schedule = OneCycle(kind="one_cycle", warm_up=0.25)
            rows = fit(
                objective, pictures(), Recipe(rate, 0.9, 0.0005, BATCH, EPOCHS, schedule, "loss"),
                seed=0, device=ranks.device, bf16=False, title=name, ranks=ranks,
                checkpoint=Checkpoint(folder) if ranks.leads and name == "dropout" else NOT_KEPT,
            )  # fmt: skip
            if ranks.leads:
                torch.save({"rows": rows, "weights": objective.state_dict()}, folder / f"{name}.pt")
    return None


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]), sys.argv[2])
    except StudyError as error:
        sys.exit(f"error: {error}")
