"""Photographs and their channels: both learned decompositions, the reconstruction of stage 1, the 9/7 wavelet."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from study.figures import style
from study.settings import paths
from study.settings.arrays import read_archive
from study.settings.methods import label

BACKBONE = "vgg16"
AUTO_ENCODER = "auto_encoder"
NAMES = {
    AUTO_ENCODER: "auto-encoder after stage 1",
    "decomposition_cnn": label("decomposition_cnn", BACKBONE),
    "wae_cnn": label("wae_cnn", BACKBONE),
}
FOLDER = "channels"


def stored(results: Path) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """What the stage `channels` left: its numbers and its arrays."""
    return paths.read_json(results / FOLDER / "channels.json"), read_archive(results / FOLDER / "channels.npz")


@style.settings()
def decompositions(info: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> Figure:
    """All planes of both channels of both networks, a block a network, a row a photograph (the paper's Figure 3)."""
    photographs = arrays["photograph"]
    sheet = _Sheet(blocks=2, rows=len(photographs), columns=[1, 3, 3], head=0.18)
    for block, network in enumerate(("decomposition_cnn", "wae_cnn")):
        sheet.name(block, _title(info, network))
        if f"{network}.low" not in arrays:
            sheet.say(block, _why(info, network))
            continue
        low, high = (_amplified(arrays, info, f"{network}.{name}") for name in ("low", "high"))
        sheet.head(block, 0, "photograph")
        for group, (symbol, name) in enumerate((("$I_L$", "low"), ("$I_H$", "high")), start=1):
            sheet.head(block, group, f"{symbol}, its three planes, {_factor(info, f'{network}.{name}')}")
        for row, photograph in enumerate(photographs):
            style.picture(sheet.place(block, row, 0), photograph / 255)
            for plane in range(3):
                style.picture(sheet.place(block, row, 1, plane), low[row, plane])
                style.picture(sheet.place(block, row, 2, plane), high[row, plane])
    return sheet.figure


@style.settings()
def reconstruction(info: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> Figure:
    """Photograph, one plane of I_L and I_H, reconstruction and its error, with PSNR and SSIM (the paper's Figure 4)."""
    network, photographs = AUTO_ENCODER, arrays["photograph"]
    sheet = _Sheet(blocks=1, rows=len(photographs), columns=[1, 1, 1, 1, 1], foot=0.16)
    sheet.name(0, _title(info, network))
    if f"{network}.low" not in arrays:
        sheet.say(0, _why(info, network))
        return sheet.figure
    low, high = (_amplified(arrays, info, f"{network}.{name}") for name in ("low", "high"))
    error = 0.5 + info["amplification"][f"{network}.error"] * arrays[f"{network}.error"].astype(float)
    chosen = [_largest(arrays[f"{network}.{name}"]) for name in ("low", "high")]
    heads = (
        "photograph $I$",
        f"$I_L$, plane {chosen[0] + 1} of 3,\n{_factor(info, f'{network}.low')}",
        f"$I_H$, plane {chosen[1] + 1} of 3,\n{_factor(info, f'{network}.high')}",
        "reconstruction $I'$",
        f"$I' - I$, mean of colours,\n{_factor(info, f'{network}.error')}",
    )
    for column, text in enumerate(heads):
        sheet.head(0, column, text)
    run = next(run for run in info["runs"] if (run["network"], run["seed"]) == (network, info["seed_of_the_pictures"]))
    for row, name in enumerate(info["photographs"]):
        shown = (
            photographs[row] / 255, low[row, chosen[0]], high[row, chosen[1]],
            arrays[f"{network}.reconstructed"][row], error[row],
        )  # fmt: skip
        for column, values in enumerate(shown):
            style.picture(sheet.place(0, row, column), values)
        numbers = run["photographs"][name]
        below = sheet.place(0, row, 3)
        below.set_xlabel(f"{numbers['psnr_db']:.1f} dB, SSIM {numbers['ssim']:.3f}", fontsize=style.SMALL, labelpad=2)
    return sheet.figure


@style.settings()
def bands(info: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> Figure:
    """The bands of CDF 9/7 and one plane of each learned channel of the same photographs."""
    network, photographs = AUTO_ENCODER, arrays["photograph"]
    bands = ("cA", "cH", "cV", "cD")
    sheet = _Sheet(blocks=1, rows=len(photographs), columns=[1, 4, 2])
    sheet.name(0, f"CDF 9/7 wavelet beside the {_title(info, network)}")
    sheet.head(0, 0, "photograph")
    shown = {band: _amplified(arrays, info, band) for band in bands}
    for place, band in enumerate(bands):
        sheet.head(0, 1, f"{band}/2,\n{_factor(info, band)}", place)
        for row in range(len(photographs)):
            style.picture(sheet.place(0, row, 0), photographs[row] / 255)
            style.picture(sheet.place(0, row, 1, place), shown[band][row])
    for place, (symbol, name) in enumerate((("$I_L$", "low"), ("$I_H$", "high"))):
        key = f"{network}.{name}"
        if key not in arrays:
            sheet.say(0, _why(info, network), group=2)
            break
        plane = _largest(arrays[key])
        sheet.head(0, 2, f"{symbol}, plane {plane + 1},\n{_factor(info, key)}", place)
        for row, planes in enumerate(_amplified(arrays, info, key)):
            style.picture(sheet.place(0, row, 2, place), planes[plane])
    return sheet.figure


def _amplified(arrays: Mapping[str, np.ndarray], info: Mapping[str, Any], name: str) -> np.ndarray:
    """Planes as grey values: their mean is middle grey, deviations from it are amplified by the stated factor."""
    planes = arrays[name].astype(float)
    factor: float = info["amplification"][name]
    deviations: np.ndarray = planes - planes.mean(axis=(-2, -1), keepdims=True)
    return 0.5 + factor * deviations


def _factor(info: Mapping[str, Any], name: str) -> str:
    return f"amplified ×{info['amplification'][name]:g}"


def _title(info: Mapping[str, Any], network: str) -> str:
    return f"{NAMES[network]}, scale {info['scale']}, seed {info['seed_of_the_pictures']}"


def _largest(planes: np.ndarray) -> int:
    """Number of the plane that varies most, over all photographs; (photographs, planes, height, width)."""
    return int(planes.astype(float).var(axis=(-2, -1)).mean(axis=0).argmax())


def _why(info: Mapping[str, Any], network: str) -> str:
    """Why there are no images of a network."""
    runs = [run for run in info["runs"] if (run["network"], run["seed"]) == (network, info["seed_of_the_pictures"])]
    return f"no channels: {style.failures(runs) or 'not run'}"


class _Sheet:
    """Square images in rows and in groups of columns, in blocks one above another; all sizes in inches."""

    GAP, BETWEEN, EDGE = 0.03, 0.12, 0.03
    TITLE = 0.17  # above a block

    def __init__(self, blocks: int, rows: int, columns: list[int], foot: float = 0.0, head: float = 0.31) -> None:
        self.rows, self.columns, self.foot, self.above = rows, columns, foot, self.TITLE + head
        free = style.PAGE_WIDTH - 2 * self.EDGE - self.BETWEEN * (len(columns) - 1)
        self.side = (free - self.GAP * sum(one - 1 for one in columns)) / sum(columns)
        self.block = self.above + rows * (self.side + self.GAP + foot)
        self.height = blocks * self.block + self.EDGE
        self.figure = Figure(figsize=(style.PAGE_WIDTH, self.height))
        self.axes: dict[tuple[int, int, int, int], Axes] = {}

    def _left(self, group: int, place: int = 0) -> float:
        before = sum(one * (self.side + self.GAP) - self.GAP for one in self.columns[:group])
        return self.EDGE + before + group * self.BETWEEN + place * (self.side + self.GAP)

    def _add(self, left: float, top: float, width: float, height: float) -> Axes:
        across, up = style.PAGE_WIDTH, self.height
        return self.figure.add_axes((left / across, 1 - (top + height) / up, width / across, height / up))

    def place(self, block: int, row: int, group: int, place: int = 0) -> Axes:
        """Where one image stands."""
        key = block, row, group, place
        if key not in self.axes:
            top = block * self.block + self.above + row * (self.side + self.GAP + self.foot)
            self.axes[key] = self._add(self._left(group, place), top, self.side, self.side)
        return self.axes[key]

    def name(self, block: int, text: str) -> None:
        """The title of a block."""
        self._write(self.EDGE, block * self.block + self.TITLE, text[:1].upper() + text[1:], weight="bold")

    def head(self, block: int, group: int, text: str, place: int = 0) -> None:
        """What stands in a column, or from a column on."""
        self._write(self._left(group, place), block * self.block + self.above - 0.03, text)

    def _write(self, left: float, bottom: float, text: str, weight: str = "normal") -> None:
        self.figure.text(
            left / style.PAGE_WIDTH, 1 - bottom / self.height, text, va="bottom", fontsize=style.SMALL, weight=weight
        )

    def say(self, block: int, text: str, group: int = 0) -> None:
        """A sentence in the place of a block's images, from a group of columns on."""
        left = self._left(group)
        height = self.rows * (self.side + self.GAP + self.foot)
        pair = self._add(left, block * self.block + self.above, style.PAGE_WIDTH - left - self.EDGE, height)
        pair.set_axis_off()
        style.says(pair, text)
