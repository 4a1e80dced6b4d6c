"""What all figures have in common: width, colours and text, how they say what is lacking, and how they are saved."""

import textwrap
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from PIL import Image

from study.settings import paths
from study.settings.methods import METHODS, evaluated

# By the words of study.settings.rows; different for colour-blind eyes too (Okabe and Ito 2008).
COLOURS = {
    "black": "#000000",
    "blue": "#0072B2",
    "red": "#D55E00",
    "green": "#009E73",
    "pink": "#CC79A7",
    "orange": "#E69F00",
    "sky": "#56B4E9",
    "grey": "#777777",
}
PAGE_WIDTH = 6.3  # inches: the text of a page, on which a point is a point
SMALL = 7  # points, the least
LINE = 34  # characters of a sentence in a panel, before it goes on below
NARROW = 22  # of one above falling lines
DOTS_PER_INCH = 160
SETTINGS: dict[Any, Any] = {
    "svg.hashsalt": "study",  # the same names inside the file at every run
    "font.size": 8,
    "axes.titlesize": 8,
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "grid.color": "0.9",
    "grid.linewidth": 0.6,
    "legend.fontsize": 7.5,
    "legend.title_fontsize": SMALL,
    "legend.frameon": False,
}
SPREAD = "mean over seeds, in a band from the least to the greatest"


@contextmanager
def settings() -> Iterator[None]:
    """A context in which a figure is made or saved."""
    with matplotlib.rc_context(SETTINGS):
        yield


def colour(row: str) -> str:
    """The colour of a row."""
    return COLOURS[METHODS[row].colour]


def marker_size(row: str, points: float) -> float:
    """The size of a row's marker, where others have so many points: a star has less ink."""
    return points * 1.5 if METHODS[row].marker == "*" else points


def main_rows(dataset: str, backbone: str) -> list[str]:
    """The paper's rows but for pruned ones: few enough for lines beside one another."""
    return [word for word in evaluated(dataset, backbone) if METHODS[word].in_paper and not METHODS[word].criterion]


def new(width: float, height: float) -> Figure:
    """An empty figure, in inches. It belongs to no window, so nothing needs to be closed."""
    return Figure(figsize=(width, height), layout="constrained")


def says(axes: Axes, text: str, falling: bool = False) -> None:
    """Words in the middle of axes, where something could not be drawn, or at the foot of those that hold lines; at the
    top where those fall."""
    across, up, side, align = (0.98, 0.98, "right", "top") if falling else (0.5, 0.03, "center", "bottom")
    if not axes.lines:
        across, up, side, align = 0.5, 0.5, "center", "center"
    lines = [textwrap.fill(line, NARROW if falling else LINE) for line in text.splitlines()]
    written = axes.text(
        across, up, "\n".join(lines), ha=side, va=align, fontsize=SMALL, transform=axes.transAxes,
        bbox={"facecolor": "white", "alpha": 0.8, "linewidth": 0},
    )  # fmt: skip
    written.set_in_layout(False)  # a long reason does not shrink the axes


def photographs(figure: Figure) -> list[tuple[float, float, float, float]]:
    """Where a drawn figure holds photographs or channels: left, top, right, bottom, in shares of width and height."""
    found = []
    for axes in figure.axes:
        if axes.images:
            box = axes.get_position()
            found.append((box.x0, 1 - box.y1, box.x1, 1 - box.y0))
    return [(round(left, 4), round(top, 4), round(right, 4), round(bottom, 4)) for left, top, right, bottom in found]


def picture(axes: Axes, values: np.ndarray) -> None:
    """A grey image of values in [0, 1], or a coloured one (height, width, 3) in uint8, without ticks."""
    # A pixel stays a pixel, inside an SVG too.
    axes.imshow(values, cmap="gray", vmin=0, vmax=1, interpolation="none")
    axes.set(xticks=[], yticks=[])
    axes.spines[:].set_visible(False)


def failures(runs: Sequence[Mapping[str, Any]]) -> str:
    """Why runs of one network left no weights, and which seeds; "" where all left some."""
    seeds: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for run in runs:
        if run["outcome"] != "trained":
            seeds[run["outcome"], run["reason"]].append(str(run["seed"]))
    return "; ".join(
        f"seed{'s' if len(of) > 1 else ''} {', '.join(of)} {outcome}: {reason}"
        for (outcome, reason), of in seeds.items()
    )


def save(figure: Figure, file: Path) -> None:
    """Write a figure as PNG, in 256 colours, or as SVG, by the file's ending: the same bytes for the same figure."""
    with settings():
        content = BytesIO()
        if file.suffix == ".svg":
            figure.savefig(content, format="svg", metadata={"Date": None})
        else:
            drawn = BytesIO()
            figure.savefig(drawn, format="png", dpi=DOTS_PER_INCH)
            with Image.open(drawn) as image:
                few = image.convert("RGB").quantize(256, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
                few.save(content, "png", optimize=True)
    paths.write_bytes(file, content.getvalue())
