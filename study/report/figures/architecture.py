"""The framework and the auto-encoder (Figs. 1 and 2 of the paper), from the shapes that a picture takes inside them."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

from study.report.figures import style

MILLION, BILLION = 1e6, 1e9
PITCH, BOX = 1.33, 1.14  # of the layers in a row
ARROW = {"arrowstyle": "->", "linewidth": 0.9}
SKIPPED = ("ReLU", "Dropout", "Identity")  # they change no shape


def framework(stored: dict, backbone: str = "vgg16") -> Figure:
    """An image on its way through our network to the averaged scores; `stored` is architecture.json."""
    network = stored["ours"][backbone]
    layers, parts = network["layers"], network["parts"]

    def last(part: str) -> list[int]:
        return [layer for layer in layers if layer["name"].startswith(f"{part}.")][-1]["to"]

    def named(name: str) -> list[int]:
        return next(layer for layer in layers if layer["name"] == name)["to"]

    side, classes = stored["side"], stored["classes"]
    with style.settings():
        figure = style.new(style.PAGE_WIDTH, 3.3)
        axes = _canvas(figure, 12, 4.2)
        _box(axes, 0.1, 1.6, 1.3, f"image\n{_shape([3, side, side])}", "0.95")
        _box(axes, 2.0, 1.6, 1.8, f"encoder\n{_work(parts['encoder'])}", style.ORANGE)
        _box(axes, 4.4, 2.8, 1.4, f"$I_L$\n{_shape(named('decomposer.to_low'))}", "0.95")
        _box(axes, 4.4, 0.4, 1.4, f"$I_H$\n{_shape(named('decomposer.to_high'))}", "0.95")
        low, high = f"{_shape(last('low_features'))} features", f"{_shape(last('high_features'))} features"
        _box(axes, 6.3, 2.8, 2.1, f"standard network\n{_work(parts['low stream'])}\n{low}", style.SKY)
        _box(axes, 6.3, 0.4, 2.1, f"quarter width\n{_work(parts['high stream'])}\n{high}", style.SKY)
        _box(axes, 8.9, 2.8, 1.4, f"scores\n{classes:,}", style.GREEN)
        _box(axes, 8.9, 0.4, 1.4, f"fused scores\n{classes:,}", style.GREEN)
        _box(axes, 10.7, 1.6, 1.2, "mean", "0.95")
        for start, end in (
            ((1.4, 2.1), (2.0, 2.1)),
            ((3.8, 2.2), (4.4, 3.2)),
            ((3.8, 2.0), (4.4, 1.0)),
            ((5.8, 3.3), (6.3, 3.3)),
            ((5.8, 0.9), (6.3, 0.9)),
            ((8.4, 3.3), (8.9, 3.3)),
            ((8.4, 0.9), (8.9, 0.9)),
            ((8.0, 2.8), (9.2, 1.4)),
            ((10.3, 3.2), (10.9, 2.6)),
            ((10.3, 1.0), (10.9, 1.6)),
        ):
            axes.annotate("", end, start, arrowprops=ARROW)
        total = sum(part["multiply_adds"] for part in parts.values()) / BILLION
        axes.set_title(
            f"Our network around {backbone.upper()}: {total:.2f} billion multiply-adds (G; heads "
            f"{parts['heads']['multiply_adds'] / BILLION:.2f}); parameters in millions (M)"
        )
    return figure


def auto_encoder(stored: dict) -> Figure:
    """The layers of encoder and decoder with their shapes; `stored` is architecture.json."""
    layers = [layer for layer in stored["auto_encoder"] if layer["kind"] not in SKIPPED]

    def of(*names: str) -> list[dict]:
        return [layer for layer in layers if layer["name"].startswith(names)]

    side = stored["side"]
    with style.settings():
        figure = style.new(style.PAGE_WIDTH, 2.9)
        axes = _canvas(figure, 9 * PITCH, 4.0)
        _box(axes, 0, 1.5, BOX, f"image\n{_shape([3, side, side])}", "0.95")
        start = (BOX, 2.0)
        for place, layer in enumerate(of("encoder.shared"), start=1):
            start = _layer(axes, place * PITCH, 1.5, layer, start, style.ORANGE)
        for name, y, arrow in (("low", 2.9, (2.9, 2.55)), ("high", 0.1, (1.15, 1.45))):
            end = start
            for place, layer in enumerate((*of(f"encoder.to_{name}"), *of(f"decoder.from_{name}")), start=4):
                colour = style.ORANGE if place == 4 else style.SKY if name == "low" else style.GREEN
                end = _layer(axes, place * PITCH, y, layer, end, colour)
            middle = 8 * PITCH + BOX / 2
            axes.annotate("", (middle, arrow[1]), (middle, arrow[0]), arrowprops=ARROW)
        _box(axes, 8 * PITCH, 1.5, BOX, f"sum: $I'$\n{_shape([3, side, side])}", "0.95")
        axes.text(4 * PITCH + BOX / 2, 2.7, "$I_L$", ha="center", va="top")
        axes.text(4 * PITCH + BOX / 2, 1.25, "$I_H$", ha="center")
        learned = sum(layer["parameters"] for layer in layers)
        axes.set_title(f"The auto-encoder, {learned:,} parameters: encoder in orange, decoder in blue and green")
    return figure


def _canvas(figure: Figure, width: float, height: float) -> Axes:
    axes = figure.subplots()
    axes.set(xlim=(0, width), ylim=(0, height))
    axes.set_axis_off()
    return axes


def _box(axes: Axes, x: float, y: float, width: float, text: str, colour: str) -> None:
    axes.add_patch(
        FancyBboxPatch(
            (x, y), width, 1.0, boxstyle="round,pad=0.02,rounding_size=0.08", facecolor=colour, alpha=0.35, linewidth=0
        )
    )
    axes.text(x + width / 2, y + 0.5, text, ha="center", va="center", fontsize=7)


def _layer(axes: Axes, x: float, y: float, layer: dict, start: tuple[float, float], colour: str) -> tuple[float, float]:
    """A box for a layer, with an arrow to it; returns where the next arrow starts."""
    kind = "conv" if layer["kind"] == "Conv2d" else "deconv"
    size, stride = layer["kernel"][0], layer["stride"][0]
    lines = [f"{kind} {size}x{size}", *([f"stride {stride}"] if stride > 1 else []), _shape(layer["to"])]
    _box(axes, x, y, BOX, "\n".join(lines), colour)
    axes.annotate("", (x, y + 0.5), start, arrowprops=ARROW)
    return x + BOX, y + 0.5


def _shape(shape: list[int]) -> str:
    """Channels, height and width, or just the number of values."""
    return "x".join(map(str, shape))


def _work(part: dict) -> str:
    return f"{part['multiply_adds'] / BILLION:.2f} G, {part['parameters'] / MILLION:.2f} M"
