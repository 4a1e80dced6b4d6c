"""Every figure by its name, with a caption, drawn from the stored results of a scale."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from study.figures import architecture, channels, curves, endpoint, error_and_cost, noise, spectra, tradeoff
from study.judging import measured, results
from study.judging.endpoint import Endpoint, endpoints
from study.judging.measured import Key, Measured
from study.paper import deviations, shares
from study.paper import tables as paper
from study.settings import config, paths
from study.settings.errors import InvalidData, InvalidParameter
from study.settings.methods import BACKBONES
from study.settings.records import Place


class Results:
    """The stored results of a scale, each read when a figure asks for it, and once."""

    def __init__(self, scale: str) -> None:
        self.scale = scale
        self.folder = paths.results(scale)

    @cached_property
    def settings(self) -> deviations.InForce:
        """Everything that decides a result at the scale."""
        return config.load(deviations.InForce, self.scale)

    @property
    def errors_are_of(self) -> str:
        """Of what images and networks the errors are, which costs at full size are not."""
        width = self.settings.of_scale.network.width
        crop = self.settings.of_scale.data.objects.crop
        return f"errors of scale {self.scale}: images of {crop} pixels, networks of {width:g} of the width"

    @cached_property
    def measured(self) -> dict[Key, Measured]:
        """Every measured number."""
        changed = [one.key for one in deviations.deviations(self.settings)]
        return measured.everything(self.scale, self.evaluated, changed)

    @cached_property
    def evaluated(self) -> dict[Place, results.Results]:
        """What was evaluated, by data set and backbone."""
        return results.read(self.folder)

    @cached_property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """The primary endpoint of every row."""
        return endpoints(self.evaluated, shares.by_row(), self.scale).rows

    @cached_property
    def architecture(self) -> dict[str, Any]:
        """architecture.json."""
        found: dict[str, Any] = paths.read_json(self.folder / "architecture.json")
        return found

    @cached_property
    def channels(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        """What is in the folder channels, but for the spectra."""
        return channels.stored(self.folder)


@dataclass(frozen=True)
class Entry:
    """A figure: its name as a file, what it shows in a sentence, and how it is drawn."""

    name: str
    caption: str
    draw: Callable[[Results], Figure]


def _error_and_cost(backbone: str, results: Results) -> Figure:
    panels = error_and_cost.panels(backbone, paper.tables(), results.measured, results.scale)
    foot = f"Times and multiply-adds at full size (224 pixels, 1,000 classes);\n{results.errors_are_of}"
    return error_and_cost.draw(backbone, panels, foot)


def _tradeoff(results: Results) -> Figure:
    found = tradeoff.here(results.endpoints, results.measured)
    printed = tradeoff.of_paper(shares.by_row(), paper.tables(), results.measured)
    metric = results.endpoints[0].metric if results.endpoints else "top1"
    return tradeoff.draw(printed, found, metric, results.errors_are_of)


FIGURES = (
    Entry(
        "tradeoff",
        "What of the resolution loss each network wins back against its time, VGG16 on objects: filled markers are "
        "measured here, hollow ones are the paper's. Shares of different images can stand on one axis, errors cannot. "
        "A line joins the networks than which none is as fast and wins back as much, in the numbers as they are, which "
        "is no test. The full network is at 100 % and the one at half the side at 0 % by definition.",
        _tradeoff,
    ),
    *(
        Entry(
            f"error_{word}",
            f"Error against time and against multiply-adds, {backbone.label}: numbers of the paper above, measured "
            "ones below, at each point its name. A hollow marker has a cost that the paper does not print: it is "
            "quoted from the method's own paper, or counted here. A half-filled marker, beside the one that it is half "
            "of, is a control with as many updates as a pruned network.",
            partial(_error_and_cost, word),
        )
        for word, backbone in BACKBONES.items()
    ),
    Entry(
        "endpoint",
        "The share of the resolution loss that each network wins back, (half - row) / (half - full): 0 % for the "
        "network at half the side, 100 % for the full one. Markers are means with 95 % intervals, ticks single seeds, "
        "diamonds the paper's shares of its top-5 errors; arrows go on beyond the axes. The dotted line is what counts "
        "as nearly the same error. A star stands behind a row of which a training has not learned or not converged.",
        lambda results: endpoint.draw(results.endpoints, results.scale),
    ),
    Entry(
        "noise",
        "Accuracy on faces against the variance of Gaussian noise on the test images (Table 7): printed on the "
        "left, measured on the right.",
        lambda results: noise.draw(paper.tables(), results.measured, results.scale),
    ),
    Entry(
        "framework",
        "The framework (Fig. 1 of the paper) below the network that it accelerates: shapes, multiply-adds, parameters.",
        lambda results: architecture.framework(results.architecture),
    ),
    Entry(
        "auto_encoder",
        "The layers of the auto-encoder (Fig. 2 of the paper) with the shapes that an image takes at full size.",
        lambda results: architecture.auto_encoder(results.architecture),
    ),
    Entry(
        "decompositions",
        "Channels of Decomposition+CNN beside those of WAE+CNN (Fig. 3 of the paper).",
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
        "Radially averaged power of the test images, of the bands of the wavelet and of learned channels.",
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


# The figures of the auto-encoder alone, which can be had of other pictures too.
OF_PICTURES = {"reconstruction": channels.reconstruction, "bands": channels.bands}


def figure(name: str, scale: str) -> tuple[Entry, Figure]:
    """One figure by its name, drawn from results/<scale>.

    Raises InvalidParameter, naming what is known, and InvalidData, naming the command, if a result is missing.
    """
    found = next((entry for entry in FIGURES if entry.name == name), None)
    if found is None:
        raise InvalidParameter(f"figure: must be one of {', '.join(entry.name for entry in FIGURES)}, got {name!r}")
    try:
        return found, found.draw(Results(scale))
    except FileNotFoundError as error:
        raise InvalidData(f"{error.filename}: not there; make it with: dvc repro figures@{scale}") from None


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
