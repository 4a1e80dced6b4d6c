"""Training curves: the error of the classifiers by epoch, and loss and PSNR of the auto-encoder of stage 1."""

import csv
from collections import defaultdict
from collections.abc import Mapping, Sequence
from errno import ENOENT
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import LogFormatter, ScalarFormatter

from study.figures import style
from study.settings import paths
from study.settings.methods import BACKBONES, METHODS, PLACES, label
from study.settings.records import Place

ERROR = "top1_error_percent"
DATASETS = {"objects": (style.COLOURS["blue"], "-"), "faces": (style.COLOURS["red"], "--")}
OF_STAGE_1 = {"loss": "transform loss (Eq. 5)", "psnr_db": "PSNR of training images, dB"}

Rows = Sequence[Mapping[str, str]]


def read_rows(file: Path) -> Rows:
    """The rows of a CSV file; none for an empty one, which a failed training leaves."""
    with open(file, newline="", encoding="utf-8") as text:
        return list(csv.DictReader(text))


def by_epoch(rows: Rows, quantity: str) -> tuple[np.ndarray, np.ndarray]:
    """Epochs that every seed of the rows has reached, and the quantity (seeds, epochs)."""
    seeds: defaultdict[str, list[float]] = defaultdict(list)
    for row in rows:
        seeds[row["seed"]].append(float(row[quantity]))
    length = min((len(values) for values in seeds.values()), default=0)
    return np.arange(1, length + 1), np.array([values[:length] for values in seeds.values()])


@style.settings()
def classifiers(results: Path) -> Figure:
    """Training error by epoch of the main methods, a panel for each data set and backbone that was evaluated."""
    places = {
        (dataset, backbone): f"{dataset}, {BACKBONES[backbone].label}"
        for dataset, backbone in PLACES
        if (results / "curves" / _file((dataset, backbone))).exists()
    }
    if not places:
        raise FileNotFoundError(ENOENT, "no training curves", str(results / "curves"))
    figure = style.new(style.PAGE_WIDTH, 3.0)
    axes = figure.subplots(1, len(places), sharey=True, squeeze=False)[0]
    looks: dict[str, dict[str, Any]] = {}
    backbones: defaultdict[str, list[str]] = defaultdict(list)  # on which a row is drawn
    for pair, (place, title) in zip(axes, places.items(), strict=True):
        rows = read_rows(results / "curves" / _file(place))
        runs = paths.read_json(results / "evaluation" / f"{'-'.join(place)}.json")["runs"]
        sentences = []
        for method in style.main_rows(*place):
            failed = style.failures([run for run in runs if run["method"] == method])
            of_method = [row for row in rows if row["method"] == method]
            if failed or not of_method:
                sentences.append(f"{label(method, place[1])}: {failed or 'not trained'}")
                continue
            epochs, values = by_epoch(of_method, ERROR)
            before = [row for row in rows if row["method"] == METHODS[method].starts_from]
            line = "--" if before else "-"
            marker = {"marker": METHODS[method].marker, "markersize": style.marker_size(method, 3)}
            looks[method] = {"color": style.colour(method), "linestyle": line, **marker}
            drawn = dict(looks[method])
            started, there = by_epoch(before, ERROR)
            if len(started) and len(there) == len(values):
                # It goes on from where stage 2 ended, seed by seed.
                epochs = np.concatenate([started[-1:], epochs + len(started)])
                values = np.concatenate([there[:, -1:], values], axis=1)
                drawn["markevery"] = (1, 1)  # that point has the marker of stage 2
            _band(pair, epochs, values, drawn)
            backbones[method].append(BACKBONES[place[1]].label)
        pair.set_title(title)
        pair.set_xlabel("epoch")
        pair.set_ylim(0, 100)
        pair.grid()
        if sentences:
            style.says(pair, "\n".join(sentences), falling=True)
    axes[0].set_ylabel("training top-1 error, %")
    handles = [
        Line2D([], [], label=METHODS[word].named(" / ".join(dict.fromkeys(backbones[word]))), **look)
        for word, look in looks.items()
    ]
    figure.legend(handles=handles, loc="outside lower center", ncols=3, title=style.SPREAD)
    return figure


@style.settings()
def auto_encoders(results: Path) -> Figure:
    """Loss and PSNR of stage 1 by epoch, a line a data set."""
    figure = style.new(style.PAGE_WIDTH, 2.6)
    axes = figure.subplots(1, len(OF_STAGE_1))
    sentences = []
    for dataset, (colour, line) in DATASETS.items():
        file = results / "curves" / f"{dataset}-wae.csv"
        if not file.exists() and dataset != "objects":
            sentences.append(f"{dataset}: not trained")
            continue
        failed = style.failures(paths.read_json(results / "reconstruction" / f"{dataset}.json")["runs"])
        if failed:
            sentences.append(f"{dataset}: {failed}")
            continue
        rows = read_rows(file)
        for pair, quantity in zip(axes, OF_STAGE_1, strict=True):
            _band(pair, *by_epoch(rows, quantity), {"color": colour, "linestyle": line}, dataset)
    for pair, upward in zip(axes, OF_STAGE_1.values(), strict=True):
        pair.set_xlabel("epoch")
        pair.set_ylabel(upward)
        pair.xaxis.get_major_locator().set_params(integer=True)
        pair.grid()
    axes[0].set_yscale("log")
    axes[0].yaxis.set_major_formatter(ScalarFormatter())
    axes[0].yaxis.set_minor_formatter(LogFormatter(labelOnlyBase=False, minor_thresholds=(2, 0.4)))
    if pair.get_lines():
        figure.legend(
            *pair.get_legend_handles_labels(),
            loc="outside lower center",
            ncols=2,
            title=style.SPREAD,
        )
    if sentences:
        style.says(axes[0], "\n".join(sentences))
    return figure


def _file(place: Place) -> str:
    return f"{'-'.join(place)}.csv"


def _band(
    pair: Axes, epochs: np.ndarray, values: np.ndarray, look: Mapping[str, Any], label: str | None = None
) -> None:
    """The mean over seeds, (seeds, epochs), in a band from the least to the greatest."""
    pair.plot(epochs, values.mean(axis=0), linewidth=1.2, label=label, **look)
    pair.fill_between(epochs, values.min(axis=0), values.max(axis=0), color=look["color"], alpha=0.15, linewidth=0)
