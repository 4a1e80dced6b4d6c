"""Where a training computes, and in which precision."""

import torch

from study.errors import InvalidParameter


def device() -> torch.device:
    """The first GPU, or else the processor."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def uses_bf16(precision: str, on: torch.device) -> bool:
    """Whether to compute in bf16 for `precision` "auto", "bf16" or "fp32"; auto asks the hardware.

    Raises InvalidParameter if bf16 is demanded of hardware that lacks it, where it would be emulated, slowly.
    """
    native = torch.cuda.is_bf16_supported() if on.type == "cuda" else torch.cpu._is_avx512_bf16_supported()
    if precision == "bf16" and not native:
        raise InvalidParameter("precision: must be auto or fp32 on this hardware, which does not compute bf16")
    return native and precision != "fp32"


def make_deterministic(seed: int) -> None:
    """Same machine, seed and settings: the same bits."""
    torch.manual_seed(seed)
    torch.use_deterministic_algorithms(True)
    torch.backends.cudnn.benchmark = False
    # Filling fresh memory helps to find reads of it, and costs a sixth of a training step.
    torch.utils.deterministic.fill_uninitialized_memory = False
