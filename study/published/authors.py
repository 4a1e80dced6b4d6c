"""The network that the paper's authors released: wae_vgg_classification.caffemodel, by the definition wae_vgg.prototxt
beside it (github.com/tianshuichen/Wavelet-like-Auto-Encoder)."""

from pathlib import Path

from study.models.vgg import CONFIGURATION_D
from study.published import network
from study.published.caffe import CONVOLUTION, INNER_PRODUCT, Layers, single
from study.published.caffemodel import Layer
from study.published.network import Colours, Published, flipped
from study.published.standard import vgg16_convolutions

WHITE = 255.0  # the brightest pixel there; here it is 1
SIGN = "decom_conv1"  # a layer that no other network here has
ENCODER = {
    "decom_conv1": "decomposer.shared.0",
    "decom_conv2": "decomposer.shared.2",
    "decom_conv3": "decomposer.shared.4",
    "decom_conv_CA": "decomposer.to_low",
    "decom_conv_CH": "decomposer.to_high",
}
NORMS = {"bn_CA": "low_norm", "bn_CH": "high_norm"}
CONVOLUTIONS = vgg16_convolutions("low_features.layers", "_CA") | vgg16_convolutions("high_features.layers", "_CH")
CLASSIFIERS = {
    f"{layer}_{stream}": f"{head}.{place}"
    for stream, head in (("CA", "low_head"), ("fusion", "fused_head"))
    for layer, place in (("fc6", 1), ("fc7", 4), ("fc8", 7))
}
NAMES = ENCODER | NORMS | CONVOLUTIONS | CLASSIFIERS


def convert(file: Path, layers: dict[str, Layer], colours: Colours = "bgr") -> Published:
    """The authors' network as WAE+CNN of this study, from the layers of their file.

    Their definition crops pixels of 0 to 255 and subtracts no mean. Here pixels are in [0, 1]: the encoder has no
    other nonlinearity than ReLU, so with its biases over 255 it gives I_L and I_H over 255, and so do the norms behind
    it with their means over 255 and their variances over 255 squared (ChannelNorm has Caffe's epsilon in that unit).
    The logits are the same. Caffe sums the scores of both streams where `averaged` takes their mean: the same ranks.

    Layers that the network has not are passed over, as Caffe does. Raises InvalidData for a file that lacks a layer,
    or has one of another type or shape.
    """
    network.need_names(file, "layers of the authors' network", NAMES, layers)
    found = Layers(file, layers)
    classes = found.outputs("fc8_CA", INNER_PRODUCT)
    width = found.outputs("conv1_1_CA", CONVOLUTION) / int(CONFIGURATION_D[0])
    empty = network.empty("vgg16", "wae_cnn", width, classes, file, channel_norm=True)
    weights = {}
    for name, module in (ENCODER | CONVOLUTIONS | CLASSIFIERS).items():
        kind = INNER_PRODUCT if name in CLASSIFIERS else CONVOLUTION
        weight, bias = found.linear(name, kind, empty.get_submodule(module))
        weights[f"{module}.weight"] = flipped(weight, colours) if name == SIGN else weight
        weights[f"{module}.bias"] = single(bias / WHITE if name in ENCODER else bias)
    for name, module in NORMS.items():
        mean, variance = found.statistics(name, 3)
        weights[f"{module}.running_mean"] = single(mean / WHITE)
        weights[f"{module}.running_var"] = single(variance / WHITE**2)
    return Published(
        backbone="vgg16",
        method="wae_cnn",
        origin="the paper's authors (the released network, which they trained a second time)",
        width=width,
        classes=classes,
        colours=colours,
        pixels="0 to 255, no mean subtracted",
        network=network.filled(empty, weights),
        resize="caffe",
        passed_over=tuple(name for name in layers if name not in NAMES),
    )
