"""A million names that many processes read."""

from collections.abc import Iterable

import torch


class Names:
    """Texts by number, held as two tensors.

    A tuple of texts is an object a text. A forked process that reads one writes its count of references, and so copies
    the memory that it lies in; a spawned one is sent all of them. Tensors are shared by both.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        encoded = [text.encode() for text in texts]
        lengths = torch.tensor([0, *map(len, encoded)], dtype=torch.int64)
        self._ends = lengths.cumsum(0)  # (texts + 1,)
        self._bytes = torch.frombuffer(bytearray(b"".join(encoded)) or bytearray(1), dtype=torch.uint8)

    def __len__(self) -> int:
        return len(self._ends) - 1

    def __getitem__(self, number: int) -> str:
        """The text of a number from 0 on. Raises IndexError beyond the last."""
        if not 0 <= number < len(self):
            raise IndexError(number)
        return self._bytes[self._ends[number] : self._ends[number + 1]].numpy().tobytes().decode()
