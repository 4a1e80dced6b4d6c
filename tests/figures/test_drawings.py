"""What each figure shows of small results, and what it says when a network failed."""

import csv
import io
from pathlib import Path

import numpy as np
import pytest
from matplotlib.text import Text

from study.figures import architecture as drawn
from study.figures import channels, curves, noise, spectra, style
from study.judging.measured import SEEDS_AND_UNITS, Measured
from study.paper import tables as paper
from study.settings import params, paths
from study.stages import architecture

ROOT = Path(__file__).parents[2]
SCALE, SEEDS = "smoke", (0, 1)
NETWORKS = ("auto_encoder", "decomposition_cnn", "wae_cnn")


def write_csv(file: Path, rows: list[dict]) -> None:
    text = io.StringIO()
    writer = csv.DictWriter(text, rows[0].keys(), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    paths.write_text(file, text.getvalue())


def write_channels(failed: str = "") -> None:
    """Random channels of three photographs; a network can have failed with its first seed."""
    random = np.random.default_rng(0)
    folder = paths.results(SCALE) / "channels"
    arrays = {"photograph": random.integers(0, 256, (3, 16, 16), dtype=np.uint8)}
    arrays |= {band: random.normal(size=(3, 8, 8)).astype(np.float16) for band in ("cA", "cH", "cV", "cD")}
    runs, rows = [], []
    for network in NETWORKS:
        for seed in SEEDS:
            run = {"network": network, "seed": seed, "outcome": "trained", "reason": None}
            if network == failed and seed == SEEDS[0]:
                run |= {"outcome": "diverged", "reason": "the loss is not a number"}
            else:
                run["photographs"] = {name: {"psnr_db": 25.0, "ssim": 0.5} for name in ("one", "two", "three")}
            runs.append(run)
        if network != failed:
            arrays |= {
                f"{network}.{name}": random.normal(size=(3, 3, 8, 8)).astype(np.float16) for name in ("low", "high")
            }
    arrays["auto_encoder.reconstructed"] = random.integers(0, 256, (3, 16, 16, 3), dtype=np.uint8)
    arrays["auto_encoder.error"] = random.normal(size=(3, 16, 16)).astype(np.float16)
    signals = [("image", "image", ("",)), *(("wavelet_cnn", band, ("",)) for band in ("cA", "cH", "cV", "cD"))]
    signals += [(network, channel, SEEDS) for network in NETWORKS for channel in ("low", "high")]
    for network, channel, seeds in signals:
        for seed in seeds:
            if not (network == failed and seed == SEEDS[0]):
                for cycles in (0.1, 0.2):
                    power = 1 / (cycles + (seed or 0))
                    rows.append(
                        {
                            "network": network,
                            "channel": channel,
                            "seed": seed,
                            "cycles_per_pixel": cycles,
                            "power": power,
                        }
                    )
    folder.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(folder / "channels.npz", **arrays)
    write_csv(folder / "spectra.csv", rows)
    paths.write_json(
        folder / "channels.json",
        {
            "scale": SCALE,
            "spectra_over_pictures": 10,
            "photographs": ["one", "two", "three"],
            "seed_of_the_pictures": SEEDS[0],
            "amplification": {name: 2.0 for name in arrays if arrays[name].dtype != np.uint8},
            "runs": runs,
        },
    )


def write_curves(failed: str = "") -> None:
    """Errors that fall, for two seeds; of the first seed of a failed method one epoch alone."""
    results = paths.results(SCALE)
    runs, rows = [], []
    for method in ("full", "half", "wavelet_cnn", "decomposition_cnn", "wae_cnn_frozen", "wae_cnn"):
        for seed in SEEDS:
            diverged = method == failed and seed == SEEDS[0]
            reason = "the loss is not a number" if diverged else None
            runs.append(
                {"method": method, "seed": seed, "outcome": "diverged" if diverged else "trained", "reason": reason}
            )
            rows += [
                {"method": method, "seed": seed, "epoch": epoch, "top1_error_percent": 80 / epoch + seed}
                for epoch in range(1, 2 if diverged else 5)
            ]
    write_csv(results / "curves" / "objects-vgg16.csv", rows)
    # No predictions are needed for the curves, and none are there for the other figures.
    paths.write_json(results / "evaluation" / "objects-vgg16.json", {"runs": runs})
    stage_1 = [
        {"seed": seed, "epoch": epoch, "loss": 10 / epoch + seed, "psnr_db": 20 + epoch}
        for seed in SEEDS
        for epoch in (1, 2, 3)
    ]
    write_csv(results / "curves" / "objects-wae.csv", stage_1)
    of_stage_1 = [{"seed": seed, "outcome": "trained", "reason": None} for seed in SEEDS]
    paths.write_json(results / "reconstruction" / "objects.json", {"runs": of_stage_1})


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """An empty working folder with the study's parameters and the paper's tables."""
    (tmp_path / "params.yaml").write_text((ROOT / "params.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "paper_tables").symlink_to(ROOT / "paper_tables")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def stored(checkout):
    """architecture.json as its stage writes it."""
    architecture.main(SCALE)
    return paths.read_json(paths.results(SCALE) / "architecture.json")


def words(figure) -> str:
    """All that is written in a figure."""
    return " | ".join(" ".join(text.get_text().split()) for text in figure.findobj(Text))


# The framework and the auto-encoder -----------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_stored_architecture_has_the_multiply_adds_and_parameters_that_were_counted(stored):
    from study.stages import complexity as counting

    counting.main(SCALE)
    counted = paths.read_json(paths.results(SCALE) / "complexity.json")["networks"][stored["backbone"]]
    for method in ("full", "wae_cnn"):
        network = stored["networks"][method]
        assert sum(block["multiply_adds"] for block in network["blocks"]) == counted[method]["multiply_adds"]["conv_fc"]
        assert sum(block["parameters"] for block in network["blocks"]) == network["parameters"]
        assert network["parameters"] == counted[method]["parameters"]


def test_the_framework_names_the_cost_and_the_channels_of_every_part(stored):
    text = words(drawn.framework(stored))
    ours = stored["networks"]["wae_cnn"]["blocks"]
    assert f"WAE+CNN: {sum(block['multiply_adds'] for block in ours) / 1e9:.2f} G" in text
    assert "512×4²" in text  # Caffe's pooling, which rounds up
    assert "high stream: 0.25 of its channels" in text
    assert f"{params.read().full_size.classes:,} logits" in text


def test_every_layer_of_the_auto_encoder_is_drawn(stored):
    text = words(drawn.auto_encoder(stored))
    layers = [block for block in stored["networks"]["auto_encoder"]["blocks"] if block["kind"] != "relu"]
    assert text.count("conv 3×3") + text.count("deconv 4×4") == len(layers) == 13
    assert text.count("ReLU") == sum(block["kind"] == "relu" for block in stored["networks"]["auto_encoder"]["blocks"])
    assert "11,718 parameters" in text


# Channels and spectra -------------------------------------------------------------------------------------------------


def test_the_pictures_state_their_amplification_and_the_quality_of_the_reconstruction(checkout):
    write_channels()
    stored = channels.stored(paths.results(SCALE))
    assert words(channels.decompositions(*stored)).count("amplified ×2") == 4
    assert words(channels.reconstruction(*stored)).count("25.0 dB, SSIM 0.500") == 3
    assert "cD/2" in words(channels.bands(*stored))


def test_a_plane_is_shown_around_middle_grey_and_amplified_about_its_mean(checkout):
    write_channels()
    info, arrays = channels.stored(paths.results(SCALE))
    figure = channels.bands(info, arrays)
    shown = [image.get_array() for axes in figure.axes for image in axes.images]
    band = arrays["cA"][0].astype(float)
    assert any(np.allclose(one, 0.5 + 2 * (band - band.mean())) for one in shown if one.shape == band.shape)


@pytest.mark.parametrize(
    ("network", "draw"),
    [
        ("decomposition_cnn", channels.decompositions),
        ("wae_cnn", channels.decompositions),
        ("auto_encoder", channels.reconstruction),
        ("auto_encoder", channels.bands),
    ],
)
def test_a_failed_network_leaves_a_panel_that_says_so(checkout, network, draw):
    write_channels(failed=network)
    text = words(draw(*channels.stored(paths.results(SCALE))))
    assert "no channels: seed 0 diverged: the loss is not a number" in text


def test_spectra_of_a_network_with_a_failed_seed_are_not_drawn_and_the_panel_says_why(checkout):
    write_channels(failed="wae_cnn")
    figure = spectra.draw(*spectra.stored(paths.results(SCALE)))
    lines = {pair.get_title(loc="left"): len(pair.get_lines()) for pair in figure.axes}
    assert lines == {
        "CDF 9/7 wavelet": 5, "auto-encoder after stage 1": 3, "Decomposition+CNN": 3, "WAE+CNN": 1
    }  # fmt: skip
    assert "no spectra: seed 0 diverged: the loss is not a number" in words(figure)


def test_a_line_of_a_spectrum_is_the_geometric_mean_over_seeds(checkout):
    write_channels()
    info, found = spectra.stored(paths.results(SCALE))
    (pair,) = (pair for pair in spectra.draw(info, found).axes if pair.get_title(loc="left").startswith("WAE+CNN"))
    _, low, _ = pair.get_lines()
    assert low.get_ydata() == pytest.approx([(1 / 0.1 / 1.1) ** 0.5, (1 / 0.2 / 1.2) ** 0.5])


def test_seeds_that_failed_alike_are_named_together():
    runs = [{"seed": seed, "outcome": "missing", "reason": "not trained yet"} for seed in (0, 2)]
    runs.insert(1, {"seed": 1, "outcome": "trained", "reason": None})
    assert style.failures(runs) == "seeds 0, 2 missing: not trained yet"
    assert style.failures(runs[1:2]) == ""


# Curves and noise -----------------------------------------------------------------------------------------------------


def test_a_curve_is_the_mean_over_seeds_and_stage_3_goes_on_behind_stage_2(checkout):
    write_curves()
    (pair,) = curves.classifiers(paths.results(SCALE)).axes
    *_, fixed, ours = pair.get_lines()
    assert fixed.get_xydata().tolist() == [[epoch, 80 / epoch + 0.5] for epoch in (1, 2, 3, 4)]
    assert ours.get_xdata().tolist() == [4, 5, 6, 7, 8]
    assert ours.get_ydata()[0] == fixed.get_ydata()[-1]  # where stage 2 ended, which has its own marker
    assert ours.get_markevery() == (1, 1)


def test_the_curve_of_a_method_with_a_failed_seed_is_words(checkout):
    write_curves(failed="wavelet_cnn")
    figure = curves.classifiers(paths.results(SCALE))
    assert "Wavelet+CNN: seed 0 diverged: the loss is not a number" in words(figure)
    assert len(figure.axes[0].get_lines()) == 5


def test_seeds_that_stopped_at_different_epochs_have_a_mean_as_far_as_all_go():
    rows = [{"seed": seed, "value": value} for seed, values in (("0", "321"), ("1", "54")) for value in values]
    epochs, values = curves.by_epoch(rows, "value")
    assert epochs.tolist() == [1, 2]
    assert values.tolist() == [[3, 2], [5, 4]]


def accuracies(**more: Measured) -> dict:
    """Two methods at two variances, with intervals over seeds and units."""
    found = {}
    for method in ("full", "wae_cnn"):
        for condition, value in (("", 95.0), ("V=0", 90.0), ("V=0.1", 20.0)):
            spread = {SEEDS_AND_UNITS: (value - 4, value + 4)}
            found["faces", "vgg16", method, "accuracy_percent", condition] = Measured(value, "accuracy", "", spread)
    return found | {("faces", "vgg16", method, "accuracy_percent", "V=0"): cell for method, cell in more.items()}


def test_accuracies_under_noise_have_their_intervals_over_seeds_and_units():
    standard, ours = noise.found(accuracies())
    assert standard.points == [(0.0, 90.0, 86.0, 94.0), (0.1, 20.0, 16.0, 24.0)]
    assert ours.method == "wae_cnn"


def test_the_papers_accuracies_under_noise_are_those_of_its_table_7():
    lines = {line.method: [point[:2] for point in line.points] for line in noise.printed(paper.tables())}
    assert lines.keys() == {"full", "wae_cnn"}
    assert lines["wae_cnn"][-1] == (0.1, 23.88)


def test_a_network_that_failed_is_named_beside_the_accuracies():
    failed = Measured(None, "accuracy", "", failed="seed 1: diverged")
    figure = noise.draw(paper.tables(), accuracies(wavelet_cnn=failed), SCALE)
    assert "Wavelet+CNN failed: seed 1: diverged" in words(figure)
