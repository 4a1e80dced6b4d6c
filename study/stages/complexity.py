"""Count parameters and multiply-adds of the full-size networks, at 224 pixels and 1,000 classes at every scale."""

from typing import Annotated

import torch

from study.assembly import full_size
from study.measures import complexity
from study.models.build import architecture
from study.models.shape import Shape
from study.settings import config, paths
from study.settings.config import At, StageSettings
from study.settings.methods import BACKBONES, METHODS
from study.settings.parameters.measuring import FullSize
from study.settings.parameters.types import Fraction
from study.settings.record import Record
from study.stages import entry


class Settings(StageSettings):
    """What this stage reads of params.yaml."""

    full_size: FullSize
    channel_norm: bool
    targets: Annotated[dict[str, Fraction], At("pruning.targets")]


def main(scale: entry.Scale) -> None:
    settings = config.load(Settings, scale)
    record = Record("complexity", settings)
    size = settings.full_size
    networks: dict[str, dict[str, object]] = {backbone: {} for backbone in BACKBONES}
    for backbone in BACKBONES:
        unpruned = Shape(size.side, size.classes, channel_norm=settings.channel_norm)
        for method, shape in full_size.shapes(scale, backbone, unpruned, settings.targets).items():
            with torch.device("meta"):
                network = architecture(backbone, method, shape)
            found = complexity.layers(network, size.side // METHODS[method].input_divisor)
            networks[backbone][method] = {
                "parameters": complexity.parameters(network),
                "multiply_adds": complexity.multiply_adds(found),
            }
    counted = {
        "side": size.side,
        "classes": size.classes,
        "bound_of_the_text": complexity.bound(),
        "networks": networks,
        "provenance": record.fields_now(),
    }
    paths.write_json(paths.results(scale) / "complexity.json", counted)


if __name__ == "__main__":
    entry.run(main)
