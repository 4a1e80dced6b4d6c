"""How the learning rate changes, by torch's schedulers, and when a training ends before its last epoch."""

from typing import Any

from torch.optim import Optimizer
from torch.optim.lr_scheduler import LambdaLR, LRScheduler, MultiStepLR, OneCycleLR, ReduceLROnPlateau

from study.settings.parameters.training import Constant, Milestones, OneCycle, Plateau, Schedule

FACTOR = 0.1  # "divided by 10" (Sec. Learning)
# Torch's defaults, of Smith and Topin 2017: a cycle starts at a 25th of its peak and ends far below that.
START, END = 25.0, 1e4


class Rates:
    """The learning rate of an optimiser, batch by batch and epoch by epoch, as a schedule says.

    `peak` is the rate at the start, or at the top of a cycle; `batches` are those of the whole training.
    `learned` is the watched number below which a plateau may count: a training whose error is still that of guessing
    has not started to learn, and no plateau of it may lower the rate or end it.
    """

    def __init__(
        self, optimiser: Optimizer, schedule: Schedule, peak: float, batches: int, learned: float = float("inf")
    ) -> None:
        self.schedule, self.learned = schedule, learned
        self.reductions = 0
        self.optimiser = optimiser
        self._plateau: ReduceLROnPlateau | None = None
        self._by_epoch: LRScheduler | None = None
        self._by_batch: LRScheduler | None = None
        match schedule:
            case Constant():
                self._by_epoch = LambdaLR(optimiser, lambda _: 1.0)
            case Milestones():
                self._by_epoch = MultiStepLR(optimiser, schedule.epochs, gamma=FACTOR)
            case OneCycle():
                self._by_batch = OneCycleLR(
                    optimiser,
                    peak,
                    total_steps=batches,
                    pct_start=schedule.warm_up,
                    cycle_momentum=False,
                    div_factor=START,
                    final_div_factor=END,
                )
            case Plateau():
                self._plateau = ReduceLROnPlateau(
                    optimiser,
                    factor=FACTOR,
                    patience=schedule.patience,
                    threshold=schedule.improvement,
                    threshold_mode="abs",
                    eps=0.0,
                )

    @property
    def rate(self) -> float:
        """The learning rate in force."""
        return float(self.optimiser.param_groups[0]["lr"])

    def after_batch(self) -> None:
        """To be called behind every update."""
        if self._by_batch is not None:
            self._by_batch.step()

    def after_epoch(self, watched: float) -> bool:
        """To be called behind every epoch with the number whose plateau counts; whether the training goes on."""
        if self._by_epoch is not None:
            self._by_epoch.step()
        if self._plateau is None or watched >= self.learned:
            return True
        before = self.rate
        self._plateau.step(watched)
        self.reductions += self.rate < before
        return not isinstance(self.schedule, Plateau) or self.reductions <= self.schedule.times

    def _scheduler(self) -> Any:
        return self._plateau or self._by_epoch or self._by_batch

    def state(self) -> dict[str, Any]:
        """What has to be kept for a training that is interrupted."""
        state = self._scheduler().state_dict()
        return {"reductions": self.reductions, "scheduler": {k: v for k, v in state.items() if not callable(v)}}

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from a state."""
        self.reductions = state["reductions"]
        self._scheduler().load_state_dict(state["scheduler"])
