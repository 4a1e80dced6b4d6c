"""Every figure by its name, with a caption, drawn from the stored results of a scale."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from matplotlib.figure import Figure

from study.figures import architecture, channels, curves, error_and_cost, noise, spectra
from study.judging import measured
from study.judging.measured import Key, Measured
from study.paper import deviations
from study.paper import tables as paper
from study.settings import config, paths
from study.settings.errors import InvalidData


class Results:
    """The stored results of a scale, each read when a figure asks for it, and once."""

    def __init__(self, scale: str) -> None:
        self.scale = scale
        self.folder = paths.results(scale)

    @cached_property
    def measured(self) -> dict[Key, Measured]:
        """Every measured number."""
        changed = [key for key, *_ in deviations.deviations(config.read(), self.scale)]
        return measured.everything(self.scale, changed)

    @cached_property
    def architecture(self) -> dict:
        """architecture.json."""
        return paths.read_json(self.folder / "architecture.json")

    @cached_property
    def channels(self) -> tuple[dict, dict[str, np.ndarray]]:
        """What is in the folder channels, but for the spectra."""
        return channels.stored(self.folder)

    def error_and_cost(self, backbone: str) -> Figure:
        """Error against time and multiply-adds."""
        return error_and_cost.draw(error_and_cost.panels(backbone, paper.tables(), self.measured, self.scale))


@dataclass(frozen=True)
class Entry:
    """A figure: its name as a file, what it shows in a sentence, and how it is drawn."""

    name: str
    caption: str
    draw: Callable[[Results], Figure]


FIGURES = (
    Entry(
        "error_vgg16",
        "Error against time and against multiply-adds, VGG16: numbers of the paper above, measured ones below.",
        lambda results: results.error_and_cost("vgg16"),
    ),
    Entry(
        "error_resnet50",
        "Error against time and against multiply-adds, ResNet-50: numbers of the paper above, measured ones below.",
        lambda results: results.error_and_cost("resnet50"),
    ),
    Entry(
        "noise",
        "Accuracy on faces against the variance of Gaussian noise on the test pictures (Table 7): printed on the "
        "left, measured on the right.",
        lambda results: noise.draw(paper.tables(), results.measured, results.scale),
    ),
    Entry(
        "framework",
        "The framework (Fig. 1 of the paper), the full network above it: shapes, multiply-adds and parameters.",
        lambda results: architecture.framework(results.architecture),
    ),
    Entry(
        "auto_encoder",
        "The layers of the auto-encoder (Fig. 2 of the paper) with the shapes that an image takes at full size.",
        lambda results: architecture.auto_encoder(results.architecture),
    ),
    Entry(
        "decompositions",
        "Channels of Decomposition+CNN beside those of our fine-tuned network (Fig. 3 of the paper).",
        lambda results: channels.decompositions(*results.channels),
    ),
    Entry(
        "reconstruction",
        "A photograph, its two channels, what the decoder makes of them, and the error (Fig. 4 of the paper).",
        lambda results: channels.reconstruction(*results.channels),
    ),
    Entry(
        "bands",
        "The four bands of the CDF 9/7 wavelet beside the two channels that stage 1 learned.",
        lambda results: channels.bands(*results.channels),
    ),
    Entry(
        "spectra",
        "Radially averaged power of the test pictures, of the bands of the wavelet and of learned channels.",
        lambda results: spectra.draw(*spectra.stored(results.folder)),
    ),
    Entry(
        "training",
        "Training error of the classifiers by epoch; stage 3 goes on where stage 2 ended.",
        lambda results: curves.classifiers(results.folder),
    ),
    Entry(
        "training_stage_1",
        "Loss and PSNR of the auto-encoder by epoch of stage 1.",
        lambda results: curves.auto_encoders(results.folder),
    ),
)


def all_figures(scale: str) -> Iterator[tuple[Entry, Figure]]:
    """Every figure, drawn from results/<scale>.

    Behind those that can be drawn, raises InvalidData if results of others are missing, naming the files and the
    command that makes them.
    """
    results, missing = Results(scale), []
    for entry in FIGURES:
        try:
            drawn = entry.draw(results)
        except FileNotFoundError as error:
            missing.append(str(error.filename))
            continue
        yield entry, drawn
    if missing:
        files = ", ".join(dict.fromkeys(missing))
        raise InvalidData(f"{files}: not there; make it with: dvc repro figures@{scale}")
