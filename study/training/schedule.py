"""When the learning rate is divided by 10, and when training ends."""

from dataclasses import asdict, dataclass, field


@dataclass
class Steps:
    """Divide by 10 after the given epochs, as in stage 1 ("after 10 epochs")."""

    drops: tuple[int, ...]

    def after(self, epoch: int, error_percent: float) -> str:
        """What to do after this many epochs: "go on" or "drop"."""
        return "drop" if epoch in self.drops else "go on"

    def state(self) -> dict:
        return {}

    def restore(self, state: dict) -> None:
        """Nothing to restore: the epoch says it all."""


@dataclass
class Plateau:
    """Our rule for "when the error plateaus": the training error has not fallen by `improvement` points for more than
    `patience` epochs. The first `times` plateaus divide the rate by 10; the next one ends the training."""

    patience: int
    improvement: float
    times: int
    best: float = field(default=float("inf"), init=False)
    waited: int = field(default=0, init=False)
    dropped: int = field(default=0, init=False)

    def after(self, epoch: int, error_percent: float) -> str:
        """What to do after an epoch with this training error: "go on", "drop" or "stop"."""
        if error_percent < self.best - self.improvement:
            self.best, self.waited = error_percent, 0
            return "go on"
        self.waited += 1
        if self.waited <= self.patience:
            return "go on"
        self.waited = 0
        self.dropped += 1
        return "drop" if self.dropped <= self.times else "stop"

    def state(self) -> dict:
        return asdict(self)

    def restore(self, state: dict) -> None:
        self.best, self.waited, self.dropped = state["best"], state["waited"], state["dropped"]
