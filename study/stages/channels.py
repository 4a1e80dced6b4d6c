"""Look into the trained networks: channels of two photographs (Figs. 3 and 4) and spectra over the test pictures."""

import io

import numpy as np
import torch
from skimage.metrics import peak_signal_noise_ratio, structural_similarity
from torch import Tensor, nn

from study import config, paths
from study.data.batches import central_plan
from study.models.wae import WaveletLikeAutoEncoder
from study.models.wavelet import CDF97
from study.provenance import Record
from study.sources.photographs import photograph, regions
from study.spectrum import radial_power
from study.stages import entry, inputs
from study.training.device import make_deterministic
from study.training.run import as_csv, read_weights

PARAMS = ("seeds", "channel_norm", "scales.{scale}.network")
SHOWN = ("stereo_motorcycle", "astronaut")  # of the embedded photographs, at every scale
SIDE = 136  # pixels of the part that is shown
BATCH = 64
DATASET, BACKBONE = "objects", "vgg16"
LEARNED = ("decomposition", "ours")  # classifiers whose decomposer is looked into


def shown(name: str) -> np.ndarray:
    """A part of the region of a photograph that test patches come from: (3, SIDE, SIDE) in [0, 1]."""
    grey = photograph(name, reduce=1)
    top, left = (grey.shape[0] - SIDE) // 2, regions(grey.shape[1])[1].start
    return np.repeat(grey[None, top : top + SIDE, left : left + SIDE], 3, axis=0).astype(np.float32) / 255


@torch.inference_mode()
def channels_of(decomposer: nn.Module, picture: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The low and the high channel of one picture (3, side, side)."""
    low, high = decomposer.eval()(torch.from_numpy(picture)[None])
    return low[0].numpy(), high[0].numpy()


@torch.inference_mode()
def spectra(decomposers: dict[str, nn.Module | None], pictures) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """By signal, mean power over test pictures and colours by frequency: of the pictures under the word "image", of
    each decomposer's channels under its name and "low" or "high"."""
    total: dict[str, list] = {}
    for images, _ in pictures.batches(central_plan(len(pictures), BATCH, pictures.margin)):
        images = images.float() / 255.0
        signals = {"image": images}
        for name, decomposer in decomposers.items():
            if decomposer is not None:
                low, high = decomposer.eval()(images)
                signals |= {f"{name} low": low, f"{name} high": high}
        for name, values in signals.items():
            frequency, power = radial_power(values.flatten(0, 1).double().numpy())
            total.setdefault(name, []).append((frequency, power, len(images)))
    count = len(pictures)
    return {
        name: (parts[0][0], sum(power * share for _, power, share in parts) / count) for name, parts in total.items()
    }


def auto_encoder(scale: str, seed: int) -> WaveletLikeAutoEncoder | None:
    """What stage 1 trained with a seed; None if it left no weights."""
    weights = read_weights(paths.auto_encoder(scale, DATASET, seed))
    if weights is None:
        return None
    network = WaveletLikeAutoEncoder()
    network.load_state_dict(weights)
    return network


def reconstruction(network: WaveletLikeAutoEncoder, picture: np.ndarray) -> tuple[np.ndarray, dict[str, float]]:
    """I' of a picture, and how near it is: PSNR in decibels, SSIM, energy of I_H over that of I_L."""
    with torch.inference_mode():
        low, high, back = network.eval()(torch.from_numpy(picture)[None])
    back = back[0].numpy()
    energy: list[Tensor] = [value.square().sum() for value in (low, high)]
    return back, {
        "psnr_db": float(peak_signal_noise_ratio(picture, back, data_range=1.0)),
        "ssim": float(structural_similarity(picture, back, data_range=1.0, channel_axis=0)),
        "energy_high_over_low": float(energy[1] / energy[0]),
    }


def main(scale: str) -> None:
    settings = config.load(scale, PARAMS)
    record = Record("channels", settings.digest())
    make_deterministic(0)
    data = inputs.read_data(scale, DATASET)
    pictures = inputs.pictures(data, "test", "ours")
    shape = inputs.shape(data, settings.network, settings.channel_norm)
    rows, lacking = [], []
    arrays, quality = {f"{name}.image": shown(name) for name in SHOWN}, {}
    for position, seed in enumerate(settings.seeds):
        learned: dict[str, nn.Module | None] = {}
        for method in LEARNED:
            _, network = inputs.trained_network(scale, DATASET, BACKBONE, method, seed, shape)
            learned[method] = network and network.decomposer
        stage_1 = auto_encoder(scale, seed)
        learned["auto_encoder"] = stage_1 and stage_1.encoder
        lacking += [f"{name}, seed {seed}" for name, decomposer in learned.items() if decomposer is None]
        every = {**learned, "wavelet": CDF97()} if position == 0 else learned
        for signal, (frequency, power) in spectra(every, pictures).items():
            scaled = frequency if signal == "image" else frequency / 2  # in cycles a pixel of the image
            if position == 0 or signal != "image":
                rows += [
                    {"signal": signal, "seed": seed, "cycles_per_pixel": f, "power": p}
                    for f, p in zip(scaled.tolist(), power.tolist(), strict=True)
                ]
        if position == 0:
            for name in SHOWN:
                picture = arrays[f"{name}.image"]
                for method, decomposer in every.items():
                    if decomposer is not None:
                        low, high = channels_of(decomposer, picture)
                        arrays |= {f"{name}.{method}.low": low, f"{name}.{method}.high": high}
                if stage_1 is not None:
                    arrays[f"{name}.reconstruction"], quality[name] = reconstruction(stage_1, picture)
    folder = paths.results(scale) / "channels"
    file = io.BytesIO()
    np.savez_compressed(file, **{name: value.astype(np.float16) for name, value in arrays.items()})
    paths.write_bytes(folder / "channels.npz", file.getvalue())
    paths.write_text(folder / "spectra.csv", as_csv(rows))
    paths.write_json(
        folder / "channels.json",
        {
            "photographs": list(SHOWN),
            "seed": settings.seeds[0],
            "test_pictures": len(pictures),
            "quality": quality,
            "lacking": lacking,
            "provenance": record.fields_now(),
        },
    )


if __name__ == "__main__":
    entry.run(main, "scale")
