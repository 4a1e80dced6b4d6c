"""The weights that networks start with."""

from torch import nn

from study.settings.errors import InvalidParameter

KINDS = ("xavier", "he")


def initialised(network: nn.Module, kind: str = "xavier") -> nn.Module:
    """Initialise every convolution and linear layer: biases zero, and weights by one of two rules.

    "xavier", which the paper names for every stage (Sec. Learning), is Glorot-uniform (Glorot and Bengio 2010); Caffe's
    filler of that name scales by the fan-in alone, the cited publication by the mean of fan-in and fan-out, and so does
    this. "he" is normal with variance 2 / fan-in (He et al. 2015). Raises InvalidParameter for another kind.
    """
    if kind not in KINDS:
        raise InvalidParameter(f"initialisation: must be one of {', '.join(KINDS)}, got {kind!r}")
    for layer in network.modules():
        if isinstance(layer, (nn.Conv2d, nn.ConvTranspose2d, nn.Linear)):
            if kind == "xavier":
                nn.init.xavier_uniform_(layer.weight)
            else:
                nn.init.kaiming_normal_(layer.weight, mode="fan_in", nonlinearity="relu")
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)
    return network
