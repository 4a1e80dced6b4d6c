"""The counting rules for multiply-adds, and which of them each count that the paper prints follows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from study.paper.tables import Table

GIGA = 1e9
LAYERS = {
    "conv": "convolutions",
    "conv_bias": "convolutions, and the additions of their biases",
    "conv_fc": "convolutions and fully connected layers",
    "conv_bias_fc": "convolutions, fully connected layers, and the additions of all biases",
}
MEANINGS = LAYERS | {f"{name}_without_encoder": f"{meaning}, without the encoder" for name, meaning in LAYERS.items()}


@dataclass(frozen=True)
class Reconciled:
    """A printed count: its cell and text, the counting rule (a key of MEANINGS) whose count is nearest, and that count
    in billions of multiply-adds."""

    cell: str
    printed: str
    convention: str
    counted_billion: float


def reconciled(complexity: Mapping[str, Any], printed: Sequence[Table]) -> list[Reconciled]:
    """Every printed count beside results/<scale>/complexity.json.

    Of equally near rules the first of MEANINGS: a network without an encoder has two of each.
    """
    found = []
    for table in printed:
        for cell in table.cells:
            if cell.quantity == "flops_billion" and cell.value is not None:
                counts = complexity["networks"][table.backbone][cell.method]["multiply_adds"]
                billions = {name: counts[name] / GIGA for name in MEANINGS}
                distances = {name: abs(value - cell.value) for name, value in billions.items()}
                nearest = min(distances, key=distances.__getitem__)
                found.append(Reconciled(cell.key, cell.text, nearest, billions[nearest]))
    return found
