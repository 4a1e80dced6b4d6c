"""What all figures have in common: width, colours and text, how they say what is lacking, and how they are saved."""

import textwrap
from collections import defaultdict
from pathlib import Path

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

# Told apart with colour-blind eyes too (Okabe and Ito 2008).
BLACK, BLUE, RED, GREEN, PINK, ORANGE, SKY, GREY = (
    "#000000",
    "#0072B2",
    "#D55E00",
    "#009E73",
    "#CC79A7",
    "#E69F00",
    "#56B4E9",
    "#777777",
)
PAGE_WIDTH = 6.3  # inches: the text of a page, on which a point is a point
SMALL = 7  # points, the least
LINE = 34  # characters of a sentence in a panel, before it goes on below
DOTS_PER_INCH = 160
SETTINGS = {
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
# Label, colour and marker where only these methods are drawn.
METHODS = {
    "full": ("full network", BLACK, "o"),
    "half": ("half resolution", GREY, "s"),
    "wavelet_cnn": ("Wavelet+CNN", SKY, "^"),
    "decomposition_cnn": ("Decomposition+CNN", BLUE, "v"),
    "wae_cnn_frozen": ("ours, stage 2", ORANGE, "D"),
    "wae_cnn": ("wae_cnn", RED, "*"),
}
SPREAD = "mean over seeds, in a band from the least to the greatest"


def settings():
    """A context in which a figure is made or saved."""
    return matplotlib.rc_context(SETTINGS)


def new(width: float, height: float) -> Figure:
    """An empty figure, in inches. It belongs to no window, so nothing needs to be closed."""
    return Figure(figsize=(width, height), layout="constrained")


def says(axes: Axes, text: str) -> None:
    """Words in the middle of axes, where something could not be drawn."""
    lines = [textwrap.fill(line, LINE) for line in text.splitlines()]
    written = axes.text(
        0.5, 0.5, "\n".join(lines), ha="center", va="center", fontsize=SMALL, transform=axes.transAxes,
        bbox={"facecolor": "white", "alpha": 0.8, "linewidth": 0},
    )  # fmt: skip
    written.set_in_layout(False)  # a long reason does not shrink the axes


def picture(axes: Axes, values: np.ndarray) -> None:
    """A grey picture of values in [0, 1], or a coloured one (height, width, 3) in uint8, without ticks."""
    # A pixel stays a pixel, also inside an SVG.
    axes.imshow(values, cmap="gray", vmin=0, vmax=1, interpolation="none")
    axes.set(xticks=[], yticks=[])
    axes.spines[:].set_visible(False)


def failures(runs: list[dict]) -> str:
    """Why runs of one network left no weights, and which seeds; "" where all left some."""
    seeds = defaultdict(list)
    for run in runs:
        if run["outcome"] != "trained":
            seeds[run["outcome"], run["reason"]].append(str(run["seed"]))
    return "; ".join(
        f"seed{'s' if len(of) > 1 else ''} {', '.join(of)} {outcome}: {reason}"
        for (outcome, reason), of in seeds.items()
    )


def save(figure: Figure, file: Path) -> None:
    """Write file.png and file.svg, the same bytes for the same figure."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with settings():
        figure.savefig(
            file.with_suffix(".png"), dpi=DOTS_PER_INCH, metadata={"Software": None}, pil_kwargs={"optimize": True}
        )
        figure.savefig(file.with_suffix(".svg"), metadata={"Date": None})
