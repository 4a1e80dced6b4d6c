"""What a run of the study needs of a machine and a checkout: each check gives findings, each fault with its fix."""

import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module, metadata
from pathlib import Path
from typing import Any

from study.cli import locks, pipeline, stored
from study.cli.pipeline import PROJECT
from study.settings import params, paths
from study.settings.choice import chosen
from study.settings.errors import StudyError
from study.settings.methods import PLACES
from study.settings.parameters.whole import Params
from study.settings.provenance import available_memory_bytes, code_commit, cores, gpu, processor
from study.sources.listing import Contents
from study.stages import preflight

OK, WARNING, ERROR = "ok", "warning", "error"
GIB = 1024**3
# The stage `timing` holds all full-size networks at once, 2.5 GiB of weights, and one of them again, folded.
LEAST_MEMORY_GIB = 4
LEAST_TEMPORARY_GIB = 1
OUTPUTS = tuple(map(Path, ("results", "data", "models", "records", "checkpoints", ".dvc/tmp")))
INSTALL = "pip install -e '.[dev]'"


@dataclass(frozen=True)
class Finding:
    """One line of the answer: OK, WARNING or ERROR, what it is about, what was found, and the fix of a fault."""

    level: str
    about: str
    found: str
    fix: str = ""


def findings(scale: str | None) -> Iterator[Finding]:
    """Every finding in the order in which faults should be mended; that of params.yaml where no scale is given."""
    yield from python()
    yield from packages(tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"])
    yield from torch_build()
    yield from machine()
    yield from git()
    yield from dvc()
    yield from left_behind()
    yield from kept()
    try:
        whole = params.read()
    except StudyError as error:
        yield from (Finding(ERROR, "parameters", line, "correct it there") for line in str(error).splitlines())
        return
    at = scale or whole.scale
    yield Finding(OK, "parameters", f"{paths.PARAMS} is valid; scale {at}, seeds {', '.join(map(str, whole.seeds))}")
    yield from disk(at)
    yield from loading(at, whole)
    yield from data(at, whole)
    yield from networks(at, whole)


def python() -> Iterator[Finding]:
    """The version of Python; the program does not start on one that is too old for its syntax."""
    yield Finding(OK, "Python", f"{sys.version.split()[0]}, {sys.executable}")


def packages(project: dict[str, Any], version: Callable[[str], str] = metadata.version) -> Iterator[Finding]:
    """Every package against its pin in pyproject.toml; those for development only may be lacking."""
    extras = {pin for pins in project["optional-dependencies"].values() for pin in pins if "==" in pin}
    for about, level, pins in (
        ("packages", ERROR, project["dependencies"]),
        ("packages for development", WARNING, sorted(extras)),
    ):
        right = 0
        for pin in pins:
            name, _, wanted = pin.partition("==")
            try:
                found = version(name)
            except metadata.PackageNotFoundError:
                yield Finding(
                    level, name, f"not installed, {wanted} is pinned", f"pip install {pin}, or all: {INSTALL}"
                )
                continue
            if found.partition("+")[0] == wanted:  # a build such as 2.11.0+cpu is the same version
                right += 1
            else:
                yield Finding(WARNING, name, f"{found}, {wanted} is pinned", f"pip install {pin}")
        yield Finding(OK, about, f"{right} of {len(pins)} as pinned in {PROJECT}")


def torch_build(load: Callable[[str], Any] = import_module) -> Iterator[Finding]:
    """Whether torch and torchvision load, alone and together, what they compute on, and in which precision."""
    again = "pip install --force-reinstall torch=={} torchvision=={}, as pinned in pyproject.toml"
    pins = dict(
        pin.split("==") for pin in tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]["dependencies"]
    )
    fix = again.format(pins["torch"], pins["torchvision"])
    try:
        torch = load("torch")
    except (ImportError, OSError) as error:
        yield Finding(ERROR, "torch", f"does not load: {_first_line(error)}", fix)
        return
    build = f"CUDA {torch.version.cuda}" if torch.version.cuda else "processor only"
    yield Finding(OK, "torch", f"{torch.__version__}, built for: {build}")
    try:
        torchvision = load("torchvision")
        yield Finding(OK, "torchvision", f"{torchvision.__version__}, fits this torch")
    except (ImportError, OSError, RuntimeError) as error:
        yield Finding(ERROR, "torchvision", f"does not fit this torch: {_first_line(error)}", fix)
        return
    driven = gpu()
    if torch.cuda.is_available():
        for number in range(torch.cuda.device_count()):
            known = torch.cuda.get_device_properties(number)
            yield Finding(OK, f"GPU {number}", f"{known.name}, {known.total_memory / GIB:.0f} GiB")
    elif driven is None:
        yield Finding(OK, "GPU", "none; everything runs on the processor")
    elif torch.version.cuda:
        yield Finding(
            WARNING, "GPU", f"{driven} is there, and torch cannot use it", "update its driver, see nvidia-smi"
        )
    else:
        yield Finding(WARNING, "GPU", f"{driven} is there, and torch is built without CUDA", fix)
    from study.training.device import device, uses_bf16

    on = device()
    if uses_bf16("auto", on):
        yield Finding(OK, "bf16", f"computed by the {'GPU' if on.type == 'cuda' else 'processor'}; trainings use it")
    else:
        yield Finding(OK, "bf16", "not computed by this hardware; trainings use fp32 and take longer")
    threads = torch.get_num_threads()
    if threads < cores():
        variable = "OMP_NUM_THREADS" if "OMP_NUM_THREADS" in os.environ else "the environment"
        yield Finding(
            WARNING,
            "threads",
            f"{threads} of torch on {cores()} processors, by {variable}",
            "unset OMP_NUM_THREADS, unless other work shares the machine",
        )
    else:
        yield Finding(OK, "threads", f"{threads} of torch on {cores()} processors")


def _first_line(error: BaseException) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__


def machine() -> Iterator[Finding]:
    """Processor and memory."""
    yield Finding(OK, "processor", f"{processor()}, {cores()} of {os.cpu_count()} processors are this program's")
    available = available_memory_bytes()
    if available < LEAST_MEMORY_GIB * GIB:
        yield Finding(
            WARNING,
            "memory",
            f"{available / GIB:.1f} GiB are free, {LEAST_MEMORY_GIB} are wanted",
            "close other programs; the stage timing needs the most",
        )
    else:
        yield Finding(OK, "memory", f"{available / GIB:.1f} GiB are free")


def _output(*command: str) -> str | None:
    """What a program prints, or None if it is not there or fails."""
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True, timeout=20).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return None


def git() -> Iterator[Finding]:
    """Whether this is a checkout, and whether the code is that of a commit."""
    try:
        commit = code_commit()
    except StudyError as error:
        found, _, fix = str(error).partition("; ")
        yield Finding(ERROR, "git", found, fix)
        return
    if commit == "unknown":
        yield Finding(
            ERROR, "git", "no commit here: results could not name their code", "work in a git clone of the study"
        )
    elif commit.endswith("+changes"):
        yield Finding(
            WARNING,
            "git",
            f"changed or new files in the code; results say {commit}",
            "commit them before results that are kept: git commit",
        )
    else:
        yield Finding(OK, "git", f"commit {commit}, code unchanged")


def dvc() -> Iterator[Finding]:
    """Whether DVC is set up here and has run. `dvc status` would hash every file, so it is left to the user."""
    if not Path(".dvc", "config").is_file():
        yield Finding(ERROR, "DVC", "not set up in this folder", "work in the root of the checkout, or: dvc init")
        return
    if shutil.which("dvc") is None and not (Path(sys.executable).parent / "dvc").exists():
        yield Finding(ERROR, "DVC", "the command dvc is not found", f"source .venv/bin/activate, or {INSTALL}")
        return
    if not Path("dvc.lock").is_file():
        yield Finding(WARNING, "DVC", "set up; nothing was run here yet (no dvc.lock)", "make repro")
        return
    changed = _output("git", "status", "--porcelain", "--", "dvc.lock", "results")
    found = "set up, dvc.lock is there"
    if changed:
        fix = "git add dvc.lock results && git commit, or git restore dvc.lock results"
        yield Finding(WARNING, "DVC", f"{found}; it or results/ differ from the commit", fix)
    else:
        yield Finding(OK, "DVC", f"{found}; what is out of date: dvc status")


def left_behind() -> Iterator[Finding]:
    """What a killed `dvc` has left: a lock file that nothing can read, a stage that goes on alone."""
    fault = locks.broken_lock()
    if fault:
        yield Finding(ERROR, "lock", fault, f"rm {locks.RWLOCK}")
    for pid, stage in locks.orphans():
        found = f"{stage} goes on as process {pid}, without the dvc that started it; what it makes is not stored"
        yield Finding(ERROR, "stage", found, f"kill {pid}; it saves how far it is, and dvc repro goes on from there")


def kept() -> Iterator[Finding]:
    """Whether what DVC keeps was made with the parameters that it is kept under."""
    try:
        wrong = list(stored.made_with_others())
    except StudyError as error:
        found, _, fix = str(error).partition("; ")
        yield Finding(ERROR, "DVC", found, fix)
        return
    if wrong:
        found = f"{', '.join(wrong)}: made with other parameters than dvc.lock says"
        yield Finding(ERROR, "stored results", found, f"dvc repro --force --no-run-cache {' '.join(wrong)}")


def disk(scale: str) -> Iterator[Finding]:
    """Whether there is room for models, checkpoints and packed images, for copies in DVC's cache, and for temporary
    files."""
    least = preflight.LEAST_FREE_GIB[scale]
    for about, folder, fix in (
        ("disk", Path(), "make room on the disk of the checkout"),
        ("disk of DVC's cache", locks.cache_folder(), "make room there: dvc gc --workspace; or dvc cache dir --local"),
    ):
        free = shutil.disk_usage(folder).free / GIB
        found = f"{free:.1f} GiB are free, scale {scale} needs {least}"
        yield Finding(ERROR, about, found, fix) if free < least else Finding(OK, about, found)
    free = shutil.disk_usage(tempfile.gettempdir()).free / GIB
    if free < LEAST_TEMPORARY_GIB:
        found = f"{free:.1f} GiB are free in {tempfile.gettempdir()}, {LEAST_TEMPORARY_GIB} are wanted"
        yield Finding(WARNING, "temporary files", found, "make room there, or set TMPDIR")
    for folder in OUTPUTS:
        nearest = next(place for place in (folder, *folder.parents) if place.exists())
        if not os.access(nearest, os.W_OK):
            yield Finding(ERROR, "permission", f"{nearest} cannot be written to", f"chmod u+w {nearest}")


def loading(scale: str, whole: Params) -> Iterator[Finding]:
    """The GPU that a scale asks for, and the shared memory through which its images are loaded."""
    if whole.at(scale).device == "gpu" and (lacking := preflight.lacking_gpu()):
        fix = f"mend that, see GPU above; or scales.{scale}.device: any in params.yaml, and weeks on the processor"
        yield Finding(ERROR, "GPU", f"scale {scale} asks for one: {lacking}", fix)
    lacking = preflight.lacking_shared_memory(whole.at(scale))
    if lacking:
        found, _, fix = lacking.partition("; ")
        yield Finding(ERROR, "shared memory", found, fix)


def data(scale: str, whole: Params) -> Iterator[Finding]:
    """Images outside of the project, the variables that name them, and the data sets made of them."""
    for name in ("OBJECTS", "FACES", "IMAGENET", "CACD"):
        variable = f"STUDY_{name}"
        if variable in os.environ and not paths.outside(name.lower()).is_dir():
            found = f"names no folder: {os.environ[variable]}"
            yield Finding(WARNING, variable, found, f"unset {variable}, or set it to where the images lie")
    there: dict[str, Contents | None] = {}
    try:
        there = preflight.outside_contents(scale, whole.at(scale).data, whole.datasets)
    except StudyError as error:
        found, _, fix = str(error).partition("; ")
        yield Finding(ERROR, "pictures", found, fix)
    for dataset in whole.datasets:
        source = getattr(whole.at(scale).data, dataset).source
        if (paths.prepared(scale, dataset) / "manifest.json").is_file():
            outside = there.get(dataset)
            now = f"; {preflight.described(outside)}" if outside else ""
            yield Finding(OK, f"data, {dataset}", f"{source}, prepared in {paths.prepared(scale, dataset)}{now}")
        else:
            yield Finding(WARNING, f"data, {dataset}", f"{source}, not prepared", pipeline.prepared(scale, dataset))


def networks(scale: str, whole: Params) -> Iterator[Finding]:
    """How many of the pipeline's networks are trained."""
    folders = [
        paths.classifier(scale, dataset, backbone, method, seed)
        for dataset, backbone in PLACES
        for method in chosen(whole.rows, dataset, backbone)
        for seed in whole.seeds
    ]
    there = sum((folder / "weights.safetensors").is_file() for folder in folders)
    found = f"{there} of {len(folders)} are trained at scale {scale}"
    if there < len(folders):
        yield Finding(WARNING, "networks", found, pipeline.at(scale, "dvc repro"))
    else:
        yield Finding(OK, "networks", found)
