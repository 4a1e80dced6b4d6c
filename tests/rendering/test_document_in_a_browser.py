"""The report in headless Chromium without a network: it works, by keyboard too, and axe finds nothing serious."""

import os
import shutil
from importlib import resources
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

from study.rendering.document import document
from study.settings import paths
from tests.rendering.swept import sweep

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


@pytest.mark.parametrize(("page", "most"), [((1280, "light"), 10), ((375, "light"), 15)], indirect=["page"])
def test_before_anything_is_unfolded_there_are_few_screens(page, most):
    assert page.evaluate("document.documentElement.scrollHeight / innerHeight") <= most


@pytest.mark.parametrize("page", [(1280, "light"), (375, "light")], indirect=True)
def test_the_answer_is_on_the_first_screen(page):
    bottom = "element => element.getBoundingClientRect().bottom"
    assert page.locator(".parts").evaluate(bottom) < 600
    assert page.locator("#endpoint-table tr.chosen").evaluate(bottom) < 844  # the paper's network is the first row


def test_the_figure_is_on_the_first_screen_of_a_desktop(page):
    assert page.locator("#figure-tradeoff img").evaluate("element => element.getBoundingClientRect().bottom") < 800


@pytest.mark.parametrize("page", [(1280, "light"), (375, "dark")], indirect=True)
def test_what_goes_on_beyond_the_screen_says_so(page):
    hinted = "[...document.querySelectorAll('.scroll')].map(one => [one.scrollWidth > one.clientWidth + 1, "
    hinted += "one.classList.contains('more')])"
    for folded in page.locator("details").all():
        folded.evaluate("element => { element.open = true; }")
    page.wait_for_function(f"{hinted}.every(([wide, said]) => wide === said)")
    assert any(wide for wide, _ in page.evaluate(hinted))


@pytest.mark.parametrize("page", [(1280, "dark")], indirect=True)
def test_a_dark_page_has_no_white_boxes(page):
    chosen = page.evaluate("[...document.querySelectorAll('figure picture img')].map(one => one.currentSrc)")
    darker = page.evaluate("[...document.querySelectorAll('figure picture source')].map(one => one.srcset)")
    assert chosen[0] == darker[0]
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    pixels = """async () => {
      const found = [];
      for (const image of document.querySelectorAll('figure picture img')) {
        await image.decode();
        const canvas = document.createElement('canvas');
        const paper = canvas.getContext('2d');
        paper.drawImage(image, 0, 0);
        found.push([...paper.getImageData(0, 0, 1, 1).data.slice(0, 3)]);
      }
      return found;
    }"""
    assert {tuple(corner) for corner in page.evaluate(pixels)} == {(24, 24, 24)}
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(24, 24, 24)"


def visible(page: Page) -> list[str]:
    return page.locator("#leaderboard-table tbody tr:visible th").all_inner_texts()


def test_the_leaderboard_is_filtered_by_rows_data_and_words(page):
    first = visible(page)
    assert "WAE+CNN" in first
    assert not any("scratch" in name for name in first)
    page.select_option(".filters [name=rows]", "")
    assert len(visible(page)) > len(first)
    page.fill(".filters [name=text]", "taylor-1")
    assert all("Taylor-1" in name for name in visible(page))
    page.fill(".filters [name=text]", "")
    page.select_option(".filters [name=place]", "objects, ResNet-50")
    assert "ResNet-50" in visible(page)
    assert "VGG16" not in visible(page)
    assert page.locator(".filters output").inner_text().startswith(f"{len(visible(page))} of ")


def test_the_leaderboard_shows_the_times_of_the_chosen_hardware(page):
    names = page.locator(".filters [name=hardware] option").evaluate_all("all => all.map(one => one.value)")
    cell = page.locator("#leaderboard-table tbody tr:visible").first.locator("[data-taken]").first
    shown = []
    for name in names:
        page.select_option(".filters [name=hardware]", name)
        shown.append(cell.inner_text())
        assert page.locator(".hardware:visible").count() == 1
    assert len(set(shown)) == len(names) > 1


@pytest.fixture
def file_with_sweep(tmp_path, monkeypatch) -> Path:
    for name in ("params.yaml", "paper_tables"):
        (tmp_path / name).symlink_to(Path(name).resolve())
    results = tmp_path / paths.results("desk")
    shutil.copytree(paths.results("desk"), results)
    sweep(results / "sweep", (0.0, 0.1, 1.0, 10.0))
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "report.html"
    path.write_text(document("desk"), encoding="utf-8")
    return path


def test_lambda_is_moved_by_the_keyboard_and_only_its_pictures_are_shown(page, file_with_sweep):
    page.goto(file_with_sweep.as_uri())
    slider = page.get_by_role("slider")
    shown = page.locator(".setting:visible")
    assert (shown.count(), shown.get_attribute("data-value")) == (1, "1")
    slider.focus()
    page.keyboard.press("ArrowRight")
    assert (shown.count(), shown.get_attribute("data-value")) == (1, "10")
    assert slider.get_attribute("aria-valuetext") == "lambda 10"
    page.keyboard.press("Home")
    assert shown.get_attribute("data-value") == "0"
    assert shown.locator("img").count() == 2 * 4


def test_a_link_unfolds_what_it_leads_to(page):
    assert not page.locator("#claims").evaluate("element => element.open")
    page.locator("nav a[href='#claims']").click()
    page.wait_for_function("document.getElementById('claims').open")


def test_a_column_is_sorted_by_the_keyboard(page):
    head = page.locator("#leaderboard-table thead th").nth(2)
    head.locator("button").focus()
    page.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") == "ascending"

    def errors() -> list[float]:
        texts = page.locator("#leaderboard-table tbody tr:visible td:nth-child(3)").all_inner_texts()
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
