"""The one training loop: a stage chooses which parameters are free and which objective is called, nothing else."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from tqdm import tqdm

from study.data.batches import Pictures, training_plan
from study.training.checkpoint import Checkpoint
from study.training.schedule import Plateau, Steps

# An objective maps (images in [0, 1], labels) to the loss and to numbers worth logging, each a mean over the batch.
Objective = Callable[[Tensor, Tensor], tuple[Tensor, dict[str, Tensor]]]
SECONDS_BETWEEN_CHECKPOINTS = 15.0  # at least; saving takes no more than ...
SHARE_OF_SAVING = 0.02  # ... this share of the time, however large the network


class Diverged(Exception):
    """The loss or a weight is no longer a finite number; `rows` are the epochs before."""

    def __init__(self, message: str, rows: list[dict]) -> None:
        super().__init__(message)
        self.rows = rows


@dataclass(frozen=True)
class Recipe:
    """Optimiser and schedule of one training (Sec. Learning): SGD with momentum."""

    learning_rate: float
    momentum: float
    weight_decay: float
    batch: int
    epochs: int
    schedule: Steps | Plateau
    watched: str  # the logged number whose plateau counts


def fit(
    trained: nn.Module,
    objective: Objective,
    pictures: Pictures,
    recipe: Recipe,
    *,
    seed: int,
    device: torch.device,
    bf16: bool,
    checkpoint: Checkpoint,
    title: str,
    seconds_between_checkpoints: float = SECONDS_BETWEEN_CHECKPOINTS,
) -> list[dict]:
    """Train the free parameters of `trained` in place; returns a row an epoch with the means of what was logged.

    Goes on from the checkpoint if there is one, and ends in the same weights, bit for bit, as without interruption.
    Raises Diverged, naming epoch, batch and rate, when the loss is not finite.
    """
    free = [parameter for parameter in trained.parameters() if parameter.requires_grad]
    optimiser = torch.optim.SGD(
        free, lr=recipe.learning_rate, momentum=recipe.momentum, weight_decay=recipe.weight_decay
    )
    progress = _Progress(trained, optimiser, recipe.schedule, checkpoint, device)
    progress.restore()
    batches = len(training_plan(len(pictures), recipe.batch, pictures.margin, seed, epoch=0))
    done = progress.epoch * batches + progress.batch
    with tqdm(total=batches * recipe.epochs, initial=done, desc=title, unit="batch", mininterval=1.0) as bar:
        while progress.epoch < recipe.epochs and not progress.stopped():
            epoch = progress.epoch + 1
            bar.set_postfix_str(f"epoch {epoch}/{recipe.epochs}", refresh=False)
            plan = training_plan(len(pictures), recipe.batch, pictures.margin, seed, epoch)
            next_save = time.monotonic() + seconds_between_checkpoints
            for images, labels in pictures.batches(plan[progress.batch :]):
                images = images.to(device, memory_format=torch.channels_last).float() / 255.0
                labels = labels.to(device)
                with torch.autocast(device.type, torch.bfloat16, enabled=bf16):
                    loss, numbers = objective(images, labels)
                optimiser.zero_grad(set_to_none=True)
                loss.backward()
                optimiser.step()
                progress.add(loss, numbers)
                if not progress.finite():
                    raise Diverged(
                        f"{title}: loss {loss.item()} in epoch {epoch}, batch {progress.batch} of {batches}, "
                        f"learning rate {optimiser.param_groups[0]['lr']:g}",
                        progress.rows,
                    )
                bar.update()
                if time.monotonic() > next_save:
                    seconds = progress.save()
                    next_save = time.monotonic() + max(seconds_between_checkpoints, seconds / SHARE_OF_SAVING)
            if progress.close_epoch(recipe.watched) == "drop":
                optimiser.param_groups[0]["lr"] /= 10
            progress.save()
    if not all(value.isfinite().all() for value in trained.state_dict().values()):
        raise Diverged(f"{title}: a weight is not finite after epoch {progress.epoch}", progress.rows)
    return progress.rows


class _Progress:
    """How far a training has come: everything a checkpoint holds."""

    def __init__(
        self,
        trained: nn.Module,
        optimiser: torch.optim.Optimizer,
        schedule: Steps | Plateau,
        checkpoint: Checkpoint,
        device: torch.device,
    ) -> None:
        self.trained, self.optimiser, self.schedule = trained, optimiser, schedule
        self.checkpoint, self.device = checkpoint, device
        self.epoch, self.batch = 0, 0
        self.sums: dict[str, float] = {}
        self.rows: list[dict] = []

    def add(self, loss: Tensor, numbers: dict[str, Tensor]) -> None:
        """Count one batch; the numbers leave a GPU together, in one wait for it."""
        self.batch += 1
        named = {"loss": loss, **numbers}
        values = torch.stack([value.detach().float() for value in named.values()]).tolist()
        for name, value in zip(named, values, strict=True):
            self.sums[name] = self.sums.get(name, 0.0) + value

    def finite(self) -> bool:
        """Whether the loss has been a number so far."""
        return abs(self.sums["loss"]) < float("inf")

    def stopped(self) -> bool:
        """Whether the schedule has ended the training."""
        return bool(self.rows) and self.rows[-1]["schedule"] == "stop"

    def close_epoch(self, watched: str) -> str:
        """Turn the sums into a row, and say what the schedule wants."""
        rate = self.optimiser.param_groups[0]["lr"]
        means = {name: total / self.batch for name, total in self.sums.items()}
        self.epoch += 1
        decision = self.schedule.after(self.epoch, means[watched])
        self.rows.append({"epoch": self.epoch, "learning_rate": rate, **means, "schedule": decision})
        self.batch, self.sums = 0, {}
        return decision

    def save(self) -> float:
        """Write all of it to the checkpoint; returns the seconds that it took."""
        start = time.monotonic()
        state = {
            "trained": self.trained.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "schedule": self.schedule.state(),
            "random": torch.get_rng_state(),
            "epoch": self.epoch,
            "batch": self.batch,
            "sums": self.sums,
            "rows": self.rows,
        }
        if self.device.type == "cuda":
            state["cuda_random"] = torch.cuda.get_rng_state(self.device)
        self.checkpoint.save(state)
        return time.monotonic() - start

    def restore(self) -> None:
        """Take up the checkpoint, if there is one."""
        state = self.checkpoint.load()
        if state is None:
            return
        self.trained.load_state_dict(state["trained"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.schedule.restore(state["schedule"])
        torch.set_rng_state(state["random"])
        if self.device.type == "cuda":
            torch.cuda.set_rng_state(state["cuda_random"], self.device)
        self.epoch, self.batch = state["epoch"], state["batch"]
        self.sums, self.rows = state["sums"], state["rows"]
        print(f"going on behind epoch {self.epoch}, batch {self.batch}", flush=True)
