"""Write down what the networks are made of, as a picture passes them: layers, shapes, operations (Figs. 1 and 2)."""

import torch
from torch import nn

from study import complexity, config, paths
from study.methods import MEASURED_AT_FULL_SIZE
from study.models.build import Shape, architecture
from study.models.wae import WaveletLikeAutoEncoder
from study.provenance import Record
from study.stages import entry

PARAMS = ("full_size", "channel_norm")


def layers(network: nn.Module, side: int) -> list[dict]:
    """Every layer that an image of this side passes, in order, with its shapes (channels, height, width).

    `network` must lie on the meta device.
    """
    found = []

    def note(name: str, layer: nn.Module, inputs: tuple, output: torch.Tensor) -> None:
        found.append(
            {
                "name": name,
                "kind": type(layer).__name__,
                "kernel": list(getattr(layer, "kernel_size", ())) if isinstance(layer, CONVOLUTIONS) else None,
                "stride": list(getattr(layer, "stride", ())) if isinstance(layer, CONVOLUTIONS) else None,
                "from": list(inputs[0].shape[1:]),
                "to": list(output.shape[1:]),
                "parameters": sum(parameter.numel() for parameter in layer.parameters()),
            }
        )

    hooks = [
        layer.register_forward_hook(lambda module, inputs, output, name=name: note(name, module, inputs, output))
        for name, layer in network.named_modules()
        if not list(layer.children())
    ]
    with torch.no_grad():
        network.eval()(torch.empty(1, 3, side, side, device="meta"))
    for hook in hooks:
        hook.remove()
    return found


CONVOLUTIONS = (nn.Conv2d, nn.ConvTranspose2d)


def main(scale: str) -> None:
    settings = config.load(scale, PARAMS)
    record = Record("architecture", settings.digest())
    size = settings.full_size
    shape = Shape(size.side, size.classes, channel_norm=settings.channel_norm)
    with torch.device("meta"):
        auto_encoder = WaveletLikeAutoEncoder()
        networks = {backbone: architecture(backbone, "ours", shape) for backbone in MEASURED_AT_FULL_SIZE}
    paths.write_json(
        paths.results(scale) / "architecture.json",
        {
            "side": size.side,
            "classes": size.classes,
            "auto_encoder": layers(auto_encoder, size.side),
            "ours": {
                backbone: {
                    "layers": layers(network, size.side),
                    "parts": complexity.by_part(complexity.layers(network, size.side)),
                }
                for backbone, network in networks.items()
            },
            "provenance": record.fields_now(),
        },
    )


if __name__ == "__main__":
    entry.run(main, "scale")
