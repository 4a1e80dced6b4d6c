"""The framework (the paper's Figure 1) and the auto-encoder (its Figure 2), from the shapes of the modules themselves.

All places and sizes are in inches; the origin is the lower left corner.
"""

from collections.abc import Mapping, Sequence
from math import sqrt
from typing import Any

from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, Rectangle

from study.figures import style
from study.paper.conventions import GIGA
from study.settings.methods import BACKBONES, label

SHORT = {"convolution": "conv", "deconvolution": "deconv"}
WORK = (*SHORT, "linear")
IMAGE, ENCODER, DECODER, HEAD = "0.85", "#BFDDEF", "#BFE5D8", "#F3D9BF"  # light: black text is read on them
MEGA = 1e6
KEY = (
    "G: billion multiply-adds; M: million parameters. Height of a bar: by side of its maps, or units; width: by "
    "number of maps."
)


# A layer, a network as a list of such blocks, and results/<scale>/architecture.json.
Block = Mapping[str, Any]


def of_part(network: Block, *parts: str) -> list[Block]:
    """The blocks of a stored network that belong to one of the parts: the first words of their names."""
    return [block for block in network["blocks"] if block["name"].startswith(tuple(f"{part}." for part in parts))]


def cost(blocks: Sequence[Block]) -> str:
    """Multiply-adds in billions and parameters in millions, as text."""
    adds, learned = (sum(block[quantity] for block in blocks) for quantity in ("multiply_adds", "parameters"))
    return f"{adds / GIGA:.2f} G, {learned / MEGA:.{2 if learned > MEGA / 10 else 3}f} M"


@style.settings()
def framework(stored: Block) -> Figure:
    """The full network above WAE+CNN: encoder, I_L and I_H, the two streams, their heads, averaged logits.

    A bar is a layer. Its height grows with the square root of the side of its maps, its width with that of their
    number; of a fully connected layer the height grows with the square root of its units.
    """
    of_full, of_wae_cnn = stored["networks"]["full"], stored["networks"]["wae_cnn"]
    paper = _Paper(4.12)
    name, unit = BACKBONES[stored["backbone"]].label, 0.62 / stored["side"]  # inches of an image's pixel
    streams, heads, logits = 2.35, 4.6, 5.5
    full, low, middle, high = 3.5, 2.3, 1.65, 1.0

    def image(left: float, place: float, channels: int, side: int, label: str) -> float:
        """An image at the scale of its side, and its right edge."""
        paper.box(left, place, side * unit, side * unit, IMAGE)
        paper.text(left + side * unit / 2, place - side * unit / 2 - 0.05, f"{label}\n{channels}×{side}²", below=True)
        return left + float(side * unit)

    def stream(place: float, network: Block, part: str, title: str) -> float:
        """The bars of a part's convolutions with what is said of them; where they end."""
        features = of_part(network, part)
        out = features[-1]
        text = f"{title}\n{cost(features)}; out: {out['channels']}×{out['side']}²"
        paper.text(streams, place - (0.36 if place == full else 0.28), text, left=True, below=True)
        return _bars(paper, streams, place, features, ENCODER)

    def head(place: float, network: Block, part: str) -> float:
        layers = [block for block in of_part(network, part) if block["kind"] in WORK]
        units = ", ".join(str(block["channels"]) for block in layers)
        paper.text(
            heads,
            place - (0.36 if place == full else 0.28),
            f"fully connected:\n{units}\n{cost(layers)}",
            left=True,
            below=True,
        )
        return _bars(paper, heads, place, layers, HEAD)

    paper.text(0.05, full + 0.46, f"{name}: {cost(of_full['blocks'])}", left=True, weight="bold")
    first, *_, last = of_part(of_full, "features", "head")
    right = image(0.05, full, first["inputs"], stored["side"], "image")
    paper.arrow(right, full, streams, full)
    paper.arrow(stream(full, of_full, "features", f"{name}"), full, heads, full)
    paper.arrow(head(full, of_full, "head"), full, logits, full)
    paper.text(logits + 0.04, full, f"{last['channels']:,} logits", left=True)

    title = f"{label('wae_cnn', stored['backbone'])}: {cost(of_wae_cnn['blocks'])}"
    paper.text(0.05, low + 0.4, title, left=True, weight="bold")
    encoder = [block for block in of_part(of_wae_cnn, "decomposer") if block["kind"] in WORK]
    right = image(0.05, middle, encoder[0]["inputs"], stored["side"], "image")
    start, end = right + 0.2, right + 0.77
    paper.arrow(right, middle, start, middle)
    paper.box(start, middle, end - start, 0.62, ENCODER)
    paper.text((start + end) / 2, middle, f"encoder\n{len(encoder)} conv")
    paper.text((start + end) / 2, middle - 0.36, cost(encoder).replace(", ", ",\n"), below=True)
    *_, to_low, to_high = encoder
    widths = [of_part(of_wae_cnn, part)[0]["channels"] for part in ("low_features", "high_features")]
    for part, place, symbol, branch, title in (
        ("low_features", low, "$I_L$", to_low, f"low stream: {name}"),
        (
            "high_features",
            high,
            "$I_H$",
            to_high,
            f"high stream: {widths[1] / widths[0]:g} of its channels",
        ),
    ):
        paper.arrow(end, middle, 1.78, place)
        right = image(1.78, place, branch["channels"], branch["side"], symbol)
        paper.arrow(right, place, streams, place)
        after = stream(place, of_wae_cnn, part, title)
        paper.arrow(after, place, heads, place)
        if part == "low_features":
            paper.arrow(after, place, heads, high + 0.12)
    for part, place in (("low_head", low), ("fused_head", high)):
        paper.arrow(
            head(place, of_wae_cnn, part), place, logits + 0.35, middle + (0.14 if place > middle else -0.14), bent=True
        )
    paper.text(logits + 0.04, middle, f"mean of both:\n{last['channels']:,} logits", left=True)
    paper.text(0.05, 0.1, KEY, left=True)
    return paper.figure


@style.settings()
def auto_encoder(stored: Block) -> Figure:
    """Every layer of the auto-encoder: kernel, stride, ReLU, and the channels and side of what comes out."""
    network = stored["networks"]["auto_encoder"]
    paper = _Paper(3.05)
    width, pitch, unit = 0.3, 0.533, 1.08 / stored["side"]
    high, middle, low = 0.6, 1.25, 1.9
    relu = {
        before["name"]
        for before, block in zip(network["blocks"], network["blocks"][1:], strict=False)
        if block["kind"] == "relu"
    }

    def layer(column: float, place: float, channels: int, side: int, text: str, colour: str) -> None:
        left = 0.08 + column * pitch
        paper.box(left, place, width, side * unit, colour)
        paper.text(left + width / 2, place, text, rotation=90)
        paper.text(left + width / 2, place + side * unit / 2 + 0.09, f"{channels}×{side}²")

    def chain(column: int, place: float, blocks: Sequence[Block], colour: str) -> int:
        """Layers one behind another with an arrow into each; the column behind them."""
        for block in (block for block in blocks if block["kind"] in WORK):
            size = f"{SHORT[block['kind']]} {block['kernel']}×{block['kernel']}"
            more = [f"stride {block['stride']}"] * (block["stride"] > 1) + ["ReLU"] * (block["name"] in relu)
            line = "\n".join([size, ", ".join(more)]).strip()
            layer(column, place, block["channels"], block["side"], line, colour)
            arrow(column - 1, place, column, place)
            column += 1
        return column

    def arrow(column: float, place: float, to_column: float, to_place: float) -> None:
        paper.arrow(0.08 + column * pitch + width, place, 0.08 + to_column * pitch, to_place)

    encoder, decoder = of_part(network, "encoder"), of_part(network, "decoder")
    first, last = encoder[0], decoder[-1]
    layer(0, middle, first["inputs"], stored["side"], "image $I$", IMAGE)
    branch = chain(1, middle, of_part(network, "encoder.shared"), ENCODER)
    for place, name, symbol in ((low, "low", "$I_L$"), (high, "high", "$I_H$")):
        block = next(block for block in encoder if block["name"] == f"encoder.to_{name}")
        size = f"conv {block['kernel']}×{block['kernel']}\nstride {block['stride']}"
        layer(branch, place, block["channels"], block["side"], size, ENCODER)
        arrow(branch - 1, middle, branch, place)
        layer(branch + 1, place, block["channels"], block["side"], symbol, IMAGE)
        arrow(branch, place, branch + 1, place)
        end = chain(branch + 2, place, of_part(network, f"decoder.from_{name}"), DECODER)
        arrow(end - 1, place, end, middle + (0.05 if place > middle else -0.05))
    layer(end, middle, last["channels"], last["side"], "sum: $I'$", IMAGE)
    for left, title, blocks in ((0.08, "Encoder", encoder), (0.08 + (branch + 2) * pitch, "Decoder", decoder)):
        learned = sum(block["parameters"] for block in blocks)
        adds = cost(blocks).partition(" G")[0]
        paper.text(
            left, 2.85, f"{title}: {adds} billion multiply-adds,\n{learned:,} parameters", left=True, weight="bold"
        )
    return paper.figure


def _bars(paper: "_Paper", left: float, place: float, blocks: Sequence[Block], colour: str) -> float:
    """Layers as bars side by side from `left` on; the right edge of the last."""
    for block in (block for block in blocks if block["kind"] in WORK):
        linear = block["kind"] == "linear"
        width = 0.08 if linear else 0.0058 * sqrt(block["channels"])
        height = 0.0085 * sqrt(block["channels"]) if linear else 0.04 * sqrt(block["side"])
        paper.box(left, place, width, height, colour)
        left += width + 0.035
    return left - 0.035


class _Paper:
    """A blank page of the usual width on which boxes, arrows and text are put."""

    def __init__(self, height: float) -> None:
        self.figure = Figure(figsize=(style.PAGE_WIDTH, height))
        self.axes = self.figure.add_axes((0, 0, 1, 1))
        self.axes.set(xlim=(0, style.PAGE_WIDTH), ylim=(0, height))
        self.axes.set_axis_off()

    def box(self, left: float, middle: float, width: float, height: float, colour: str) -> None:
        """A filled box, at half its height beside `middle`."""
        self.axes.add_patch(
            Rectangle((left, middle - height / 2), width, height, facecolor=colour, edgecolor="black", linewidth=0.6)
        )

    def arrow(self, left: float, bottom: float, right: float, top: float, bent: bool = False) -> None:
        """An arrow from one place to another, straight, or first level and then upright."""
        ends: dict[str, Any] = {"shrinkA": 0, "shrinkB": 0, "mutation_scale": 6, "linewidth": 0.7, "arrowstyle": "-|>"}
        if bent:
            ends["connectionstyle"] = "angle,angleA=0,angleB=90,rad=0"
        self.axes.add_patch(FancyArrowPatch((left, bottom), (right, top), color="0.3", **ends))

    def text(
        self, across: float, up: float, text: str, left: bool = False, below: bool = False, weight: str = "normal",
        rotation: float = 0,
    ) -> None:  # fmt: skip
        """Text around a place, or from it to the right, or under it."""
        self.axes.text(
            across, up, text, fontsize=style.SMALL, ha="left" if left else "center", va="top" if below else "center",
            weight=weight, rotation=rotation,
        )  # fmt: skip
