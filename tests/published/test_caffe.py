"""Caffe's networks read and converted, against what Caffe's definition computes: by torch alone, and by OpenCV."""

import numpy as np
import pytest
import torch
from torch.testing import assert_close

from study.measures import complexity
from study.models.classifiers import averaged
from study.published import authors, caffemodel, weights
from study.published.standard import CAFFE_MEAN
from study.settings.errors import InvalidData
from tests.published import graphs
from tests.published.graphs import Graph

NETWORKS = {"authors": graphs.authors, "vgg16": graphs.vgg16, "resnet50": graphs.resnet50}
ROWS = {"authors": ("vgg16", "wae_cnn"), "vgg16": ("vgg16", "full"), "resnet50": ("resnet50", "full")}


def images(count: int = 2) -> torch.Tensor:
    """Smooth random images, RGB in [0, 1]."""
    generator = torch.Generator().manual_seed(1)
    small = torch.rand(count, 3, 14, 14, generator=generator)
    return torch.nn.functional.interpolate(small, size=224, mode="bicubic").clamp(0, 1)


def as_caffe_sees(name: str, image: torch.Tensor, colours: str = "bgr") -> torch.Tensor:
    """Pixels of 0 to 255 in an order of colours, less the mean where the network wants that."""
    pixels = image.double() * 255
    if name != "authors":
        pixels = pixels - torch.tensor(CAFFE_MEAN, dtype=torch.float64)[:, None, None]
    return pixels.flip(1) if colours == "bgr" else pixels


def logits(found: weights.Published, image: torch.Tensor) -> torch.Tensor:
    """The scores as Caffe gives them: the sum over the streams."""
    given = found.network(image)
    return averaged(given) * len(given)


def difference(found: torch.Tensor, expected: torch.Tensor) -> float:
    """The largest difference of two vectors of scores, relative to the largest score."""
    return float((found.double() - expected.double()).abs().max() / expected.double().abs().max())


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("colours", ["bgr", "rgb"])
def test_a_converted_network_gives_the_scores_of_caffes_definition(tmp_path, name, colours):
    graph = NETWORKS[name]()
    found = weights.read(graph.save(tmp_path / "weights"), colours)
    assert (found.backbone, found.method) == ROWS[name]
    assert (found.classes, found.width, found.colours, found.passed_over) == (3, 1 / 16, colours, ())
    image = images()
    expected = graph.scores_of(as_caffe_sees(name, image, colours))
    assert expected.std() > 0.01
    assert difference(logits(found, image), expected) < 1e-5


@pytest.mark.parametrize("name", NETWORKS)
def test_the_order_of_colours_matters(tmp_path, name):
    file = NETWORKS[name]().save(tmp_path / "weights")
    bgr, rgb, image = weights.read(file), weights.read(file, "rgb"), images()
    assert difference(logits(bgr, image), logits(rgb, image)) > 1e-3


@pytest.mark.parametrize("name", NETWORKS)
def test_a_converted_network_gives_the_scores_of_opencv(tmp_path, name):
    dnn = pytest.importorskip("cv2").dnn
    graph, image = NETWORKS[name](), images(1)
    (tmp_path / "definition").write_text(graph.text(side=224), encoding="utf-8")
    file = graph.save(tmp_path / "weights")
    independent = dnn.readNetFromCaffe(str(tmp_path / "definition"), str(file))
    independent.setInput(as_caffe_sees(name, image).float().numpy())
    expected = torch.from_numpy(independent.forward(graph.layers[-1].name))
    assert difference(logits(weights.read(file), image), expected) < 1e-4


def test_the_names_are_those_of_the_released_definition():
    graph = graphs.authors()
    assert set(authors.NAMES) == set(graph.blobs)


@pytest.mark.slow
def test_the_released_definition_at_full_size_is_ours_blob_by_blob(tmp_path):
    graph = graphs.authors(width=1.0, classes=1000)
    found = weights.read(graph.save(tmp_path / "weights"))
    statistics = 2 * (3 + 3 + 1)  # mean, variance and factor of both norms
    parameters = sum(blob.size for layer in graph.blobs.values() for blob in layer) - statistics
    assert parameters == complexity.parameters(found.network) == 53_324_582
    assert (found.width, found.classes) == (1.0, 1000)
    image = images(1)
    assert difference(logits(found, image), graph.scores_of(as_caffe_sees("authors", image).float())) < 1e-4
    counted = complexity.multiply_adds(complexity.layers(found.network.to("meta"), 224))["conv_fc"]
    assert round(counted / 1e9, 4) == 4.3819


def test_the_form_before_2014_holds_the_same_weights(tmp_path):
    graph = graphs.vgg16()
    new, old = (caffemodel.read(graph.save(tmp_path / name, old=name == "old")) for name in ("new", "old"))
    assert list(new) == list(old) == list(graph.blobs)
    for name, layer in old.items():
        assert layer.kind == new[name].kind
        assert all(blob.ndim == 4 for blob in layer.blobs)
    first, second = (weights.read(tmp_path / name).network(images(1))[0] for name in ("new", "old"))
    assert_close(first, second, rtol=0, atol=0)


def test_a_file_is_read_as_googles_protobuf_reads_it(tmp_path):
    file = graphs.resnet50().save(tmp_path / "weights")
    found = caffemodel.read(file)
    expected = dict(graphs.fields(file.read_bytes()))
    assert list(found) == list(expected)
    for name, layer in found.items():
        for one, other in zip(layer.blobs, expected[name], strict=True):
            np.testing.assert_array_equal(one.ravel(), other)


def test_doubles_and_gradients_may_lie_in_a_blob(tmp_path):
    net = graphs.CAFFE["NetParameter"]()
    layer = net.layer.add(name="one", type="Scale")
    layer.blobs.add(double_data=[1.5, -2], diff=[9, 9], shape=graphs.CAFFE["BlobShape"](dim=[2]))
    (tmp_path / "weights").write_bytes(net.SerializeToString())
    np.testing.assert_array_equal(caffemodel.read(tmp_path / "weights")["one"].blobs[0], np.float32([1.5, -2]))


def test_layers_of_the_training_are_passed_over_by_name(tmp_path):
    decoder = {"recon_deconv": [np.ones((3, 16, 4, 4), np.float32)]}
    found = weights.read(graphs.authors().save(tmp_path / "weights", **decoder))
    assert found.passed_over == ("recon_deconv",)


def without(graph: Graph, name: str) -> Graph:
    return Graph(graph.layers, {key: blobs for key, blobs in graph.blobs.items() if key != name}, graph.scores)


def changed(graph: Graph, name: str, *blobs: np.ndarray) -> Graph:
    return Graph(graph.layers, {**graph.blobs, name: list(blobs)}, graph.scores)


def norms(mean: float = 1, variance: float = 1, factor: float = 1) -> list[np.ndarray]:
    return [np.full(3, mean, np.float32), np.full(3, variance, np.float32), np.full(1, factor, np.float32)]


@pytest.mark.parametrize(
    ("graph", "words"),
    [
        (without(graphs.authors(), "bn_CH"), "lacks 1 of the 39 layers of the authors' network: bn_CH"),
        (
            changed(graphs.authors(), "fc7_CA", np.ones((64, 65), np.float32)),
            "layer fc7_CA: weights of 64 x 65, not 64 x 64",
        ),
        (changed(graphs.authors(), "bn_CA", *norms()[:2]), "layer bn_CA: BatchNorm with 2 blobs, not BatchNorm with 3"),
        (changed(graphs.authors(), "bn_CA", *norms(factor=0)), "layer bn_CA: no statistics (factor 0"),
        (changed(graphs.authors(), "bn_CA", *norms(variance=-1)), "layer bn_CA: no statistics (factor 1"),
        (changed(graphs.authors(), "bn_CA", *norms(mean=np.nan)), "not a caffemodel, or a damaged one (a weight that"),
        (without(graphs.vgg16(), "fc7"), "lacks 1 of the 16 layers of Caffe's VGG16: fc7"),
        (without(graphs.resnet50(), "scale3a_branch1"), "lacks 1 of the 160 layers of Caffe's ResNet-50: scale3a"),
        (without(without(graphs.vgg16(), "conv1_1"), "conv1_2"), "unknown here; its layers begin with conv2_1, conv2_"),
        (
            changed(graphs.vgg16(), "conv1_1", np.ones((96, 3, 3, 3), np.float32)),
            "1.5 times as many filters in the first layer as the network has",
        ),
        (graphs.authors(classes=1), "1 classes; 2 to 100000 can be evaluated"),
    ],
)
def test_what_is_not_the_network_is_one_line(tmp_path, graph, words):
    with pytest.raises(InvalidData) as fault:
        weights.read(graph.save(tmp_path / "weights.caffemodel"))
    assert str(fault.value).startswith(f"{tmp_path / 'weights.caffemodel'}: ")
    assert words in str(fault.value)
    assert "\n" not in str(fault.value)
