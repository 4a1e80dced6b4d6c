"""The report in headless Chromium without a network: it works, by keyboard too, and axe finds nothing serious."""

import os
import shutil
from importlib import resources
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

from study.rendering.document import document

CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)
# .ci/run installs it, so nothing is skipped there.
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None and "CI" not in os.environ, reason="no Chromium on this machine"),
]
FLAGS = ["--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update"]
FLAGS += ["--disable-sync", "--disable-gpu"]


@pytest.fixture(scope="module")
def file(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(document("desk"), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def browser():
    flags = [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else FLAGS
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield started
        started.close()


@pytest.fixture
def page(browser, file, request):
    """The report at a width and in a colour scheme, offline; a message of the console or a request is a failure."""
    width, scheme = getattr(request, "param", (1280, "light"))
    context = browser.new_context(offline=True, viewport={"width": width, "height": 900}, color_scheme=scheme)
    opened = context.new_page()
    faults: list[str] = []
    opened.on("console", lambda message: faults.append(message.text))
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.on("request", lambda request: faults.append(request.url) if request.url.startswith("http") else None)
    opened.goto(file.as_uri())
    yield opened
    context.close()
    assert faults == []


def sides(page: Page) -> tuple[int, int]:
    return page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")


@pytest.mark.parametrize("page", [(375, "light"), (1280, "light")], indirect=True)
def test_the_page_never_scrolls_sideways(page):
    whole, seen = sides(page)
    assert whole <= seen


@pytest.mark.parametrize("page", [(1280, "light"), (1280, "dark"), (375, "dark")], indirect=True)
def test_axe_finds_nothing_serious(page):
    page.evaluate((resources.files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate("axe.run().then(result => result.violations.map(one => [one.impact, one.id, one.help]))")
    assert [one for one in found if one[0] in ("serious", "critical")] == []


def test_a_column_is_sorted_by_the_keyboard(page):
    head = page.locator("#answer-table thead th").nth(2)
    head.locator("button").focus()
    page.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") == "ascending"

    def errors() -> list[float]:
        texts = page.locator("#answer-table tbody tr td:nth-child(3)").all_inner_texts()
        return [float(text.split()[0]) for text in texts if text[0].isdigit()]

    assert errors() == sorted(errors())
    page.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") == "descending"
    assert errors() == sorted(errors(), reverse=True)


def test_the_first_stop_of_the_keyboard_leads_to_the_answer(page):
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#answer"


def test_it_prints(page, tmp_path):
    page.pdf(path=tmp_path / "report.pdf", format="A4")
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF")
