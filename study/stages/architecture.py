"""The shapes of the auto-encoder, of the paper's network and of the full one, layer by layer, at full size."""

from dataclasses import asdict

import torch
from torch import nn

from study.measures import blocks, complexity
from study.models.build import architecture
from study.models.shape import Shape
from study.models.wae import WaveletLikeAutoEncoder
from study.settings import config, paths
from study.settings.config import StageSettings
from study.settings.parameters.measuring import FullSize
from study.settings.record import Record
from study.stages import entry

BACKBONE = "vgg16"  # of the paper's Figure 1
METHODS = ("full", "wae_cnn")


class Settings(StageSettings):
    """What this stage reads of params.yaml."""

    full_size: FullSize
    channel_norm: bool


def main(scale: entry.Scale) -> None:
    settings = config.load(Settings, scale)
    record = Record("architecture", settings)
    size = settings.full_size
    shape = Shape(size.side, size.classes, channel_norm=settings.channel_norm)
    with torch.device("meta"):
        networks: dict[str, nn.Module] = {"auto_encoder": WaveletLikeAutoEncoder()}
        networks |= {method: architecture(BACKBONE, method, shape) for method in METHODS}
    described = {
        name: {
            "parameters": complexity.parameters(network),
            "blocks": [asdict(block) for block in blocks.blocks(network, size.side)],
        }
        for name, network in networks.items()
    }
    paths.write_json(
        paths.results(scale) / "architecture.json",
        {
            "side": size.side,
            "classes": size.classes,
            "backbone": BACKBONE,
            "networks": described,
            "provenance": record.fields_now(),
        },
    )


if __name__ == "__main__":
    entry.run(main)
