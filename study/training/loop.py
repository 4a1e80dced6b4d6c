"""The one training loop: a stage chooses which parameters are free and which objective is called, nothing else."""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from study.data.batches import Pictures, training_plan
from study.settings.bars import progress_bar
from study.settings.parameters.training import Schedule
from study.training.checkpoint import Keeps
from study.training.interruption import interruption
from study.training.optimisers import SGD, Adam
from study.training.ranks import ALONE, LostRank, Ranks
from study.training.schedule import Rates

# On a GPU the numbers of a batch are looked at so seldom: each look waits for all that it was given to do.
BATCHES_BETWEEN_LOOKS = {"cuda": 50}
SECONDS_BETWEEN_CHECKPOINTS = 15.0  # at least; saving takes no more than ...
SHARE_OF_SAVING = 0.02  # ... this share of the time, however large the network


class Objective(nn.Module):
    """Networks with what is minimised. A module, so that what is called in training can be wrapped as a whole."""

    def forward(self, images: Tensor, labels: Tensor) -> tuple[Tensor, dict[str, Tensor]]:
        """The loss, and numbers worth logging, each a mean over the batch, scalars ().

        Images are (batch, 3, height, width) with values in [0, 1], labels int64 (batch,).
        """
        raise NotImplementedError


class Diverged(Exception):
    """The loss or a weight is no longer a finite number; `rows` are the epochs before."""

    def __init__(self, message: str, rows: list[dict[str, Any]]) -> None:
        super().__init__(message)
        self.rows = rows


@dataclass(frozen=True)
class Recipe:
    """Optimiser and schedule of one training (Sec. Learning): SGD with momentum and weight decay, or Adam."""

    learning_rate: float
    momentum: float
    weight_decay: float
    batch: int
    epochs: int
    schedule: Schedule
    watched: str  # the logged number whose plateau counts ...
    learned: float = float("inf")  # ... once it is below this one
    adam: bool = False

    def optimiser(self, parameters: list[nn.Parameter]) -> torch.optim.Optimizer:
        """The optimiser of these parameters."""
        if self.adam:
            return Adam(parameters, lr=self.learning_rate)
        return SGD(parameters, lr=self.learning_rate, momentum=self.momentum, weight_decay=self.weight_decay)


def fit(
    trained: Objective,
    pictures: Pictures,
    recipe: Recipe,
    *,
    seed: int,
    device: torch.device,
    bf16: bool,
    checkpoint: Keeps,
    title: str,
    ranks: Ranks = ALONE,
    seconds_between_checkpoints: float = SECONDS_BETWEEN_CHECKPOINTS,
) -> list[dict[str, Any]]:
    """Train the free parameters of `trained` in place; returns a row an epoch with the means of what was logged.

    Goes on from the checkpoint if there is one, and ends in the same weights, bit for bit, as without interruption.
    Each of several ranks takes its share of every batch; the first one's checkpoint and clock count. Raises Diverged,
    naming epoch, batch and rate, when the loss is not finite, and LostRank when another rank is gone.
    """
    free = [parameter for parameter in trained.parameters() if parameter.requires_grad]
    optimiser = recipe.optimiser(free)
    first = training_plan(len(pictures), recipe.batch, pictures.margin, seed, epoch=0)
    batches, share = len(first), len(ranks.share(first[0]).numbers)
    rates = Rates(optimiser, recipe.schedule, recipe.learning_rate, batches * recipe.epochs, recipe.learned)
    progress = _Progress(trained, optimiser, rates, checkpoint, device, ranks)
    try:
        called = ranks.wrapped(trained)
        progress.restore()
        loader = pictures.loader(share, device.type)
        done = progress.epoch * batches + progress.batch
        bar = progress_bar(
            total=batches * recipe.epochs, initial=done, desc=title, unit="batch", disable=not ranks.leads
        )
        with bar, interruption() as asked:
            while progress.epoch < recipe.epochs and progress.goes_on:
                epoch = progress.epoch + 1
                bar.set_postfix_str(f"epoch {epoch}/{recipe.epochs}", refresh=False)
                plan = training_plan(len(pictures), recipe.batch, pictures.margin, seed, epoch)
                shares = [ranks.share(picks) for picks in plan[progress.batch :]]
                next_save = time.monotonic() + seconds_between_checkpoints
                for images, labels in _ahead(loader.batches(shares), device):
                    images = images.to(memory_format=torch.channels_last).float() / 255.0
                    with torch.autocast(device.type, torch.bfloat16, enabled=bf16):
                        loss, numbers = called(images, labels)
                    optimiser.zero_grad(set_to_none=True)
                    loss.backward()
                    optimiser.step()
                    rates.after_batch()
                    progress.add(loss, numbers)
                    bar.update()
                    last = progress.batch == batches
                    if progress.batch % BATCHES_BETWEEN_LOOKS.get(device.type, 1) and not last:
                        continue
                    # The end of an epoch is saved anyhow.
                    due = ranks.leads and not last and time.monotonic() > next_save
                    diverged, signal, save = ranks.most(not progress.finite(), asked.number or 0, due)
                    if diverged:
                        raise Diverged(
                            f"{title}: loss {progress.loss()} in epoch {epoch}, batch {progress.batch} of {batches}, "
                            f"learning rate {rates.rate:g}",
                            progress.rows,
                        )
                    if signal:
                        progress.save()
                        bar.close()
                        asked.leave(signal, said=ranks.leads)
                    if save:
                        seconds = progress.save()
                        next_save = time.monotonic() + max(seconds_between_checkpoints, seconds / SHARE_OF_SAVING)
                progress.close_epoch(recipe.watched)
                progress.save()
    except RuntimeError as error:
        if not ranks.lost(error):
            raise
        raise LostRank(f"{title}: another process of this training is gone; the same command goes on") from None
    if not all(value.isfinite().all() for value in trained.state_dict().values()):
        raise Diverged(f"{title}: a weight is not finite after epoch {progress.epoch}", progress.rows)
    return progress.rows


def _ahead(batches: Iterable[tuple[Tensor, Tensor]], device: torch.device) -> Iterator[tuple[Tensor, Tensor]]:
    """The batches on a device, each under way there before the one in front of it is computed."""
    before = None
    for images, labels in batches:
        under_way = images.to(device, non_blocking=True), labels.to(device, non_blocking=True)
        if before is not None:
            yield before
        before = under_way
    if before is not None:
        yield before


class _Progress:
    """How far a training has come: everything a checkpoint holds."""

    def __init__(
        self,
        trained: nn.Module,
        optimiser: torch.optim.Optimizer,
        rates: Rates,
        checkpoint: Keeps,
        device: torch.device,
        ranks: Ranks,
    ) -> None:
        self.trained, self.optimiser, self.rates = trained, optimiser, rates
        self.checkpoint, self.device, self.ranks = checkpoint, device, ranks
        self.epoch, self.batch, self.goes_on = 0, 0, True
        self.names: list[str] = []
        self.latest = self.totals = torch.zeros(0)  # (names,), of the last batch and of the epoch, on the device
        self.rows: list[dict[str, Any]] = []

    def add(self, loss: Tensor, numbers: dict[str, Tensor]) -> None:
        """Count one batch. The numbers stay where they are: nobody waits for a GPU."""
        self.batch += 1
        named = {"loss": loss, **numbers}
        values = torch.stack([value.detach().float() for value in named.values()])
        self.latest = self.ranks.mean(list(named), values)
        self.totals = self.totals + self.latest.double() if self.names else self.latest.double()
        self.names = list(named)

    def sums(self) -> dict[str, float]:
        """By name, what the batches of this epoch add up to so far."""
        return dict(zip(self.names, self.totals.tolist(), strict=True))

    def loss(self) -> float:
        """That of the last batch."""
        return float(self.latest[0])

    def finite(self) -> bool:
        """Whether the loss has been a number so far."""
        return abs(self.sums()["loss"]) < float("inf")

    def close_epoch(self, watched: str) -> None:
        """Turn the sums into a row, and let the schedule see it."""
        rate = self.rates.rate
        means = self.ranks.of_first({name: total / self.batch for name, total in self.sums().items()})
        self.epoch += 1
        self.goes_on = self.rates.after_epoch(means[watched])
        self.rows.append({"epoch": self.epoch, "learning_rate": rate, **means})
        self.batch, self.names = 0, []
        self.latest = self.totals = torch.zeros(0)

    def save(self) -> float:
        """Write all of it to the checkpoint; returns the seconds that it took."""
        start = time.monotonic()
        state = {
            "trained": self.trained.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "rates": self.rates.state(),
            "random": torch.get_rng_state(),
            "epoch": self.epoch,
            "goes_on": self.goes_on,
            "batch": self.batch,
            "sums": self.sums(),
            "rows": self.rows,
        }
        if self.device.type == "cuda":
            state["cuda_random"] = torch.cuda.get_rng_state(self.device)
        self.checkpoint.save(state)
        return time.monotonic() - start

    def restore(self) -> None:
        """Take up the checkpoint, if there is one."""
        state = self.ranks.of_first(self.checkpoint.load())
        if state is None:
            return
        self.trained.load_state_dict(state["trained"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.rates.restore(state["rates"])
        torch.set_rng_state(state["random"])
        if self.device.type == "cuda":
            torch.cuda.set_rng_state(state["cuda_random"], self.device)
        self.epoch, self.batch, self.goes_on = state["epoch"], state["batch"], state["goes_on"]
        self.names, self.rows = list(state["sums"]), state["rows"]
        self.totals = torch.tensor(list(state["sums"].values()), dtype=torch.float64, device=self.device)
        if self.ranks.leads:
            print(f"going on behind epoch {self.epoch}, batch {self.batch}", flush=True)
