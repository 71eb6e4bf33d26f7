"""The course's site in a real browser: what a reader sees of it, in both languages.

It needs .github/site/requirements.txt, Playwright and the system's Chromium, and is skipped where one is missing.
"""

import functools
import shutil
import subprocess
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest
from stored_notebooks import CHROMIUM, ENGLISH, PORTUGUESE, ROOT

if CHROMIUM is None:
    pytest.skip("no Chromium on this computer", allow_module_level=True)
for package in ("sphinx", "myst_nb", "furo", "sphinx_copybutton"):
    pytest.importorskip(package, reason=f"{package} is not installed")
playwright = pytest.importorskip("playwright.sync_api", reason="Playwright for Python is not installed")
import build  # noqa: E402  (of .github/site/)

TWINS = {
    "index": "index",
    "data": "data",
    **{a.stem: b.stem for a, b in zip(ENGLISH, PORTUGUESE, strict=True)},
}
PAGES = [f"en/{page}" for page in TWINS] + [f"pt-br/{page}" for page in TWINS.values()]
# A word of each notebook, in its language.
WORDS = {
    "en": {
        "sigmoid": "01",
        "boundary": "02",
        "weeks": "03",
        "digits": "04",
        "forward": "05",
        "torchrun": "06",
    },
    "pt-br": {
        "sigmoide": "01",
        "fronteira": "02",
        "semanas": "03",
        "dígitos": "04",
        "forward": "05",
        "torchrun": "06",
    },
}
IMAGES = "() => [...document.images].filter(i => i.loading !== 'lazy' && !i.naturalWidth).map(i => i.src)"


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """The site below some path of an address, as GitHub Pages serves it."""
    folder = tmp_path_factory.mktemp("pages")
    build.main(folder / "some-course")
    handler = functools.partial(QuietHandler, directory=folder)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/some-course"
        server.shutdown()


@pytest.fixture(scope="module")
def chromium():
    with playwright.sync_playwright() as started:
        options = ["--no-sandbox", "--disable-background-networking", "--disable-component-update"]
        browser = started.chromium.launch(executable_path=CHROMIUM, args=options)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium):
    with chromium.new_context(viewport={"width": 390, "height": 844}, locale="pt-BR") as context:
        yield context.new_page()


@pytest.mark.parametrize("name", PAGES)
def test_page_is_whole_asks_no_other_host_and_fits_a_phone(page, address, name):
    faults = []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda r: faults.append(r.url) if urlsplit(r.url).hostname != "127.0.0.1" else None)
    page.goto(f"{address}/{name}.html", wait_until="load")
    assert faults == [] and page.evaluate(IMAGES) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize(("name", "twin"), TWINS.items())
def test_page_and_its_twin_lead_to_each_other(page, address, name, twin):
    page.goto(f"{address}/en/{name}.html")
    page.locator("#twin").click()
    assert page.url == f"{address}/pt-br/{twin}.html" and page.get_attribute("html", "lang") == "pt-BR"
    page.locator("#twin").click()
    assert page.url == f"{address}/en/{name}.html"


@pytest.mark.parametrize(("locale", "folder"), [("pt-BR", "pt-br"), ("pt", "pt-br"), ("de-DE", "en")])
def test_root_opens_the_edition_of_the_browsers_language(chromium, address, locale, folder):
    with chromium.new_context(locale=locale) as context:
        page = context.new_page()
        page.goto(f"{address}/")
        page.wait_for_url(f"{address}/{folder}/index.html")


@pytest.mark.parametrize("folder", WORDS)
def test_search_finds_a_word_of_each_notebook(page, address, folder):
    for word, number in WORDS[folder].items():
        page.goto(f"{address}/{folder}/search.html?q={word}")
        page.wait_for_selector(f"#search-results a[href*='{number}_']", state="attached", timeout=10_000)


def test_film_plays(page, address):
    page.goto(f"{address}/en/index.html")
    film = page.locator("img[src*=boundary]")
    film.scroll_into_view_if_needed()
    frames = set()
    for _ in range(8):
        frames.add(film.screenshot())
        page.wait_for_timeout(350)
    assert len(frames) > 2


def test_hint_is_folded_and_opens(page, address):
    page.goto(f"{address}/en/{ENGLISH[0].stem}.html")
    hint = page.locator("details", has=page.locator("summary", has_text="Solution")).first
    code = hint.locator("pre").first
    assert not code.is_visible()
    hint.locator("summary").first.click()
    assert code.is_visible()


def test_setup_cell_is_out_of_the_way(page, address):
    page.goto(f"{address}/en/{ENGLISH[0].stem}.html")
    assert not page.get_by_text("COURSE_URL").first.is_visible()


@pytest.mark.parametrize(
    ("look", "width", "scheme"), [("light", 1280, "light"), ("dark", 1280, "dark"), ("phone", 390, "light")]
)
def test_pages_are_pictured_in_light_dark_and_on_a_phone(chromium, address, look, width, scheme):
    with chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme) as context:
        page = context.new_page()
        page.goto(f"{address}/en/{ENGLISH[1].stem}.html")
        ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
        page.screenshot(path=ROOT / ".screenshots" / f"site-{look}.png", full_page=look == "phone")
    assert (ground == "rgb(255, 255, 255)") == (scheme == "light")


def test_link_that_leads_nowhere_fails_the_build(tmp_path, monkeypatch):
    for name in ("README.md", "notebooks", "data", ".github/images"):
        source, copy = ROOT / name, tmp_path / "course" / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(source, copy) if source.is_dir() else shutil.copy(source, copy)
    readme = tmp_path / "course" / "README.md"
    readme.write_text(
        "[nowhere](notebooks/09_nowhere.ipynb)\n\n" + readme.read_text(encoding="utf-8"), encoding="utf-8"
    )
    monkeypatch.setattr(build, "ROOT", tmp_path / "course")
    with pytest.raises(subprocess.CalledProcessError):
        build.main(tmp_path / "site")
