"""Time the full-size networks on this machine, every network and implementation in turn, in several processes."""

from collections.abc import Callable
from typing import Annotated, Any, TypeVar

import torch

from study.assembly import full_size
from study.measures import busy, complexity
from study.measures.timing import ESTIMATOR, QUANTILES, conditions
from study.models.build import architecture
from study.models.shape import Shape
from study.settings import config, methods, paths
from study.settings.config import At, StageSettings
from study.settings.parameters.measuring import FullSize, Timing
from study.settings.parameters.types import Fraction
from study.settings.provenance import cores, hardware
from study.settings.record import Record
from study.speed import comparison, engine, wavelets
from study.speed.comparison import Cell, PartCell, Row, Taken
from study.speed.implementations import ON_GPU, ON_PROCESSOR
from study.speed.machines import fingerprint
from study.speed.networks import Condition, Networks
from study.speed.processes import in_a_fresh_process
from study.stages import entry

SPLIT_SHARE, WAVELET_SHARE = 1 / 2, 1 / 10  # of the time limit of the networks' comparison
TAKEN_APART: tuple[Row, ...] = (("vgg16", "full"), ("vgg16", "wae_cnn"))

Result = TypeVar("Result")


class Networked(StageSettings):
    """What decides which networks are timed."""

    full_size: FullSize
    channel_norm: bool
    targets: Annotated[dict[str, Fraction], At("pruning.targets")]


class Settings(Networked):
    """What this stage reads of params.yaml."""

    timing: Annotated[Timing, At("scales.{scale}.timing")]


def take(networks: Networks, condition: Condition, seconds: float) -> Taken[Cell]:
    """One process's times of every network."""
    machine = networks.machine(condition)
    return comparison.take(
        machine,
        lambda row: networks.subject(row, condition),
        list(networks.shapes),
        networks.everywhere,
        seconds=seconds,
        title=str(condition),
    )


def take_parts(
    networks: Networks, condition: Condition, names: dict[Row, list[str]], seconds: float
) -> Taken[PartCell]:
    """One process's times of the parts of two networks."""
    return comparison.take_parts(
        networks.machine(condition),
        lambda row: networks.subject(row, condition),
        names,
        seconds=seconds,
        title=f"{condition}, parts",
    )


def take_wavelets(networks: Networks, condition: Condition, seconds: float) -> wavelets.Taken:
    """One process's times of the wavelet and of the libraries that compute it."""
    device = networks.machine(condition).device
    return wavelets.take(device, networks.side, condition.threads, seconds=seconds)


def measured(scale: str, settings: Networked, timing: Timing) -> dict[str, Any]:
    """Everything that the settings ask for, as results/<scale>/timing/<machine>.json holds it.

    All conditions are measured once before any is repeated, so that a machine that drifts does so for all of them.
    """
    before = busy.wait_until_idle(timing.seconds)
    side, classes = settings.full_size.side, settings.full_size.classes
    unpruned = Shape(side, classes, channel_norm=settings.channel_norm)
    networks = Networks(
        {
            (backbone, method): shape
            for backbone in methods.BACKBONES
            for method, shape in full_size.shapes(scale, backbone, unpruned, settings.targets).items()
        },
        side,
        methods.in_every_implementation(),
        timing.implementations,
    )
    threads = dict.fromkeys(cores() if number == "all" else int(number) for number in timing.threads)
    asked = [Condition("cpu", batch, number) for batch in timing.batches for number in threads]
    if torch.cuda.is_available():
        asked += [Condition("cuda", batch, 1) for batch in timing.gpu_batches]
    seconds = timing.seconds / timing.processes

    def repeated(conditions: list[Condition], work: Callable[[Condition], Result]) -> dict[Condition, list[Result]]:
        found: dict[Condition, list[Result]] = {condition: [] for condition in conditions}
        for _ in range(timing.processes):
            for condition in conditions:
                found[condition].append(work(condition))
        return found

    def fresh(work: Callable[..., Result], *arguments: object) -> Result:
        return in_a_fresh_process(entry.keep_freed_memory, work, networks, *arguments)

    taken = repeated(asked, lambda condition: fresh(take, condition, seconds))
    compared = {
        condition: comparison.compared(found, networks.everywhere, before) for condition, found in taken.items()
    }
    split: dict[Condition, dict[str, Any]] = {}
    if timing.implementations != "as written":
        names = {condition: comparison.fastest(found, TAKEN_APART) for condition, found in compared.items()}
        parts = repeated(asked, lambda condition: fresh(take_parts, condition, names[condition], seconds * SPLIT_SHARE))
        split = {condition: comparison.split(found, before) for condition, found in parts.items()}
    once = list({(condition.device, condition.threads): condition for condition in reversed(asked)}.values())[::-1]
    by_library = repeated(once, lambda condition: fresh(take_wavelets, condition, seconds * WAVELET_SHARE))
    return {
        "side": side,
        "classes": classes,
        "estimator": ESTIMATOR,
        "quantiles": QUANTILES,
        "conditions": {
            **conditions(),
            "load_before": before.load,
            "waited_seconds": before.waited_seconds,
            "openvino": engine.version(),
        },
        "gpu_name": torch.cuda.get_device_name() if torch.cuda.is_available() else None,
        "implementations": {
            device: {name: {"title": value.title, "precision": value.precision} for name, value in known.items()}
            for device, known in (("cpu", ON_PROCESSOR), ("cuda", ON_GPU))
        },
        "runs": [
            {**_named(condition), **found, **({"split": split[condition]} if condition in split else {})}
            for condition, found in compared.items()
        ],
        "work": {"/".join(row): _work(networks, row) for row in TAKEN_APART},
        "bound_of_the_text": complexity.bound(),
        "wavelets": [
            {**_named(condition), **wavelets.compared(found, before)} for condition, found in by_library.items()
        ],
    }


def _named(condition: Condition) -> dict[str, object]:
    return {"device": condition.device, "batch": condition.batch, "threads": condition.threads}


def _work(networks: Networks, row: Row) -> dict[str, dict[str, int]]:
    """Multiply-adds and parameters of a network by part."""
    with torch.device("meta"):
        network = architecture(*row, networks.shapes[row])
    return complexity.by_part(complexity.layers(network, networks.side))


def main(scale: entry.Scale) -> None:
    settings = config.load(Settings, scale)
    record = Record("timing", settings)
    results = {**measured(scale, settings, settings.timing), "provenance": record.fields_now()}
    # Another machine's times stay beside these.
    paths.write_json(paths.results(scale) / "timing" / f"{fingerprint(hardware())}.json", results)


if __name__ == "__main__":
    entry.run(main)
