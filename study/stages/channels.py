"""What the trained encoders and the wavelet make of photographs: channels, reconstructions, spectra, as small files."""

from collections.abc import Callable
from typing import Annotated, Any

import numpy as np
from torch import Tensor

from study.assembly.images import images, read_data
from study.assembly.networks import shape_of, trained_network
from study.data.batches import Pictures
from study.evaluation import decompositions
from study.evaluation.decompositions import Channels
from study.models.classifiers import TwoStream
from study.models.decomposer import Decomposer
from study.models.shape import Shape
from study.models.wae import Decoder, WaveletLikeAutoEncoder
from study.settings import config, paths
from study.settings.choice import chosen
from study.settings.config import At, StageSettings
from study.settings.parameters.training import Network
from study.settings.parameters.types import Rows, Seeds
from study.settings.record import Record
from study.stages import entry
from study.training.device import device, make_deterministic
from study.training.run import as_csv, part, read_outcome, read_weights

DATASET, BACKBONE = "objects", "vgg16"
NETWORKS = ("auto_encoder", "decomposition_cnn", "wae_cnn")
PICTURES = 2000  # test images that spectra are means over, at most


class Settings(StageSettings):
    """What this stage reads of params.yaml."""

    seeds: Seeds
    rows: Rows
    channel_norm: bool
    network: Annotated[Network, At("scales.{scale}.network")]


def main(scale: entry.Scale) -> None:
    settings = config.load(Settings, scale)
    record = Record("channels", settings)
    make_deterministic(0)
    data = read_data(scale, DATASET)
    shape = shape_of(data, settings.network, settings.channel_norm)
    pictures = images(data, "test")
    pictures = pictures.only(np.linspace(0, len(pictures) - 1, min(PICTURES, len(pictures))).astype(int))
    grey = decompositions.shown()
    arrays, runs, rows = {"photograph": grey}, [], []
    for network, decompose in (("image", lambda image: {"image": image}), ("wavelet_cnn", decompositions.wavelet)):
        rows += _spectra(decompose, pictures, network, "")
    arrays |= {
        name: band[:, 0].numpy() for name, band in decompositions.wavelet(decompositions.as_images(grey)).items()
    }
    there = chosen(settings.rows, DATASET, BACKBONE)
    for network in [name for name in NETWORKS if name in there or name == "auto_encoder"]:
        for seed in settings.seeds:
            outcome, encoder, decoder = trained(scale, network, seed, shape)
            run = {"network": network, "seed": seed, **outcome}
            if encoder is not None:
                rows += _spectra(decompositions.learned(encoder.eval().to(device())), pictures, network, seed)
                found, numbers = decompositions.of_photographs(encoder.cpu(), decoder, grey)
                run["photographs"] = dict(zip(decompositions.SHOWN, numbers, strict=True))
                if seed == settings.seeds[0]:
                    arrays |= {f"{network}.{name}": values for name, values in found.items()}
            runs.append(run)
    folder = paths.results(scale) / "channels"
    provenance = record.fields_now()  # before anything is written
    paths.write_text(folder / "spectra.csv", as_csv(rows))
    paths.write_bytes(folder / "channels.npz", decompositions.archive(arrays))
    paths.write_json(
        folder / "channels.json",
        {
            "scale": scale,
            "dataset": DATASET,
            "source": data.source,
            "spectra_over_pictures": len(pictures),
            "photographs": decompositions.SHOWN,
            "seed_of_the_pictures": settings.seeds[0],
            "amplification": decompositions.amplifications(arrays),
            "runs": runs,
            "provenance": provenance,
        },
    )


def trained(
    scale: str, network: str, seed: int, shape: Shape
) -> tuple[dict[str, Any], Decomposer | None, Decoder | None]:
    """What a training came to, and its encoder and decoder, None where it left none. "missing" is one not yet run."""
    alone = network == "auto_encoder"
    folder = (
        paths.auto_encoder(scale, DATASET, seed) if alone else paths.classifier(scale, DATASET, BACKBONE, network, seed)
    )
    if not folder.exists():
        return {"outcome": "missing", "reason": "not trained yet"}, None, None
    outcome = {key: value for key, value in read_outcome(folder).items() if key != "settings"}
    weights = read_weights(folder)
    if weights is None:
        return outcome, None, None
    if alone:
        auto_encoder = WaveletLikeAutoEncoder()
        auto_encoder.load_state_dict(weights)
        return outcome, auto_encoder.encoder, auto_encoder.decoder
    classifier = trained_network(scale, DATASET, BACKBONE, network, seed, shape)[1]
    decoder = None
    if part(weights, "decoder"):
        decoder = Decoder()
        decoder.load_state_dict(part(weights, "decoder"))
    assert isinstance(classifier, TwoStream)  # its weights are there
    return outcome, classifier.decomposer, decoder


def _spectra(
    decompose: Callable[[Tensor], Channels], pictures: Pictures, network: str, seed: int | str
) -> list[dict[str, Any]]:
    found = decompositions.spectra(decompose, pictures, device(), f"spectra {network} {seed}".rstrip())
    return [
        {"network": network, "channel": name, "seed": seed, "cycles_per_pixel": f"{f:.6g}", "power": f"{power:.6g}"}
        for name, (frequencies, powers) in found.items()
        for f, power in zip(frequencies, powers, strict=True)
    ]


if __name__ == "__main__":
    entry.run(main)
