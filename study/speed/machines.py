"""By what a machine is known: the results of another one join those that are stored."""

import hashlib
import json
import re
from collections.abc import Mapping

# What decides a time. No host name and no date: the same hardware is the same machine.
DECISIVE = ("processor", "cores", "gpu", "architecture", "torch")


def fingerprint(hardware: Mapping[str, object]) -> str:
    """A short hash of the hardware behind readable words, such as amd-epyc-9b14-1a2b3c. Raises KeyError for hardware
    that lacks a decisive field."""
    decisive = {key: hardware[key] for key in DECISIVE}
    digest = hashlib.sha256(json.dumps(decisive, sort_keys=True).encode()).hexdigest()[:6]
    words = " ".join(str(hardware[key]) for key in ("processor", "gpu") if hardware[key])
    words = re.sub(r"\((r|tm)\)|\bcpu\b|@.*?hz|\d+-core|processor", " ", words.lower())
    return "-".join([*re.findall(r"[a-z0-9]+", words), digest])
