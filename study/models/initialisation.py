"""Xavier initialisation, as the paper names it for every stage (Sec. Learning)."""

from torch import nn


def xavier(network: nn.Module) -> nn.Module:
    """Initialise every convolution and linear layer: weights Glorot-uniform, biases zero (Glorot and Bengio 2010).

    Caffe's filler of the same name scales by the fan-in alone; the cited publication scales by the mean of fan-in and
    fan-out, and so does this.
    """
    for layer in network.modules():
        if isinstance(layer, (nn.Conv2d, nn.ConvTranspose2d, nn.Linear)):
            nn.init.xavier_uniform_(layer.weight)
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)
    return network
