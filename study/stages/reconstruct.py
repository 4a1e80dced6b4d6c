"""Measure the auto-encoders of one data set on the test pictures: how well I comes back, and how small I_H is."""

import torch
from tqdm import tqdm

from study.assembly.images import images, read_data
from study.data.batches import Pictures, central_plan
from study.measures.losses import energy_loss
from study.measures.metrics import psnr_db
from study.models.wae import WaveletLikeAutoEncoder
from study.settings import config, paths
from study.settings.config import StageSettings
from study.settings.parameters.types import Seeds
from study.settings.record import Record
from study.stages import entry
from study.training.device import device, make_deterministic
from study.training.run import as_csv, read_log, read_outcome, read_weights

BATCH = 64


class Settings(StageSettings):
    """What this stage reads of params.yaml."""

    seeds: Seeds


@torch.inference_mode()
def quality(auto_encoder: WaveletLikeAutoEncoder, pictures: Pictures, on: torch.device, title: str) -> dict[str, float]:
    """Means over the pictures: PSNR of each reconstruction in decibels, energies of I_L and I_H (Eq. 4)."""
    auto_encoder = auto_encoder.eval().to(on)
    found = {"psnr_db": 0.0, "energy_low": 0.0, "energy_high": 0.0}
    plan = central_plan(len(pictures), BATCH, pictures.margin)
    for batch, _ in tqdm(pictures.batches(plan), total=len(plan), desc=title, unit="batch", mininterval=1.0):
        batch = batch.to(on).float() / 255.0
        low, high, reconstructed = auto_encoder(batch)
        found["psnr_db"] += sum(psnr_db(*pair).item() for pair in zip(batch, reconstructed, strict=True))
        found["energy_low"] += energy_loss(low).item() * len(batch)
        found["energy_high"] += energy_loss(high).item() * len(batch)
    return {name: total / len(pictures) for name, total in found.items()}


def main(scale: entry.Scale, dataset: entry.Dataset) -> None:
    settings = config.load(Settings, scale)
    record = Record("reconstruct", settings)
    make_deterministic(0)
    data = read_data(scale, dataset)
    pictures = images(data, "test")
    runs, curves = [], []
    for seed in settings.seeds:
        folder = paths.auto_encoder(scale, dataset, seed)
        weights = read_weights(folder)
        run = {"seed": seed, **read_outcome(folder), "training": paths.read_json(paths.record(folder))}
        if weights is not None:
            auto_encoder = WaveletLikeAutoEncoder()
            auto_encoder.load_state_dict(weights)
            run |= quality(auto_encoder, pictures, device(), f"wae seed {seed}")
        runs.append(run)
        curves += [{"seed": seed, **row} for row in read_log(folder)]
    results = paths.results(scale)
    paths.write_text(results / "curves" / f"{dataset}-wae.csv", as_csv(curves))
    paths.write_json(
        results / "reconstruction" / f"{dataset}.json",
        {"dataset": dataset, "source": data.source, "runs": runs, "provenance": record.fields_now()},
    )


if __name__ == "__main__":
    entry.run(main)
