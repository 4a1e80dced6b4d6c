"""Batches made ahead of a training by helping processes that live as long as it does."""

import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Generic, TypeVar

import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset, Sampler

from study.settings import signals
from study.settings.errors import InvalidParameter
from study.settings.provenance import cores

WORKERS = "STUDY_WORKERS"
AHEAD = 2  # batches that each process holds ready: torch's own number
SHARED_MEMORY = Path("/dev/shm")  # where processes hand batches over, on Linux
Index = TypeVar("Index")


def processes_here() -> int:
    """Processes that train one network together on this machine, as torchrun counts them; 1 without it."""
    return int(os.environ.get("LOCAL_WORLD_SIZE", "1"))


def workers(most: int | None = None) -> int:
    """Helping processes for one training process: $STUDY_WORKERS, or its share of the processors, at most `most`.

    The processors are those that the process may use, a container's quota counted; ranks on one machine share them. No
    result depends on the number. Raises InvalidParameter for a variable that is no whole number of 0 to 1024.
    """
    wanted = os.environ.get(WORKERS)
    if wanted is not None:
        if not wanted.isdecimal() or int(wanted) > 1024:
            raise InvalidParameter(f"{WORKERS}: must be a whole number of 0 to 1024, got {wanted!r}")
        return int(wanted)
    share = max(1, cores() // processes_here())
    return share if most is None else min(share, most)


def with_room(wanted: int, batch_bytes: int, folder: Path = SHARED_MEMORY) -> int:
    """So many of the wanted processes that their batches fit into shared memory; 0 where not even one's would.

    A container may have 64 MiB of it; who writes beyond dies of a bus error. The ranks on one machine share it.
    """
    if not folder.is_dir():
        return wanted
    room = shutil.disk_usage(folder).free // processes_here()
    return min(wanted, room // ((AHEAD + 1) * max(1, batch_bytes)))


class _Plan(Sampler[Index]):
    """What is to be loaded now; the next plan takes its place when this one is done."""

    def __init__(self) -> None:
        self.now: Sequence[Index] = ()

    def __iter__(self) -> Iterator[Index]:
        return iter(self.now)

    def __len__(self) -> int:
        return len(self.now)


class Loader(Generic[Index]):
    """The batches of one plan after another, in their order, made by the same processes; by none, when asked for.

    A batch is what `batches[index]` of the data set is, uint8 images and int64 labels. `pinned` puts it into memory
    from which a GPU copies without the processor.
    """

    def __init__(self, batches: Dataset[tuple[Tensor, Tensor]], processes: int, *, pinned: bool = False) -> None:
        self._plan = _Plan[Index]()
        self._loader = DataLoader(
            batches,
            sampler=self._plan,
            batch_size=None,
            num_workers=processes,
            persistent_workers=processes > 0,
            pin_memory=pinned,
            # Else the loader draws from the global generator, and an interruption changes what dropout draws.
            generator=torch.Generator().manual_seed(0),
            worker_init_fn=signals.pass_over,
        )

    def batches(self, plan: Sequence[Index]) -> Iterator[tuple[Tensor, Tensor]]:
        """The batches of a plan; to be gone through before the next plan's."""
        self._plan.now = plan
        return iter(self._loader)
