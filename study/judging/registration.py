"""Whether results were made under the registered protocol that judges them, or before it, or under another one."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from study.settings import paths
from study.settings.protocol import digest, protocol

# What is judged, below results/<scale>/.
JUDGED = (
    "evaluation/*.json",
    "noise/*.json",
    "timing/*.json",
    "complexity.json",
    "reconstruction/*.json",
    "convergence/*.json",
)


@dataclass(frozen=True)
class Registration:
    """The protocol's date and digest, and which results were not made under it: `before` any was registered, and
    `others` by the digest of the protocol that was in force."""

    registered: str
    digest: str
    before: tuple[str, ...]
    others: dict[str, tuple[str, ...]]


def registration(folder: Path) -> Registration:
    """Under which protocol the results in results/<scale> were made, by the digest in their provenance. Results of
    networks also count as those of the protocol that was in force when a network was trained."""
    now = digest()
    before: list[str] = []
    others: dict[str, list[str]] = {}
    for file in (file for pattern in JUDGED for file in sorted(folder.glob(pattern))):
        name = file.relative_to(folder).with_suffix("").as_posix()
        for one in dict.fromkeys(_digests(paths.read_json(file))):
            if not one:
                before.append(name)
            elif one != now:
                others.setdefault(one, []).append(name)
    return Registration(
        protocol().registered.isoformat(), now, tuple(before), {one: tuple(names) for one, names in others.items()}
    )


def _digests(stored: dict[str, Any]) -> Iterator[str]:
    """Of a result and of every training behind it; empty for one that carries none."""
    yield stored["provenance"].get("protocol_digest", "")
    for run in stored.get("runs", []):
        if run.get("training"):
            yield run["training"].get("protocol_digest", "")
