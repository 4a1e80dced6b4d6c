"""A trained network in the forms that people use: safetensors with its configuration, torch.export, ONNX.

Each form is loaded again and compared with the network itself. To use one without the pipeline, in a checkout:

    from study.export.formats import load
    exported = load("trained/wae_cnn")
    logits = exported(exported.preprocessing.picture(Path("cat.jpg")))    # (1, classes)
"""

import copy
import logging
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save
from torch import Tensor, nn

from study.export.preprocessing import Preprocessing, as_input
from study.models import plans
from study.models.build import architecture, backbone_of
from study.models.classifiers import averaged
from study.models.shape import Shape
from study.settings import paths
from study.settings.errors import InvalidData, StudyError

WEIGHTS, CONFIG, PROGRAM, ONNX = "weights.safetensors", "config.json", "network.pt2", "network.onnx"
FORMAT = 2  # of config.json
TOLERANCE = 1e-4  # largest difference that is still rounding, relative to the largest logit
NEEDED = ("onnx", "onnxscript", "onnxruntime")
IMAGE, LOGITS = "image", "logits"  # the input and the output by name


class NotTheNetwork(StudyError):
    """An exported form that gives other logits than the network it was made from."""


class Logits(nn.Module):
    """A classifier with one output, the averaged logits: images (batch, 3, side, side) in [0, 1] to (batch, classes).

    What is exported is this, so that nobody has to know how many vectors of logits a row has.
    """

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, image: Tensor) -> Tensor:
        """The averaged logits (Sec. Image classification), before a softmax."""
        return averaged(self.network(image))


@dataclass(frozen=True)
class Description:
    """What has to be known to build, feed and read a network again, and where it comes from."""

    method: str
    backbone: str
    dataset: str
    scale: str
    seed: int
    shape: Shape
    classes: tuple[str, ...]
    preprocessing: Preprocessing
    settings: dict[str, Any]  # of its training
    trained_with: str  # commit
    exported_with: str

    def as_dict(self) -> dict[str, Any]:
        """Fit for JSON."""
        fields = {**vars(self), "shape": asdict(replace(self.shape, plan=None)), "plan": None}
        fields["shape"].pop("plan")
        if self.shape.plan is not None:
            fields["plan"] = plans.as_dict(self.shape.plan, backbone_of(self.backbone).filters(self.shape.width))
        return {**fields, "classes": list(self.classes), "preprocessing": asdict(self.preprocessing)}

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> "Description":
        """The description that `as_dict` gave. Raises KeyError or TypeError for what is none."""
        fields = {name: stored[name] for name in cls.__dataclass_fields__}
        plan = stored["plan"] and plans.from_dict(stored["plan"])
        fields["shape"] = Shape(**stored["shape"], plan=plan)
        fields["preprocessing"] = Preprocessing(**stored["preprocessing"])
        return cls(**{**fields, "classes": tuple(stored["classes"])})


@dataclass(frozen=True)
class Exported:
    """A network that was loaded from an exported folder."""

    network: Logits
    description: Description

    @property
    def classes(self) -> tuple[str, ...]:
        """Their names, in the order of the logits."""
        return self.description.classes

    @property
    def preprocessing(self) -> Preprocessing:
        """From an image's file to what a call takes."""
        return self.description.preprocessing

    @torch.inference_mode()
    def __call__(self, pictures: Tensor) -> Tensor:
        """Logits (batch, classes) of uint8 images (batch, 3, side, side)."""
        logits: Tensor = self.network(as_input(pictures))
        return logits


def load(folder: str | Path) -> Exported:
    """The network in an exported folder, from weights.safetensors and config.json.

    Raises InvalidData if the folder holds none, or one of another version of the study.
    """
    folder = Path(folder)
    try:
        stored = paths.read_json(folder / CONFIG)
        if stored["format"] != FORMAT:
            raise ValueError(f"format {stored['format']}, this version reads {FORMAT}")
        description = Description.from_dict(stored["network"])
        network = architecture(description.backbone, description.method, description.shape)
        network.load_state_dict(load_file(folder / WEIGHTS))
    except (OSError, ValueError, KeyError, TypeError, RuntimeError, SafetensorError) as error:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else repr(error)
        raise InvalidData(f"{folder}: not an exported network: {reason}; make it again with: study export") from None
    return Exported(Logits(network).eval(), description)


def check_possible(folder: Path) -> None:
    """Raises InvalidData if a package is lacking, or if the folder holds something that is no export."""
    lacking = [name for name in NEEDED if find_spec(name) is None]
    if lacking:
        raise InvalidData(f"{', '.join(lacking)}: not installed; pip install -e '.[export]'")
    if folder.exists() and (not folder.is_dir() or (any(folder.iterdir()) and not (folder / CONFIG).exists())):
        raise InvalidData(f"{folder}: holds something else; name a new folder, or one of an earlier export")


def export(folder: Path, network: nn.Module, description: Description, pictures: Tensor) -> dict[str, float]:
    """Write every form into the folder, and config.json when all are checked; returns, by file, the largest difference
    from the network's own logits on `pictures` (uint8, (n, 3, side, side), two or more), relative to the largest logit.

    Every form takes any number of images at once. Raises NotTheNetwork for a difference beyond rounding; the folder
    then has no config.json.
    """
    check_possible(folder)
    whole = Logits(copy.deepcopy(network).cpu()).eval()
    images = as_input(pictures)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / CONFIG).unlink(missing_ok=True)
    weights = {name: value.contiguous() for name, value in whole.network.state_dict().items()}
    paths.write_bytes(folder / WEIGHTS, save(weights, metadata={"format": "pt"}))
    with _quiet():
        program = torch.export.export(
            whole, (images[:2],), dynamic_shapes={IMAGE: {0: torch.export.Dim("batch", min=1)}}
        )
        torch.export.save(program, folder / PROGRAM)
        torch.onnx.export(
            program,
            dynamo=True,
            f=folder / ONNX,
            input_names=[IMAGE],
            output_names=[LOGITS],
            external_data=False,
            verbose=False,
        )
    again = architecture(description.backbone, description.method, description.shape)
    again.load_state_dict(load_file(folder / WEIGHTS))
    forms: dict[str, Callable[[Tensor], Tensor]] = {
        WEIGHTS: Logits(again).eval(),
        PROGRAM: program_of(folder),
        ONNX: session_of(folder),
    }
    batches = images, images[:1]  # the forms take any number of images
    with torch.inference_mode():
        expected = [whole(batch) for batch in batches]
    differences = {}
    for name, call in forms.items():
        with torch.inference_mode():
            found = [call(batch) for batch in batches]
        differences[name] = max(
            float((one - own).abs().max() / own.abs().max()) for one, own in zip(found, expected, strict=True)
        )
        if not differences[name] <= TOLERANCE:
            raise NotTheNetwork(
                f"{folder / name}: logits differ by {differences[name]:.2g} of the largest, more than {TOLERANCE:g}"
            )
    checked = {"pictures": len(pictures), "tolerance": TOLERANCE, "difference": differences}
    paths.write_json(folder / CONFIG, {"format": FORMAT, "network": description.as_dict(), "checked": checked})
    return differences


def program_of(folder: Path) -> Callable[[Tensor], Tensor]:
    """The torch.export program of an exported folder, as a call on images in [0, 1]."""
    with _quiet():
        return torch.export.load(folder / PROGRAM).module()


def session_of(folder: Path) -> Callable[[Tensor], Tensor]:
    """The ONNX graph of an exported folder, run by ONNX Runtime on the processor, as a call on images in [0, 1]."""
    import onnxruntime  # of the extra `export`

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = torch.get_num_threads()
    session = onnxruntime.InferenceSession(folder / ONNX, options, providers=["CPUExecutionProvider"])

    def call(images: Tensor) -> Tensor:
        (found,) = session.run([LOGITS], {IMAGE: images.numpy()})
        return torch.from_numpy(found)

    return call


@contextmanager
def _quiet() -> Iterator[None]:
    """Without the exporters' remarks on their own internals."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)
