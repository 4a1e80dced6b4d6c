"""Multiply-adds and parameters of the full-size networks under every convention that the paper mixes."""

MEANINGS = {
    "conv": "convolutions",
    "conv_bias": "convolutions, and the additions of their biases",
    "conv_fc": "convolutions and fully connected layers",
    "conv_bias_fc": "the same, and the additions of all biases",
    "conv_fc_without_encoder": "convolutions and fully connected layers, without the encoder",
}


def as_markdown(complexity: dict) -> str:
    """results/<scale>/complexity.json as a table: a row a convention, a column a network, in billions."""
    text = [
        "# Multiply-adds under each convention",
        "",
        f"Billions for one image of {complexity['side']} pixels and {complexity['classes']} classes. A multiply-add is "
        "one operation here; counters that take multiplication and addition apart give twice as many.",
    ]
    for backbone, networks in complexity["networks"].items():
        text += ["", f"| {backbone} | {' | '.join(networks)} |", "|---|" + "---:|" * len(networks)]
        for convention, meaning in MEANINGS.items():
            counts = [f"{network['multiply_adds'][convention] / 1e9:.4f}" for network in networks.values()]
            text.append(f"| {meaning} | {' | '.join(counts)} |")
        parameters = [f"{network['parameters']:,}" for network in networks.values()]
        text.append(f"| parameters | {' | '.join(parameters)} |")
    text += ["", f"The text's upper bound of the acceleration (under Eq. 8) is {complexity['bound_of_the_text']:.2f}."]
    return "\n".join(text) + "\n"
