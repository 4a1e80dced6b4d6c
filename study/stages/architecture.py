"""The shapes of the auto-encoder, of our network and of the standard one, layer by layer, at full size."""

from dataclasses import asdict

import torch

from study.measures import blocks, complexity
from study.models.build import Shape, architecture
from study.models.wae import WaveletLikeAutoEncoder
from study.settings import config, paths
from study.settings.provenance import Record
from study.stages import entry

PARAMS = ("full_size", "channel_norm")
BACKBONE = "vgg16"  # of the paper's Figure 1
METHODS = ("full", "wae_cnn")


def main(scale: str) -> None:
    settings = config.load(scale, PARAMS)
    record = Record("architecture", settings.digest())
    size = settings.full_size
    shape = Shape(size.side, size.classes, channel_norm=settings.channel_norm)
    with torch.device("meta"):
        networks = {"auto_encoder": WaveletLikeAutoEncoder()}
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
    entry.run(main, "scale")
