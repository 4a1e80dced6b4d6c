"""Under which protocol results were made, as a sentence that stands on every page that judges them."""

from dataclasses import replace

from study.judging.registration import Registration
from study.rendering.table import Page


def sentence(stored: Registration) -> str:
    """Which results were made under another protocol than the one that judges them."""
    said = [f"Judged by the protocol of {stored.registered} (`paper_tables/protocol.yaml`, digest `{stored.digest}`)."]
    if stored.before:
        said.append(f"Made before a protocol was registered: {', '.join(stored.before)}.")
    said += [f"Made under another protocol (`{one}`): {', '.join(names)}." for one, names in stored.others.items()]
    return " ".join(said)


def under(page: Page, stored: Registration) -> Page:
    """A page with that sentence in front."""
    return replace(page, parts=(sentence(stored), *page.parts))
