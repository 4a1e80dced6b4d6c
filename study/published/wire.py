"""The wire format of Protocol Buffers, as far as a file of weights needs it; every length is checked first.

The format is that of https://protobuf.dev/programming-guides/encoding.
"""

from collections.abc import Iterator
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

VARINT, FIXED64, LENGTH, FIXED32 = 0, 1, 2, 5  # wire types; groups (3 and 4) are not in use since 2008
LONGEST = 10  # bytes of a number: 64 bits, seven in each

Value: TypeAlias = "int | memoryview"


class Malformed(ValueError):
    """Bytes that are no message, or not of the kind that was looked for."""


def _number(message: memoryview, start: int) -> tuple[int, int]:
    """A number and where it ends."""
    value = 0
    for place in range(LONGEST):
        if start + place >= len(message):
            raise Malformed("a number goes on behind the end")
        byte = message[start + place]
        value |= (byte & 0x7F) << (7 * place)
        if byte < 0x80:
            return value, start + place + 1
    raise Malformed(f"a number of more than {LONGEST} bytes")


def fields(message: memoryview) -> Iterator[tuple[int, Value]]:
    """The number and the value of each field of a message, in order: an integer for numbers, the bytes of all others.

    Raises Malformed for a length beyond the message, a number of more than ten bytes, and what no message holds.
    """
    place = 0
    while place < len(message):
        tag, place = _number(message, place)
        field, kind = tag >> 3, tag & 7
        if field == 0:
            raise Malformed("a field with the number 0")
        if kind == VARINT:
            value, place = _number(message, place)
            yield field, value
            continue
        if kind == LENGTH:
            size, place = _number(message, place)
        elif kind in (FIXED32, FIXED64):
            size = 4 if kind == FIXED32 else 8
        else:
            raise Malformed(f"a field of the kind {kind}")
        if size > len(message) - place:
            raise Malformed(f"{size} bytes of field {field} where {len(message) - place} are left")
        yield field, message[place : place + size]
        place += size


def integer(value: Value) -> int:
    """A field that is a number, at least 0 and below 2**63. Raises Malformed."""
    if not isinstance(value, int) or value >= 2**63:
        raise Malformed("a field that is no number, or a negative one")
    return value


def integers(value: Value) -> list[int]:
    """One number, or several packed into one field. Raises Malformed."""
    if isinstance(value, int):
        return [integer(value)]
    found, place = [], 0
    while place < len(value):
        number, place = _number(value, place)
        found.append(integer(number))
    return found


def inside(value: Value) -> memoryview:
    """A field that is a message, a text or packed numbers. Raises Malformed."""
    if isinstance(value, int):
        raise Malformed("a number in the place of a message")
    return value


def text(value: Value, longest: int) -> str:
    """A field that is a text in UTF-8 of so many bytes at most. Raises Malformed."""
    content = inside(value)
    if len(content) > longest:
        raise Malformed(f"a name of {len(content)} bytes")
    try:
        return bytes(content).decode()
    except UnicodeDecodeError:
        raise Malformed("a name that is no UTF-8") from None


def floats(value: Value, size: int) -> NDArray[np.floating]:
    """Packed floating-point numbers of 4 or 8 bytes, (count,), as a view of the file. Raises Malformed."""
    content = inside(value)
    if len(content) % size:
        raise Malformed(f"{len(content)} bytes of numbers of {size}")
    return np.frombuffer(content, dtype=f"<f{size}")
