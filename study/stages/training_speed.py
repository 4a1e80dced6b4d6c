"""Measure images per second of a training step: as the study trains, and as a plain fp32 loop would, in turns.

Not part of the pipeline; run it with: make training-speed
"""

import statistics
import subprocess
import sys
import time
from typing import Annotated

import torch

from study.assembly.recipes import ClassifierSettings
from study.measures.losses import classification_loss
from study.models.build import build
from study.models.layout import lay_out
from study.models.shape import Shape
from study.settings import config, paths
from study.settings.config import At
from study.settings.parameters.data import Source
from study.settings.parameters.training import ClassifierTraining
from study.settings.record import Record
from study.stages import entry
from study.training.device import device, make_deterministic, uses_bf16

METHODS = ("full", "wae_cnn")
VARIANTS = ("plain", "study")
ROUNDS = 3
SECONDS = 4.0  # of measuring, for each method and variant in each round
CLASSES = 20


class Settings(ClassifierSettings):
    """What this stage reads of params.yaml."""

    objects: Annotated[Source, At("scales.{scale}.data.objects")]
    classifier: Annotated[ClassifierTraining, At("scales.{scale}.classifier")]


def images_per_second(scale: str, method: str, variant: str) -> float:
    """One measurement, in this process: "plain" is fp32 in NCHW without touching the allocator."""
    settings = config.load(Settings, scale)
    study = variant == "study"
    if study:
        entry.keep_freed_memory()
        make_deterministic(0)
    on = device()
    layout = torch.channels_last if study else torch.contiguous_format
    side, batch = settings.objects.crop, settings.classifier.batch
    shape = Shape(
        side, CLASSES, settings.network.width, settings.network.batch_norm, channel_norm=settings.channel_norm
    )
    network = build("vgg16", method, shape).train().to(on)
    if study:
        lay_out(network)
    images = torch.rand(batch, 3, side, side, device=on).contiguous(memory_format=layout)
    labels = torch.randint(CLASSES, (batch,), device=on)
    optimiser = torch.optim.SGD(network.parameters(), lr=0.01, momentum=settings.sgd.momentum)

    def step() -> None:
        with torch.autocast(on.type, torch.bfloat16, enabled=study and uses_bf16(settings.precision, on)):
            loss = classification_loss(network(images), labels)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        optimiser.step()
        loss.item()

    for _ in range(3):
        step()
    start, steps = time.perf_counter(), 0
    while time.perf_counter() - start < SECONDS:
        step()
        steps += 1
    return steps * batch / (time.perf_counter() - start)


def main(scale: entry.Scale) -> None:
    settings = config.load(Settings, scale)
    record = Record("training_speed", settings)
    measured: dict[str, dict[str, list[float]]] = {method: {name: [] for name in VARIANTS} for method in METHODS}
    for round_ in range(ROUNDS):
        for method in METHODS:
            for variant in VARIANTS:
                # A process each: the allocator is set once and for all.
                command = [sys.executable, "-m", "study.stages.training_speed", "--measure", scale, method, variant]
                output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
                measured[method][variant].append(float(output))
        print(f"round {round_ + 1} of {ROUNDS}", flush=True)
    result = {}
    for method, values in measured.items():
        ratios = [study / plain for plain, study in zip(values["plain"], values["study"], strict=True)]
        result[method] = {
            **values,
            "ratio_median": statistics.median(ratios),
            "ratio_range": [min(ratios), max(ratios)],
        }
        medians = {name: statistics.median(rates) for name, rates in values.items()}
        print(
            f"{method}: plain {medians['plain']:.0f}, study {medians['study']:.0f} images/s; "
            f"ratio {result[method]['ratio_median']:.2f} ({min(ratios):.2f} to {max(ratios):.2f})"
        )
    paths.write_json(
        paths.results(scale) / "training_speed.json",
        {
            "unit": "images per second",
            "side": settings.objects.crop,
            "batch": settings.classifier.batch,
            "width": settings.network.width,
            "threads": torch.get_num_threads(),
            "methods": result,
            "provenance": record.fields_now(),
        },
    )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--measure"]:
        print(images_per_second(*sys.argv[2:]))
    else:
        entry.run(main)
