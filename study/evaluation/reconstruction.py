"""How well an auto-encoder brings images back, and how small it keeps I_H."""

import torch

from study.data.batches import Pictures, central_plan
from study.measures.losses import energy_loss
from study.measures.metrics import psnr_db
from study.models.wae import WaveletLikeAutoEncoder
from study.settings.bars import progress_bar

BATCH = 64


@torch.inference_mode()
def quality(auto_encoder: WaveletLikeAutoEncoder, pictures: Pictures, on: torch.device, title: str) -> dict[str, float]:
    """Means over the images: PSNR of each reconstruction in decibels, energies of I_L and I_H (Eq. 4)."""
    auto_encoder = auto_encoder.eval().to(on)
    found = {"psnr_db": 0.0, "energy_low": 0.0, "energy_high": 0.0}
    plan = central_plan(len(pictures), BATCH, pictures.margin)
    for batch, _ in progress_bar(pictures.batches(plan), total=len(plan), desc=title, unit="batch"):
        batch = batch.to(on).float() / 255.0
        low, high, reconstructed = auto_encoder(batch)
        found["psnr_db"] += sum(psnr_db(*pair).item() for pair in zip(batch, reconstructed, strict=True))
        found["energy_low"] += energy_loss(low).item() * len(batch)
        found["energy_high"] += energy_loss(high).item() * len(batch)
    return {name: total / len(pictures) for name, total in found.items()}
