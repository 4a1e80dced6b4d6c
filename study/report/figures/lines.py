"""Curves: spectra of the channels, training by epoch, accuracy by the variance of noise."""

import csv
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from study.report.figures import style
from study.report.measured import Key, Measured

# Of every signal of spectra.csv: its label, colour and dashes.
SIGNALS = {
    "image": ("$I$", style.BLACK, "-"),
    "wavelet low": ("cA of the 9/7 wavelet", style.BLUE, "-"),
    "auto_encoder low": ("$I_L$, stage 1", style.RED, "-"),
    "auto_encoder high": ("$I_H$, stage 1", style.RED, "--"),
    "ours low": ("$I_L$, fine-tuned", style.GREEN, "-"),
    "ours high": ("$I_H$, fine-tuned", style.GREEN, "--"),
    "decomposition low": ("low of Decomposition+CNN", style.PINK, "-"),
    "decomposition high": ("high of Decomposition+CNN", style.PINK, "--"),
}
# Methods whose training is drawn, and those of the noise experiment: label, colour, dashes.
METHODS = {
    "standard": ("full network", style.BLACK, "-"),
    "half": ("half resolution", style.BLACK, ":"),
    "wavelet": ("Wavelet+CNN", style.BLUE, "-"),
    "decomposition": ("Decomposition+CNN", style.PINK, "-"),
    "ours_fixed": ("ours, stage 2", style.RED, "--"),
    "ours": ("ours", style.RED, "-"),
}
AFTER = {"ours": "ours_fixed"}  # whose epochs come before


def rows(file: Path) -> list[dict[str, str]]:
    """The lines of a CSV file."""
    with open(file, newline="", encoding="utf-8") as text:
        return list(csv.DictReader(text))


def spectra(lines: list[dict[str, str]]) -> Figure:
    """Power by frequency, mean and range over seeds; `lines` are those of spectra.csv."""
    with style.settings():
        figure = style.new(style.PAGE_WIDTH, 3.6)
        axes = figure.subplots()
        for signal, (label, colour, dashes) in SIGNALS.items():
            chosen = [line for line in lines if line["signal"] == signal]
            _spread(axes, ((line["cycles_per_pixel"], line["power"]) for line in chosen), label, colour, dashes)
        axes.set(yscale="log", xlabel="frequency, cycles a pixel of the image", ylabel="power spectral density")
        axes.axvline(0.25, color="0.6", linewidth=0.8)
        axes.annotate(
            "limit of half\nthe resolution", (0.255, 0.97), xycoords=("data", "axes fraction"), va="top", fontsize=8
        )
        axes.set_title("Test pictures and their channels: mean and range over seeds")
        axes.grid()
        figure.legend(loc="outside right upper")
    return figure


def training(of_classifiers: list[dict[str, str]], of_auto_encoder: list[dict[str, str]]) -> Figure:
    """Training error by epoch and the auto-encoder's PSNR, mean and range over seeds."""
    with style.settings():
        figure = style.new(style.PAGE_WIDTH, 3.4)
        left, right = figure.subplots(1, 2, width_ratios=(3, 2))
        for method, (label, colour, dashes) in METHODS.items():
            chosen = [line for line in of_classifiers if line["method"] == method]
            before = [int(line["epoch"]) for line in of_classifiers if line["method"] == AFTER.get(method)]
            shift = max(before, default=0)
            points = ((int(line["epoch"]) + shift, line["top1_error_percent"]) for line in chosen)
            _spread(left, points, label, colour, dashes)
        left.set(xlabel="epoch (stage 3 behind stage 2)", ylabel="top-1 error in training, %", ylim=(0, None))
        left.set_title("Classifiers")
        _spread(right, ((line["epoch"], line["psnr_db"]) for line in of_auto_encoder), "", style.RED, "-", marker="o")
        right.set(xlabel="epoch", ylabel="PSNR in training, dB")
        right.set_title("Auto-encoder, stage 1")
        right.xaxis.get_major_locator().set_params(integer=True)
        for axes in (left, right):
            axes.grid()
        figure.legend(loc="outside lower center", ncols=3)
    return figure


def noise(measured: dict[Key, Measured]) -> Figure:
    """Accuracy on faces by the variance of the noise, with 95 % intervals over seeds."""
    with style.settings():
        figure = style.new(style.PAGE_WIDTH, 3.4)
        axes = figure.subplots()
        drawn = 0
        for method, (label, colour, dashes) in METHODS.items():
            points = sorted(
                (float(key[4].removeprefix("V=")), found)
                for key, found in measured.items()
                if key[:4] == ("faces", "vgg16", method, "accuracy_percent")
                and key[4].startswith("V=")
                and found.value is not None
            )
            if points and method != "ours_fixed":
                across = [variance for variance, _ in points]
                ends = [found.intervals.get("seeds", (found.value, found.value)) for _, found in points]
                axes.plot(across, [found.value for _, found in points], dashes, color=colour, marker="o", label=label)
                low, high = np.array(ends).T
                axes.fill_between(across, low, high, color=colour, alpha=0.15, linewidth=0)
                drawn += 1
        axes.set(xlabel="variance V of the noise, pixels in [0, 1]", ylabel="accuracy, %", ylim=(0, 100))
        axes.set_title("Faces with Gaussian noise: mean and 95 % interval over seeds")
        axes.grid()
        if drawn:
            figure.legend(loc="outside right upper")
        else:
            style.says(axes, "not measured")
    return figure


def _spread(axes: Axes, points: Iterable[tuple], label: str, colour: str, dashes: str, marker: str = "") -> None:
    """The mean of the values at each place, and a band from the smallest to the largest."""
    at = defaultdict(list)
    for place, value in points:
        at[float(place)].append(float(value))
    if at:
        across = sorted(at)
        axes.plot(across, [np.mean(at[x]) for x in across], dashes, color=colour, label=label, marker=marker)
        low, high = ([end(at[x]) for x in across] for end in (min, max))
        axes.fill_between(across, low, high, color=colour, alpha=0.15, linewidth=0)
