"""Multiply-adds and parameters of the full-size networks under every convention, and the paper's numbers among them."""

from study.paper.tables import Table

GIGA = 1e9
LAYERS = {
    "conv": "convolutions",
    "conv_bias": "convolutions, and the additions of their biases",
    "conv_fc": "convolutions and fully connected layers",
    "conv_bias_fc": "convolutions, fully connected layers, and the additions of all biases",
}
MEANINGS = LAYERS | {f"{name}_without_encoder": f"{meaning}, without the encoder" for name, meaning in LAYERS.items()}


def as_markdown(complexity: dict, printed: list[Table]) -> str:
    """results/<scale>/complexity.json as tables: a row a network, a column a convention, in billions; then each
    number of the paper with the convention that it follows."""
    letters = dict(zip(MEANINGS, "ABCDEFGH", strict=True))
    text = [
        "# Multiply-adds under each convention",
        "",
        f"Billions for one image of {complexity['side']} pixels and {complexity['classes']} classes. A multiply-add is "
        "one operation here; counters that take multiplication and addition apart (FLOPs) give twice as many. Norms, "
        "poolings and activations are not counted, nor is the wavelet of Wavelet+CNN: as a convolution a hundred "
        "multiply-adds for each pixel and colour, under a hundredth of the network's.",
        "",
        *(f"- {letters[name]}: {meaning}" for name, meaning in MEANINGS.items()),
    ]
    for backbone, networks in complexity["networks"].items():
        text += ["", f"| {backbone} | {' | '.join(letters.values())} | C as FLOPs | parameters |"]
        text.append("|---|" + "---:|" * (len(MEANINGS) + 2))
        for method, network in networks.items():
            counts = [f"{network['multiply_adds'][name] / GIGA:.4f}" for name in MEANINGS]
            twice = f"{2 * network['multiply_adds']['conv_fc'] / GIGA:.4f}"
            text.append(f"| {method} | {' | '.join(counts)} | {twice} | {network['parameters']:,} |")
    text += [
        "",
        "## The paper's numbers",
        "",
        "| cell | printed | nearest convention | counted |",
        "|---|---:|---|---:|",
    ]
    for cell, name, counted in reconciled(complexity, printed):
        text.append(f"| {cell} | {printed_text(printed, cell)} | {letters[name]}: {MEANINGS[name]} | {counted:.4f} |")
    text += [
        "",
        "No convention gives all of them.",
        "",
        f"The text's upper bound of the acceleration (under Eq. 8) is {complexity['bound_of_the_text']:.2f}.",
    ]
    return "\n".join(text) + "\n"


def _cells(printed: list[Table]) -> dict:
    return {
        cell.key: (table.backbone, cell)
        for table in printed
        for cell in table.cells
        if cell.quantity == "flops_billion" and cell.value is not None
    }


def printed_text(printed: list[Table], key: str) -> str:
    """A cell's number as the paper prints it."""
    return _cells(printed)[key][1].text


def reconciled(complexity: dict, printed: list[Table]) -> list[tuple[str, str, float]]:
    """For each printed count: its cell, the convention whose count is nearest, and that count in billions.

    Of equally near ones the first of MEANINGS: a network without an encoder has two of each.
    """
    found = []
    for key, (backbone, cell) in _cells(printed).items():
        counts = complexity["networks"][backbone][cell.method]["multiply_adds"]
        name = min(MEANINGS, key=lambda name: abs(counts[name] / GIGA - cell.value))
        found.append((key, name, counts[name] / GIGA))
    return found
