"""What an evaluation of published weights was made with."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from typing import Any

from study.settings import protocol
from study.settings.provenance import PACKAGES, code_commit, hardware


@dataclass(frozen=True)
class Started:
    """When an evaluation began, on a clock that only runs forward, in seconds, and with which commit."""

    seconds: float
    code_commit: str


def start() -> Started:
    """The clock and the commit as they are now. Raises InvalidData where git refuses the checkout."""
    return Started(time.monotonic(), code_commit())


def provenance(started: Started) -> dict[str, Any]:
    """Code, protocol, packages, hardware, duration in seconds (of this process) and the time of day."""
    return {
        "code_commit": started.code_commit,
        "protocol_digest": protocol.digest(),
        "packages": {name: metadata.version(name) for name in PACKAGES},
        "hardware": hardware(),
        "seconds": round(time.monotonic() - started.seconds, 2),
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
    }
