"""One training by several processes, each with its share of every batch: what they exchange, and what one decides.

torchrun starts them, Lightning Fabric finds each its device and wraps the network (decision 0020). Without torchrun
there is one process, and nothing is exchanged.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import torch
from torch import Tensor, distributed, nn

from study.data.batches import Picks
from study.settings.errors import InvalidParameter, StudyError
from study.training.device import device
from study.training.synchronised import synchronise

if TYPE_CHECKING:
    from lightning_fabric import Fabric

T = TypeVar("T")
DECIBELS = "_db"  # how the name of a number ends that is a logarithm


class LostRank(StudyError):
    """Another process of this training is gone."""


def count() -> int:
    """Processes that torchrun started; 1 without it."""
    return int(os.environ["WORLD_SIZE"]) if "TORCHELASTIC_RUN_ID" in os.environ else 1


def leads() -> bool:
    """Whether this process decides and writes."""
    return count() == 1 or os.environ["RANK"] == "0"


@dataclass(frozen=True)
class Ranks:
    """The processes of one training: this one's number, the first is 0, and how many there are."""

    rank: int = 0
    count: int = 1
    fabric: "Fabric | None" = None

    @property
    def leads(self) -> bool:
        """Whether this process decides and writes."""
        return self.rank == 0

    @property
    def device(self) -> torch.device:
        """Where this process computes."""
        return device() if self.fabric is None else self.fabric.device

    def share(self, picks: Picks) -> Picks:
        """This process's part of a batch: equal parts, in the order of the ranks.

        Raises InvalidParameter for a batch that cannot be parted so: a mean of means would not be the batch's.
        """
        size, rest = divmod(len(picks.numbers), self.count)
        if rest:
            raise InvalidParameter(
                f"batch: must be a multiple of the {self.count} processes that train together, got {len(picks.numbers)}"
            )
        part = slice(self.rank * size, (self.rank + 1) * size)
        return Picks(picks.numbers[part], picks.tops[part], picks.lefts[part], picks.mirrored[part])

    def wrapped(self, module: nn.Module) -> nn.Module:
        """The module as it is called in training: norms, dropout and gradients are those of the whole batch.

        The layers are replaced in the module itself; its parameters and their names stay.
        """
        if self.fabric is None:
            return module
        synchronise(module, self.rank, self.count)
        found: nn.Module = self.fabric.setup_module(module)
        return found

    def mean(self, names: Sequence[str], values: Tensor) -> Tensor:
        """The means over the whole batch from those over each share, (names,); decibels are averaged as what they are
        the logarithm of."""
        if self.fabric is None:
            return values
        logarithmic = torch.tensor([name.endswith(DECIBELS) for name in names], device=values.device)
        linear = torch.where(logarithmic, 10 ** (-values / 10), values)
        distributed.all_reduce(linear)
        linear /= self.count
        return torch.where(logarithmic, -10 * torch.log10(linear), linear)

    def most(self, *numbers: int) -> list[int]:
        """The largest that any process has of each number, by which all go on alike."""
        if self.fabric is None:
            return list(numbers)
        found = torch.tensor(numbers, device=self.device)
        distributed.all_reduce(found, distributed.ReduceOp.MAX)
        return [int(number) for number in found.tolist()]

    def of_first(self, value: T) -> T:
        """What the first process has."""
        return value if self.fabric is None else self.fabric.broadcast(value)

    def lost(self, error: RuntimeError) -> bool:
        """Whether an error says that another process is gone. NCCL has a class for it, gloo its name in the words."""
        return self.fabric is not None and (isinstance(error, distributed.DistError) or "gloo" in str(error))


ALONE = Ranks()


@contextmanager
def joined() -> Iterator[Ranks]:
    """The processes that torchrun started, joined until the block is left; or this one alone.

    Raises InvalidParameter where a machine has fewer GPUs than processes.
    """
    here = count()
    if here == 1:
        yield ALONE
        return
    from lightning_fabric import Fabric
    from lightning_fabric.strategies.ddp import DDPStrategy

    on_machine, gpus = int(os.environ["LOCAL_WORLD_SIZE"]), torch.cuda.device_count()
    if torch.cuda.is_available() and gpus < on_machine:
        raise InvalidParameter(f"torchrun --nproc-per-node: must be at most the {gpus} GPUs here, got {on_machine}")
    options: dict[str, Any] = {"broadcast_buffers": False}  # norms see the whole batch, so buffers are equal
    fabric = Fabric(
        accelerator="cuda" if torch.cuda.is_available() else "cpu",
        devices=on_machine,
        num_nodes=here // on_machine,
        strategy=DDPStrategy(**options),
    )
    fabric.launch()
    yield Ranks(fabric.global_rank, fabric.world_size, fabric)
    distributed.destroy_process_group()  # not behind an error: with a process that is gone it can wait for ever
