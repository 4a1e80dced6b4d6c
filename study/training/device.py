"""Where a training computes, and in which precision."""

import os

import torch

from study.settings.errors import InvalidParameter


def device() -> torch.device:
    """The first GPU, or else the processor."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def uses_bf16(precision: str, on: torch.device) -> bool:
    """Whether to compute in bf16 for `precision` "auto", "bf16" or "fp32"; auto asks the hardware.

    Raises InvalidParameter if bf16 is demanded of hardware that lacks it, where it would be emulated, slowly.
    """
    if on.type == "cuda":
        native = torch.cuda.is_bf16_supported(including_emulation=False)
    else:
        capabilities = torch.cpu.get_capabilities()
        native = bool(capabilities.get("avx512_bf16") or capabilities.get("amx_bf16"))
    if precision == "bf16" and not native:
        raise InvalidParameter("precision: must be auto or fp32 on this hardware, which does not compute bf16")
    return native and precision != "fp32"


def make_deterministic(seed: int) -> None:
    """Same machine, seed and settings: the same bits."""
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")  # cuBLAS repeats itself only with a fixed workspace
    torch.manual_seed(seed)
    # As use_deterministic_algorithms(True), which in addition imports the compiler to tell it: 1.4 s a process.
    torch.set_deterministic_debug_mode("error")
    torch.backends.cudnn.benchmark = False
    torch.backends.cudnn.allow_tf32 = False  # fp32 means fp32; bf16 is a choice of its own
    # Filling fresh memory helps to find reads of it, and costs a sixth of a training step.
    # A property of the module, which its annotations leave out.
    setattr(torch.utils.deterministic, "fill_uninitialized_memory", False)  # noqa: B010
