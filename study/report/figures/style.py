"""What all figures have in common: colours, sizes, and how they are saved."""

from pathlib import Path

import matplotlib
from matplotlib.figure import Figure

# Told apart with colour-blind eyes too (Okabe and Ito 2008).
BLACK, BLUE, RED, GREEN, PINK, ORANGE, SKY = (
    "#000000",
    "#0072B2",
    "#D55E00",
    "#009E73",
    "#CC79A7",
    "#E69F00",
    "#56B4E9",
)
PAGE_WIDTH = 7.2  # inches
SETTINGS = {
    "svg.hashsalt": "study",  # the same names inside the file at every run
    "font.size": 9,
    "axes.titlesize": 9,
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "grid.color": "0.9",
    "grid.linewidth": 0.6,
    "legend.frameon": False,
}


def settings():
    """A context in which a figure is made or saved."""
    return matplotlib.rc_context(SETTINGS)


def new(width: float, height: float) -> Figure:
    """An empty figure, in inches. It belongs to no window, so nothing needs to be closed."""
    return Figure(figsize=(width, height), layout="constrained")


def says(axes, text: str) -> None:
    """Empty axes that say why they are empty."""
    axes.text(0.5, 0.5, text, ha="center", va="center", wrap=True, transform=axes.transAxes)
    axes.set_axis_off()


def save(figure: Figure, file: Path) -> None:
    """Write file.png and file.svg, the same bytes for the same figure."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with settings():
        figure.savefig(file.with_suffix(".png"), dpi=150, metadata={"Software": None})
        figure.savefig(file.with_suffix(".svg"), metadata={"Date": None})
