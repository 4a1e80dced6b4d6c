"""Figures on a dark page."""

import io

import numpy as np
from PIL import Image

from study.rendering.dark import INK, PAPER, dark


def png(pixels: np.ndarray) -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels.astype(np.uint8)).save(file, "png")
    return file.getvalue()


def shown(content: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(content)).convert("RGB"))


def test_white_becomes_the_page_and_black_the_ink():
    found = shown(dark(png(np.array([[[255] * 3, [0] * 3]])), []))
    assert found.tolist() == [[[PAPER] * 3, [INK] * 3]]


def test_a_colour_keeps_its_hue_and_is_seen_on_the_page():
    (found,) = shown(dark(png(np.array([[[0xCC, 0x79, 0xA7]]])), []))[0]
    red, green, blue = map(int, found)
    assert red > blue > green
    assert (red + green + blue) / 3 > 100


def test_photographs_stay_as_they_are():
    pixels = np.full((10, 10, 3), 255)
    pixels[2:4, 5:8] = 250
    found = shown(dark(png(pixels), [(0.5, 0.2, 0.8, 0.4)]))
    assert (found[2:4, 5:8] == 250).all()
    assert found[0, 0].tolist() == [PAPER] * 3
