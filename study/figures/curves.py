"""Training curves: the error of the classifiers by epoch, and loss and PSNR of the auto-encoder of stage 1."""

import csv
from collections import defaultdict
from errno import ENOENT
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import LogFormatter, ScalarFormatter

from study.figures import style
from study.settings import paths
from study.settings.methods import TRAINED

ERROR = "top1_error_percent"
CONTINUES = {"wae_cnn": "wae_cnn_frozen"}  # stage 3 goes on where stage 2 ended
PLACES = {
    ("objects", "vgg16"): "objects, VGG16",
    ("objects", "resnet50"): "objects, ResNet-50",
    ("faces", "vgg16"): "faces, VGG16",
}
DATASETS = {"objects": (style.BLUE, "-"), "faces": (style.RED, "--")}
OF_STAGE_1 = {"loss": "transform loss (Eq. 5)", "psnr_db": "PSNR of training images, dB"}

Rows = list[dict[str, str]]


def read_rows(file: Path) -> Rows:
    """The rows of a CSV file; none for an empty one, which a failed training leaves."""
    with open(file, newline="", encoding="utf-8") as text:
        return list(csv.DictReader(text))


def by_epoch(rows: Rows, quantity: str) -> tuple[np.ndarray, np.ndarray]:
    """Epochs that every seed of the rows has reached, and the quantity (seeds, epochs)."""
    seeds = defaultdict(list)
    for row in rows:
        seeds[row["seed"]].append(float(row[quantity]))
    length = min((len(values) for values in seeds.values()), default=0)
    return np.arange(1, length + 1), np.array([values[:length] for values in seeds.values()])


@style.settings()
def classifiers(results: Path) -> Figure:
    """Training error by epoch of the main methods, a panel for each data set and backbone that was evaluated."""
    places = {place: title for place, title in PLACES.items() if (results / "curves" / _file(place)).exists()}
    if not places:
        raise FileNotFoundError(ENOENT, "no training curves", results / "curves")
    figure = style.new(style.PAGE_WIDTH, 3.0)
    axes = figure.subplots(1, len(places), sharey=True, squeeze=False)[0]
    drawn = set()
    for pair, (place, title) in zip(axes, places.items(), strict=True):
        rows = read_rows(results / "curves" / _file(place))
        runs = paths.read_json(results / "evaluation" / f"{'-'.join(place)}.json")["runs"]
        sentences = []
        for method in (method for method in style.METHODS if method in TRAINED[place]):
            label, colour, _ = style.METHODS[method]
            failed = style.failures([run for run in runs if run["method"] == method])
            of_method = [row for row in rows if row["method"] == method]
            if failed or not of_method:
                sentences.append(f"{label}: {failed or 'not trained'}")
                continue
            epochs, values = by_epoch(of_method, ERROR)
            before = [row for row in rows if row["method"] == CONTINUES.get(method)]
            _band(pair, epochs + len(by_epoch(before, ERROR)[0]), values, colour, "--" if before else "-")
            drawn.add(method)
        pair.set_title(title)
        pair.set_xlabel("epoch")
        pair.set_ylim(0, 100)
        pair.grid()
        if sentences:
            style.says(pair, "\n".join(sentences))
    axes[0].set_ylabel("training top-1 error, %")
    figure.legend(
        handles=[
            Line2D([], [], color=colour, linestyle="--" if method in CONTINUES else "-", label=label)
            for method, (label, colour, _) in style.METHODS.items()
            if method in drawn
        ],
        loc="outside lower center",
        ncols=3,
        title=style.SPREAD,
    )
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
            _band(pair, *by_epoch(rows, quantity), colour, line, dataset)
    for pair, label in zip(axes, OF_STAGE_1.values(), strict=True):
        pair.set_xlabel("epoch")
        pair.set_ylabel(label)
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


def _file(place: tuple[str, str]) -> str:
    return f"{'-'.join(place)}.csv"


def _band(pair: Axes, epochs: np.ndarray, values: np.ndarray, colour: str, line: str, label: str | None = None) -> None:
    """The mean over seeds in a band from the least to the greatest."""
    pair.plot(epochs, values.mean(axis=0), color=colour, linestyle=line, linewidth=1.2, label=label)
    pair.fill_between(epochs, values.min(axis=0), values.max(axis=0), color=colour, alpha=0.15, linewidth=0)
