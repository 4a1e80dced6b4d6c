"""Count parameters and multiply-adds of the full-size networks, at 224 pixels and 1,000 classes at every scale."""

import torch

from study.measures import complexity
from study.models.build import architecture
from study.paper import conventions
from study.paper import tables as paper
from study.settings import config, paths
from study.settings.methods import MEASURED_AT_FULL_SIZE, input_divisor
from study.settings.provenance import Record
from study.stages import entry, full_size

PARAMS = ("full_size", "channel_norm", "pruning.targets")


def main(scale: str) -> None:
    settings = config.load(scale, PARAMS)
    record = Record("complexity", settings.digest())
    size = settings.full_size
    networks = {backbone: {} for backbone in MEASURED_AT_FULL_SIZE}
    for backbone in MEASURED_AT_FULL_SIZE:
        for method, shape in full_size.shapes(scale, backbone, settings).items():
            with torch.device("meta"):
                network = architecture(backbone, method, shape)
            found = complexity.layers(network, size.side // input_divisor(method))
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
    paths.write_text(paths.results(scale) / "complexity.md", conventions.as_markdown(counted, paper.tables()))


if __name__ == "__main__":
    entry.run(main, "scale")
