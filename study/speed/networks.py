"""The networks that are timed, described in a few numbers: a process of its own builds them."""

from dataclasses import dataclass

import torch

from study.models.build import build
from study.models.shape import Shape
from study.settings.methods import METHODS
from study.settings.parameters.measuring import Implementations
from study.speed.comparison import Machine, Row
from study.speed.implementations import AS_WRITTEN, ON_GPU, ON_PROCESSOR, Subject
from study.training.device import uses_bf16


@dataclass(frozen=True)
class Condition:
    """Where and how networks are run: on "cpu" or "cuda", images at a time, threads of the processor."""

    device: str
    batch: int
    threads: int

    def __str__(self) -> str:
        return f"{self.device}, batch {self.batch}, {self.threads} thread{'s' if self.threads > 1 else ''}"


@dataclass(frozen=True)
class Networks:
    """Networks in full size, the side of the image in pixels, and in which implementations those of `everywhere` run:
    as they are written alone, in all that need no compiler, or in all."""

    shapes: dict[Row, Shape]
    side: int
    everywhere: tuple[Row, ...]
    chosen: Implementations

    def machine(self, condition: Condition) -> Machine:
        """The device with what it can compute and what is asked of it, its threads set; fp32 means fp32."""
        torch.set_num_threads(condition.threads)
        torch.backends.cudnn.allow_tf32 = torch.backends.cuda.matmul.allow_tf32 = False
        device = torch.device(condition.device)
        known = ON_GPU if device.type == "cuda" else ON_PROCESSOR
        chosen = {
            name: implementation
            for name, implementation in known.items()
            if self.chosen == "all"
            or name == AS_WRITTEN
            or (self.chosen == "without a compiler" and not implementation.compiles)
        }
        precisions = {"fp32"} | ({"bf16"} if uses_bf16("auto", device) else set())
        return Machine(device, precisions | ({"fp16", "tf32"} if device.type == "cuda" else set()), chosen)

    def subject(self, row: Row, condition: Condition) -> Subject:
        """A network with random weights, on which times do not depend, and with random images."""
        side = self.side // METHODS[row[1]].input_divisor
        network = build(*row, self.shapes[row]).to(condition.device)
        return Subject(network, (torch.rand(condition.batch, 3, side, side, device=condition.device),))
