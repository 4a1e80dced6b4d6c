"""Eq. 5 to play with: a sweep over lambda, a setting a value, with what stage 1 made of embedded photographs."""

import base64
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from study.judging import sweep
from study.judging.number import LACKING, number
from study.judging.sweep import Point, Sweep
from study.rendering import stored
from study.rendering.cells import between

COMMAND = "study sweep run " + " ".join(f"--lambda {value}" for value in ("0", "0.01", "0.1", "1", "10"))
PAPER = 1.0  # its lambda (Sec. Encoding and decoding constraints)
FOLDER = "sweep"
LARGEST = 99  # percentile of the deviations that fill the range of greys
PLANES = {"low": "I_L", "high": "I_H"}


@dataclass(frozen=True)
class Picture:
    """An image with what it is."""

    label: str
    address: str


@dataclass(frozen=True)
class Photograph:
    """An embedded photograph, its channels and its reconstruction under one value."""

    name: str
    pictures: tuple[Picture, ...]


@dataclass(frozen=True)
class Setting:
    """One value of lambda: its numbers by name, and the photographs."""

    value: str
    numbers: tuple[tuple[str, str], ...]
    photographs: tuple[Photograph, ...]


@dataclass(frozen=True)
class Slider:
    """All values, smallest first; none where no sweep was run."""

    settings: tuple[Setting, ...]
    start: int
    about: str
    command: str = COMMAND


NONE = Slider((), 0, "")
CONDITIONS = f"Numbers of the stage robustness, which keeps no channels. For those: {COMMAND}"


def slider(results: Path) -> Slider:
    """From results/<scale>/sweep, or without one from the registered values that the stage `robustness` was run with,
    which keeps no channels; the value that is shown first is the paper's, or the one next to it.

    Raises InvalidData for a sweep of another version.
    """
    file = results / FOLDER / "sweep.json"
    if not file.exists():
        found = [one for one in sweep.of_conditions(results) if not one.failed]
        return Slider(tuple(_setting(one, {}, {}) for one in found), _start(found), CONDITIONS) if found else NONE
    points = sweep.of_one_gamma(stored.read(file, Sweep).points)
    if not points:
        return NONE
    arrays = [sweep.pictures(file.parent, one) for one in points]
    factors = {name: _factor([each[_key(name)] for each in arrays if each]) for name in PLANES}
    seeds = sorted({one.seed for point in points for one in point.auto_encoders})
    factor = ", ".join(f"{PLANES[name]} ×{value:.2g}" for name, value in factors.items())
    return Slider(
        tuple(_setting(point, each, factors) for point, each in zip(points, arrays, strict=True)),
        _start(points),
        f"gamma {points[0].gamma:.12g}; {len(seeds)} seed{'s' if len(seeds) != 1 else ''}. Of either channel the plane "
        f"that varies most, its deviations from its mean amplified by one factor for all values ({factor})."
        if any(arrays)
        else f"gamma {points[0].gamma:.12g}; the sweep kept no channels.",
    )


def _start(points: Sequence[Point]) -> int:
    return min(range(len(points)), key=lambda place: abs(points[place].lambda_ - PAPER), default=0)


def _key(name: str) -> str:
    return f"{sweep.AUTO_ENCODER}.{name}"


def _plane(planes: np.ndarray) -> np.ndarray:
    """The plane that varies most, over all photographs; (photographs, planes, height, width)."""
    values = planes.astype(float)
    found: np.ndarray = values[:, int(values.var(axis=(-2, -1)).mean(axis=0).argmax())]
    return found


def _deviations(planes: np.ndarray) -> np.ndarray:
    chosen = _plane(planes)
    found: np.ndarray = chosen - chosen.mean(axis=(-2, -1), keepdims=True)
    return found


def _factor(every: Sequence[np.ndarray]) -> float:
    """By what deviations are multiplied so that those of every value fit."""
    largest = max((float(np.percentile(np.abs(_deviations(one)), LARGEST)) for one in every), default=0.0)
    return 0.5 / largest if largest else 1.0


def _setting(point: Point, arrays: Mapping[str, np.ndarray], factors: Mapping[str, float]) -> Setting:
    def by_seed(values: Sequence[float]) -> str:
        return f" (seeds {', '.join(map(number, values))})" if len(values) > 1 else ""

    interval = f" ({between(point.interval)})" if point.interval else ""
    energy = point.energy_share_percent
    return Setting(
        f"{point.lambda_:.12g}",
        (
            ("PSNR of test images, dB", number(point.psnr_db) + by_seed([one.psnr_db for one in point.auto_encoders])),
            (
                "energy of I_H in both channels, %",
                (LACKING if energy is None else f"{energy:.3g}")
                + by_seed([one.energy_share_percent for one in point.auto_encoders]),
            ),
            ("top-1 error of WAE+CNN, %", number(point.error_percent) + interval + by_seed(point.error_per_seed)),
        ),
        tuple(_photographs(point, arrays, factors)) if arrays else (),
    )


def _photographs(point: Point, arrays: Mapping[str, np.ndarray], factors: Mapping[str, float]) -> list[Photograph]:
    greys = {name: 0.5 + factors[name] * _deviations(arrays[_key(name)]) for name in PLANES}
    found = []
    for row, (name, psnr_db) in enumerate(point.photographs.items()):
        shown = [Picture("image I", _address(arrays["photograph"][row]))]
        shown += [Picture(PLANES[of], _address(255 * np.clip(greys[of][row], 0, 1))) for of in PLANES]
        shown.append(Picture(f"I', {number(psnr_db)} dB", _address(arrays[_key("reconstructed")][row])))
        found.append(Photograph(name, tuple(shown)))
    return found


def _address(values: np.ndarray) -> str:
    """A small image as the text of an address: grey (height, width) or coloured (height, width, 3), 0 to 255."""
    file = io.BytesIO()
    Image.fromarray(np.rint(values).astype(np.uint8)).save(file, "png", optimize=True)
    return f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode()}"
