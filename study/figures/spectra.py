"""Radially averaged power of photographs and of their channels, on one axis of frequency."""

import csv
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from study.figures import channels, style
from study.settings import paths

# By channel: label, colour and line.
LINES = {
    "image": ("image $I$", style.COLOURS["black"], "-"),
    "cA": ("cA/2", style.COLOURS["blue"], "-"),
    "cH": ("cH/2", style.COLOURS["red"], "--"),
    "cV": ("cV/2", style.COLOURS["green"], ":"),
    "cD": ("cD/2", style.COLOURS["pink"], "-."),
    "low": ("$I_L$", style.COLOURS["blue"], "-"),
    "high": ("$I_H$", style.COLOURS["red"], "--"),
}
PANELS = {"wavelet_cnn": "CDF 9/7 wavelet", **channels.NAMES}

# By (network, channel): frequencies in cycles/pixel, and the power of every seed (seeds, frequencies).
Spectra = dict[tuple[str, str], tuple[np.ndarray, np.ndarray]]


def stored(results: Path) -> tuple[dict[str, Any], Spectra]:
    """What the stage `channels` left: its numbers and its spectra."""
    rows: defaultdict[tuple[str, str], defaultdict[str, list[tuple[float, float]]]]
    rows = defaultdict(lambda: defaultdict(list))
    with open(results / "channels" / "spectra.csv", newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            point = float(row["cycles_per_pixel"]), float(row["power"])
            rows[row["network"], row["channel"]][row["seed"]].append(point)
    spectra = {}
    for key, of_seeds in rows.items():
        points = np.array(list(of_seeds.values()))  # (seeds, frequencies, 2)
        spectra[key] = points[0, :, 0], points[:, :, 1]
    return paths.read_json(results / "channels" / "channels.json"), spectra


@style.settings()
def draw(info: Mapping[str, Any], spectra: Spectra) -> Figure:
    """A panel a decomposition; the image in all of them, up to its Nyquist frequency, channels up to theirs.

    What a channel holds of higher frequencies is folded into its range: the details of the wavelet are.
    """
    figure = style.new(style.PAGE_WIDTH, 4.9)
    axes = figure.subplots(2, 2, sharex=True, sharey=True)
    for pair, (network, title) in zip(axes.ravel(), PANELS.items(), strict=True):
        pair.set_title(title)
        pair.set(yscale="log", xlim=(0, 0.5))
        pair.grid()
        _line(pair, *spectra["image", "image"], *LINES["image"])
        failed = style.failures([run for run in info["runs"] if run["network"] == network])
        if failed:
            # The seeds that came through are the luckier ones: no mean over them.
            style.says(pair, f"no spectra: {failed}")
            continue
        for (of, channel), (frequencies, power) in spectra.items():
            if of == network:
                _line(pair, frequencies, power, *LINES[channel])
        pair.legend(frameon=False, loc="upper right")
    seeds = len({run["seed"] for run in info["runs"]})
    figure.supxlabel(
        f"frequency, cycles/pixel of the image\n(mean over {info['spectra_over_pictures']:,} test images, scale "
        f"{info['scale']}; geometric mean of {seeds} seeds,\nin a band from the least to the greatest)",
        fontsize=8,
    )
    figure.supylabel("power density, (value · pixel)²", fontsize=8)
    return figure


def _line(pair: Axes, frequencies: np.ndarray, power: np.ndarray, label: str, colour: str, line: str) -> None:
    """The geometric mean over seeds, since encoders differ in scale, in a band from the least to the greatest."""
    pair.plot(frequencies, np.exp(np.log(power).mean(axis=0)), color=colour, linestyle=line, label=label)
    if len(power) > 1:
        pair.fill_between(frequencies, power.min(axis=0), power.max(axis=0), color=colour, alpha=0.15, linewidth=0)
