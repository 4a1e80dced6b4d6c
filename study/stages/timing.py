"""Time the full-size networks on this machine, every network and implementation in turn within one run."""

from importlib import metadata

import torch

from study.measures import complexity
from study.measures.timing import conditions
from study.models.build import architecture, build
from study.settings import config, parameters, paths
from study.settings.methods import MEASURED_AT_FULL_SIZE, TAKEN_APART, TIMED_IN_EVERY_IMPLEMENTATION, input_divisor
from study.settings.provenance import Record, cores
from study.speed import comparison, wavelets
from study.speed.comparison import Machine
from study.speed.implementations import AS_WRITTEN, ON_GPU, ON_PROCESSOR, Subject
from study.stages import entry, full_size
from study.training.device import uses_bf16

PARAMS = ("full_size", "channel_norm", "pruning.targets", "scales.{scale}.timing")
SPLIT_SHARE, WAVELET_SHARE = 1 / 2, 1 / 10  # of the time limit of the networks' comparison


def machine(device: torch.device, timing: parameters.Timing) -> Machine:
    """A device with what it can compute and what is asked of it."""
    known = ON_GPU if device.type == "cuda" else ON_PROCESSOR
    chosen = {
        name: implementation
        for name, implementation in known.items()
        if timing.implementations == "all"
        or name == AS_WRITTEN
        or (timing.implementations == "without a compiler" and not implementation.compiles)
    }
    precisions = {"fp32"} | ({"bf16"} if uses_bf16("auto", device) else set())
    return Machine(device, precisions | ({"fp16", "tf32"} if device.type == "cuda" else set()), chosen)


def subjects(scale: str, settings: config.Settings, device: torch.device, batch: int) -> dict[tuple[str, str], Subject]:
    """Every network with random weights, on which times do not depend, and with random images."""
    found = {}
    for backbone in MEASURED_AT_FULL_SIZE:
        for method, shape in full_size.shapes(scale, backbone, settings).items():
            side = settings.full_size.side // input_divisor(method)
            network = build(backbone, method, shape).to(device)
            found[backbone, method] = Subject(network, (torch.rand(batch, 3, side, side, device=device),))
    return found


def run(
    on: Machine, scale: str, settings: config.Settings, timing: parameters.Timing, batch: int, threads: int
) -> dict:
    """One comparison of everything on one device at one batch size and number of threads."""
    torch.set_num_threads(threads)
    title = f"{on.device.type}, batch {batch}, {threads} thread{'s' if threads > 1 else ''}"
    networks = subjects(scale, settings, on.device, batch)
    found = comparison.compare(on, networks, TIMED_IN_EVERY_IMPLEMENTATION, seconds=timing.seconds, title=title)
    if len(on.implementations) > 1:
        found["split"] = comparison.split(
            on,
            {row: networks[row] for row in TAKEN_APART},
            comparison.fastest(found, TAKEN_APART),
            seconds=timing.seconds * SPLIT_SHARE,
            title=f"{title}, parts",
        )
    torch.compiler.reset()
    return {"device": on.device.type, "batch": batch, "threads": threads, **found}


def measured(scale: str, settings: config.Settings, timing: parameters.Timing) -> dict:
    """Everything that the settings ask for, as results/<scale>/timing.json holds it."""
    torch.manual_seed(0)
    torch.backends.cudnn.allow_tf32 = torch.backends.cuda.matmul.allow_tf32 = False  # fp32 means fp32
    before = conditions()
    all_threads = [cores() if number == "all" else number for number in timing.threads]
    plans = [("cpu", batch, threads) for batch in timing.batches for threads in dict.fromkeys(all_threads)]
    if torch.cuda.is_available():
        plans += [("cuda", batch, 1) for batch in timing.gpu_batches]
    machines = {name: machine(torch.device(name), timing) for name in dict.fromkeys(name for name, *_ in plans)}
    runs = [run(machines[name], scale, settings, timing, batch, threads) for name, batch, threads in plans]
    work = {}
    for backbone, method in TAKEN_APART:
        with torch.device("meta"):
            network = architecture(backbone, method, full_size.shapes(scale, backbone, settings)[method])
        work[f"{backbone}/{method}"] = complexity.by_part(complexity.layers(network, settings.full_size.side))
    seconds = timing.seconds * WAVELET_SHARE
    return {
        "side": settings.full_size.side,
        "classes": settings.full_size.classes,
        "conditions": {**before, "openvino": metadata.version("openvino")},
        "gpu_name": torch.cuda.get_device_name() if torch.cuda.is_available() else None,
        "implementations": {
            device: {name: {"title": value.title, "precision": value.precision} for name, value in known.items()}
            for device, known in (("cpu", ON_PROCESSOR), ("cuda", ON_GPU))
        },
        "runs": runs,
        "work": work,
        "bound_of_the_text": complexity.bound(),
        "wavelets": [
            wavelets.compare(torch.device(name), settings.full_size.side, threads, seconds=seconds)
            for name, threads in dict.fromkeys((name, threads) for name, _, threads in plans)
        ],
    }


def main(scale: str) -> None:
    settings = config.load(scale, PARAMS)
    record = Record("timing", settings.digest())
    results = measured(scale, settings, settings.timing)
    paths.write_json(paths.results(scale) / "timing.json", {**results, "provenance": record.fields_now()})


if __name__ == "__main__":
    entry.run(main, "scale")
