"""What the decomposers make of a photograph (Figs. 3 and 4 of the paper, and the 9/7 bands beside learned channels)."""

from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from study import paths
from study.report.figures import style

SHARE = 98  # percentile of a channel that fills the range of grey: the rest is border
LACKING = "not trained, or diverged"


def stored(results: Path) -> tuple[dict, dict[str, np.ndarray]]:
    """channels.json, and the arrays of channels.npz: photographs (3, side, side) and channels at half the side."""
    folder = results / "channels"
    with np.load(folder / "channels.npz") as arrays:
        return paths.read_json(folder / "channels.json"), {name: arrays[name].astype(np.float64) for name in arrays}


def reconstruction(found: dict, arrays: dict[str, np.ndarray]) -> Figure:
    """Photograph, I_L, I_H, reconstruction and its error, by the auto-encoder of stage 1 (Fig. 4)."""
    names = found["photographs"]
    with style.settings():
        figure = style.new(style.PAGE_WIDTH, 1.6 * len(names))
        for row, name in zip(figure.subplots(len(names), 5, squeeze=False), names, strict=True):
            image, back = arrays[f"{name}.image"], arrays.get(f"{name}.reconstruction")
            low, high = arrays.get(f"{name}.auto_encoder.low"), arrays.get(f"{name}.auto_encoder.high")
            _picture(row[0], image, f"{_words(name)}: $I$")
            _low(row[1], low, image, "$I_L$")
            _high(row[2], high, "$I_H$")
            quality = found["quality"].get(name)
            title = f"$I'$: {quality['psnr_db']:.1f} dB, SSIM {quality['ssim']:.3f}" if quality else "$I'$"
            _picture(row[3], back, title)
            error = None if back is None else np.abs(image - back).mean(axis=0)
            _map(row[4], error, "$|I - I'|$")
    return figure


def decompositions(found: dict, arrays: dict[str, np.ndarray]) -> Figure:
    """Channels of Decomposition+CNN beside those of our fine-tuned network (Fig. 3)."""
    names = found["photographs"]
    with style.settings():
        figure = style.new(style.PAGE_WIDTH, 1.6 * len(names))
        for row, name in zip(figure.subplots(len(names), 5, squeeze=False), names, strict=True):
            image = arrays[f"{name}.image"]
            _picture(row[0], image, f"{_words(name)}: $I$")
            for place, method, label in ((1, "decomposition", "Decomp."), (3, "ours", "ours")):
                _low(row[place], arrays.get(f"{name}.{method}.low"), image, f"{label}, low")
                _high(row[place + 1], arrays.get(f"{name}.{method}.high"), f"{label}, high")
    return figure


def bands(found: dict, arrays: dict[str, np.ndarray]) -> Figure:
    """The four bands of the 9/7 wavelet beside the two channels of stage 1."""
    name = found["photographs"][0]
    image = arrays[f"{name}.image"]
    high = arrays.get(f"{name}.wavelet.high")
    with style.settings():
        figure = style.new(style.PAGE_WIDTH, 1.45)
        axes = figure.subplots(1, 6)
        _low(axes[0], arrays.get(f"{name}.wavelet.low"), image, "cA")
        for place, band in enumerate(("cH", "cV", "cD")):
            _high(axes[place + 1], None if high is None else high[3 * place : 3 * place + 3], band)
        _low(axes[4], arrays.get(f"{name}.auto_encoder.low"), image, "$I_L$")
        _high(axes[5], arrays.get(f"{name}.auto_encoder.high"), "$I_H$")
    return figure


def _picture(axes: Axes, picture: np.ndarray | None, title: str) -> None:
    """A picture (3, side, side) of values in [0, 1], as it is."""
    _bare(axes, title)
    if picture is None:
        return style.says(axes, LACKING)
    axes.imshow(np.clip(picture, 0, 1).transpose(1, 2, 0))
    return None


def _low(axes: Axes, channel: np.ndarray | None, image: np.ndarray, title: str) -> None:
    """A low channel. Each of its maps is stretched to the range of what can be shown, dark where the image is dark: a
    learned map may be its negative."""
    if channel is None:
        return _picture(axes, None, title)
    small = image.reshape(3, channel.shape[1], 2, channel.shape[2], 2).mean(axis=(0, 2, 4))
    shown = []
    for values in channel:
        values = values if np.sum((values - values.mean()) * (small - small.mean())) >= 0 else -values
        low, high = np.percentile(values, [100 - SHARE, SHARE])
        shown.append((values - low) / max(high - low, 1e-12))
    return _picture(axes, np.stack(shown), title)


def _high(axes: Axes, channel: np.ndarray | None, title: str) -> None:
    """A high channel without the means of its maps, around grey, amplified by the factor in its title."""
    if channel is None:
        return _picture(axes, None, title)
    around = channel - channel.mean(axis=(1, 2), keepdims=True)
    largest = np.percentile(np.abs(around), SHARE)
    factor = 0.5 / largest if largest > 0 else 1.0
    return _picture(axes, 0.5 + factor * around, f"{title}, x{factor:.2g}")


def _map(axes: Axes, values: np.ndarray | None, title: str) -> None:
    """A map (side, side) of values from 0, dark, to a percentile, bright."""
    if values is None:
        return _picture(axes, None, title)
    bright = np.percentile(values, SHARE)
    _bare(axes, f"{title}, to {bright:.2f}")
    axes.imshow(values, cmap="cividis", vmin=0, vmax=bright)
    return None


def _words(name: str) -> str:
    return name.rpartition("_")[2]


def _bare(axes: Axes, title: str) -> None:
    axes.set_title(title, fontsize=7.5)
    axes.set(xticks=[], yticks=[])
    for side in axes.spines.values():
        side.set_visible(False)
