"""Before anything runs: are the parameters fit, are outside images there, a GPU, room? Names code and hardware.

Every other stage comes behind this one, whatever is asked for: nothing runs on parameters that were not looked at.
"""

import shutil
import warnings
from collections.abc import Iterable
from pathlib import Path

from study.settings import code, params, paths
from study.settings.errors import InvalidData
from study.settings.parameters.data import CACD, Data, Folder, ImageNet, Source
from study.settings.parameters.whole import Scale
from study.settings.provenance import cores, gpu, hardware
from study.sources.listing import Contents, contents, shown
from study.stages import entry

GIB = 1024**3
# Models, checkpoints, and packed images with their copy in DVC's cache: twice 254 GiB at scale paper.
LEAST_FREE_GIB = {"smoke": 1, "quick": 1, "desk": 2, "photos": 4, "paper": 610}

# Folders of results that tables and figures collect from, empty where the chosen rows leave nothing in them: DVC stops
# at a dependency that is not there, and warns of a folder without a file.
COLLECTED = ("noise", "reconstruction")

SHARED_MEMORY = Path("/dev/shm")  # through which loading processes hand batches over, on Linux
AHEAD = 2  # batches that each of them makes ahead; torch's own default


def lacking_gpu() -> str:
    """Why torch computes on no GPU; empty if it does."""
    import torch  # seconds, which only who asks for a GPU waits for

    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        if torch.cuda.is_available():
            return ""
    driven = gpu()
    if driven is None:
        return "none is there (nvidia-smi names none)"
    if torch.version.cuda is None:
        return f"torch is built without CUDA, and cannot use {driven}; install the build for CUDA"
    reason = " ".join(str(told[0].message).split()) if told else f"torch is built for CUDA {torch.version.cuda}"
    return f"torch cannot use {driven} ({reason}); update its driver"


def need_gpu(name: str, scale: Scale) -> None:
    """Raises InvalidData if the scale asks for a GPU and torch can use none."""
    lacking = lacking_gpu() if scale.device == "gpu" else ""
    if lacking:
        raise InvalidData(
            f"scale {name} asks for a GPU: {lacking}; without one it takes weeks: if that is meant, "
            f"scales.{name}.device: any in params.yaml"
        )


def _is_listed(source: Source) -> bool:
    """Whether its images are decoded in loading processes whenever they are asked for."""
    return isinstance(source, Folder | ImageNet | CACD) and not source.packed


def shared_memory_bytes(scale: Scale) -> int:
    """What loading processes have in shared memory at once, at most."""
    crops = [source.crop for source in (scale.data.objects, scale.data.faces) if _is_listed(source)]
    batch = max(scale.wae.batch, scale.classifier.batch, scale.finetune.batch)
    return AHEAD * cores() * batch * 3 * max(crops, default=0) ** 2


def lacking_shared_memory(scale: Scale) -> str:
    """What is said where loading processes would find too little of it; empty if there is enough, or none is needed."""
    needed = shared_memory_bytes(scale)
    free = shutil.disk_usage(SHARED_MEMORY).free if SHARED_MEMORY.is_dir() else needed
    if free >= needed:
        return ""
    return (
        f"{SHARED_MEMORY}: {free / GIB:.2f} GiB are free, {cores()} loading processes need {needed / GIB:.2f}; "
        f"give the container more (docker run --shm-size={needed // GIB + 1}g), or smaller batches in params.yaml"
    )


def outside_contents(scale: str, data: Data, datasets: Iterable[str]) -> dict[str, Contents | None]:
    """What lies in the folders that these data sets come from; None for those inside the package.

    Raises InvalidData if a folder is not there, is empty or cannot be read.
    """
    found: dict[str, Contents | None] = {}
    for dataset in datasets:
        name = paths.outside_name(dataset, getattr(data, dataset).source)
        found[dataset] = None
        if name is None:
            continue
        root = paths.outside(name)
        if not root.is_dir():
            raise InvalidData(
                f"scale {scale}, {dataset}: no folder {shown(root)}; set STUDY_{name.upper()} to where the images lie, "
                f"or link them there"
            )
        found[dataset] = contents(root)
    return found


def described(found: Contents) -> str:
    """A folder's contents in a few words."""
    return f"{found.files:,} files outside of the project, listing digest {found.listing[:12]}"


def main() -> None:
    chosen = params.read()
    scale = chosen.at(chosen.scale)
    found = outside_contents(chosen.scale, scale.data, chosen.datasets)
    need_gpu(chosen.scale, scale)
    free, least = shutil.disk_usage(".").free / GIB, LEAST_FREE_GIB[chosen.scale]
    if free < least:
        raise InvalidData(f"only {free:.1f} GiB of disk are free; a run at scale {chosen.scale} needs {least}")
    lacking = lacking_shared_memory(scale)
    if lacking:
        raise InvalidData(lacking)
    for name in COLLECTED:
        folder = paths.results(chosen.scale) / name
        if not folder.is_dir() or not any(folder.iterdir()):
            paths.write_text(folder / ".gitkeep", "")
    paths.write_json(paths.MACHINE, hardware())
    code.write()
    for dataset, there in found.items():
        if there:
            print(f"{dataset}: {described(there)}")
        # `prepare` depends on it: another folder, or other files in it, make it run again.
        paths.write_text(
            paths.contents(chosen.scale, dataset),
            f"{there.listing} {there.with_times} {there.files}\n" if there else "inside the package\n",
        )


if __name__ == "__main__":
    entry.run(main)
