"""Time the full-size networks on this machine: batch 1, 224 pixels, 1,000 classes, every network in turn."""

import torch

from study import config, paths
from study.methods import MEASURED_AT_FULL_SIZE, input_divisor
from study.models.build import build
from study.provenance import Record
from study.stages import entry, full_size
from study.timing import alternate

PARAMS = ("full_size", "channel_norm", "pruning.targets", "scales.{scale}.timing")


def timed(scale: str, settings: config.Settings, backbone: str, threads: int, device: torch.device) -> dict:
    """Times and speed-ups of the full-size networks with random weights; they do not depend on training."""
    size = settings.full_size
    calls = {}
    for method, shape in full_size.shapes(scale, backbone, settings).items():
        network = build(backbone, method, shape).eval().to(device)
        side = size.side // input_divisor(method)
        image = torch.rand(1, 3, side, side, device=device)
        calls[method] = lambda network=network, image=image: network(image)
    with torch.inference_mode():
        return alternate(calls, threads=threads, seconds=settings.timing.seconds, reference="standard")


def main(scale: str) -> None:
    settings = config.load(scale, PARAMS)
    record = Record("timing", settings.digest())
    torch.manual_seed(0)
    torch.backends.cudnn.allow_tf32 = False  # the column says fp32
    results = {
        "batch": 1,
        "side": settings.full_size.side,
        "classes": settings.full_size.classes,
        "precision": "fp32",
        "layout": "NCHW",
        "cpu": {
            backbone: [
                timed(scale, settings, backbone, threads, torch.device("cpu")) for threads in settings.timing.threads
            ]
            for backbone in MEASURED_AT_FULL_SIZE
        },
        "gpu": None,
        "gpu_name": None,
    }
    if torch.cuda.is_available():
        results["gpu_name"] = torch.cuda.get_device_name()
        results["gpu"] = {
            backbone: [timed(scale, settings, backbone, 1, torch.device("cuda"))] for backbone in MEASURED_AT_FULL_SIZE
        }
    paths.write_json(paths.results(scale) / "timing.json", {**results, "provenance": record.fields_now()})


if __name__ == "__main__":
    entry.run(main, "scale")
