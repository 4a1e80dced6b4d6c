"""A small working folder, as a user's checkout is one, with parameters that train in a second."""

import os
import sys
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parents[1]
SEED = ("--seed", "0")
OBJECTS = ("--scale", "smoke", "--dataset", "objects")
CLASSIFIER = (*OBJECTS, "--backbone", "vgg16", "--method")
DATA = Path("data/smoke/objects")
MODELS = Path("models/smoke/objects")


def parameters(folder: Path = ROOT) -> dict[str, Any]:
    """params.yaml of a checkout as it is."""
    found: dict[str, Any] = YAML(typ="safe", pure=True).load((folder / "params.yaml").read_text(encoding="utf-8"))
    return found


def write_parameters(folder: Path, values: dict[str, Any]) -> None:
    """Write values as the params.yaml of a folder."""
    writer = YAML(typ="safe", pure=True)
    with open(folder / "params.yaml", "w", encoding="utf-8") as file:
        writer.dump(values, file)


def small(values: dict[str, Any]) -> dict[str, Any]:
    """The same parameters with the scale smoke made smaller still: a few updates a training."""
    smoke = values["scales"]["smoke"]
    smoke["data"]["objects"] |= {"train_per_class": 2, "test_per_class": 1}
    smoke["wae"] |= {"batch": 19, "epochs": 4, "schedule": {"kind": "milestones", "epochs": [3]}}
    smoke["classifier"] |= {"batch": 19, "epochs": 4, "schedule": {"kind": "milestones", "epochs": [3]}}
    smoke["finetune"] |= {"batch": 19, "epochs": 3}
    return {**values, "scale": "smoke", "seeds": [0]}


def make(folder: Path, *scales: str) -> Path:
    """An empty checkout with the small parameters, of the scale smoke and others; the code is that of this one."""
    folder.mkdir(parents=True)
    (folder / "paper_tables").symlink_to(ROOT / "paper_tables")
    values = small(parameters())
    write_parameters(folder, {**values, "scales": {name: values["scales"][name] for name in ("smoke", *scales)}})
    return folder


def environment(**more: str) -> dict[str, str]:
    """The environment of a stage: this Python first, one thread, checkpoints in its own folder."""
    before = {name: value for name, value in os.environ.items() if not name.startswith(("STUDY_", "DVC_"))}
    path = f"{Path(sys.executable).parent}{os.pathsep}{before.get('PATH', '')}"
    return {**before, "PATH": path, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", "DVC_ROOT": ".", **more}
