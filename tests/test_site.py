"""The course's site in a real browser: what a reader sees of it, in both languages.

It needs .github/site/requirements.txt, Playwright and the system's Chromium, and is skipped where one is missing.
"""

import functools
import subprocess
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import build_site
import pytest
from stored_notebooks import ENGLISH, PORTUGUESE, ROOT

for package in ("sphinx", "myst_nb", "furo", "sphinx_copybutton"):
    pytest.importorskip(package, reason=f"{package} is not installed")

TWINS = [("index", "index"), ("data", "data")]
TWINS += [(a.stem, b.stem) for a, b in zip(ENGLISH, PORTUGUESE, strict=True)]
# Words of the notebooks 01, 02 ... in their language.
WORDS = {
    "en": ["sigmoid", "boundary", "weeks", "digits", "forward", "torchrun"],
    "pt-br": ["sigmoide", "fronteira", "semanas", "dígitos", "forward", "torchrun"],
}
BROKEN = "() => [...document.images].filter(i => i.loading !== 'lazy' && !i.naturalWidth).map(i => i.src)"


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def address(browser, tmp_path_factory):
    """The site below some path of an address, as GitHub Pages serves it."""
    folder = tmp_path_factory.mktemp("pages")
    build_site.main(folder / "some-course")
    handler = functools.partial(QuietHandler, directory=folder)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/some-course"
        server.shutdown()


@pytest.fixture
def page(browser):
    """A page on a phone; whatever a test opens in it makes no error and asks no other host."""
    with browser.new_context(viewport={"width": 390, "height": 844}) as context:
        page, faults = context.new_page(), []
        page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on(
            "request", lambda r: faults.append(r.url) if urlsplit(r.url).hostname != "127.0.0.1" else None
        )
        yield page
        assert faults == []


@pytest.mark.parametrize(("name", "twin"), TWINS)
def test_page_and_its_twin_are_whole_fit_a_phone_and_lead_to_each_other(page, address, name, twin):
    english, portuguese = f"{address}/en/{name}.html", f"{address}/pt-br/{twin}.html"
    for here, there, language in ((english, portuguese, "en"), (portuguese, english, "pt-BR")):
        page.goto(here)
        assert page.get_attribute("html", "lang") == language
        assert page.locator("#twin").evaluate("link => link.href") == there
        assert page.evaluate(BROKEN) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize(("locale", "folder"), [("pt-PT", "pt-br"), ("de-DE", "en")])
def test_root_opens_the_edition_of_the_browsers_language(browser, address, locale, folder):
    with browser.new_context(locale=locale) as context:
        page = context.new_page()
        page.goto(f"{address}/")
        page.wait_for_url(f"{address}/{folder}/index.html")


@pytest.mark.parametrize("folder", WORDS)
def test_search_finds_a_word_of_each_notebook(page, address, folder):
    for number, word in enumerate(WORDS[folder], 1):
        page.goto(f"{address}/{folder}/search.html?q={word}")
        page.wait_for_selector(f"#search-results a[href*='0{number}_']", state="attached", timeout=10_000)


def test_film_plays(page, address):
    page.goto(f"{address}/en/index.html")
    film = page.locator("img[src*=boundary]")
    film.scroll_into_view_if_needed()
    first = film.screenshot()
    assert any(film.screenshot() != first for _ in range(100))


def test_solution_is_folded_and_opens_and_the_setup_cell_is_out_of_the_way(page, address):
    page.goto(f"{address}/en/{ENGLISH[0].stem}.html")
    assert not page.get_by_text("COURSE_URL").first.is_visible()
    solution = page.locator("details", has=page.locator("summary", has_text="Solution")).first
    assert not solution.locator("pre").first.is_visible()
    solution.locator("summary").first.click()
    assert solution.locator("pre").first.is_visible()


@pytest.mark.parametrize(
    ("look", "width", "scheme"), [("light", 1280, "light"), ("dark", 1280, "dark"), ("phone", 390, "light")]
)
def test_pages_are_pictured_in_light_dark_and_on_a_phone(browser, address, look, width, scheme):
    with browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme) as context:
        page = context.new_page()
        page.goto(f"{address}/en/{ENGLISH[1].stem}.html")
        ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
        page.screenshot(path=ROOT / ".screenshots" / f"site-{look}.png", full_page=look == "phone")
    assert (ground == "rgb(255, 255, 255)") == (scheme == "light")


def test_link_that_leads_nowhere_fails_the_build(tmp_path, monkeypatch, capfd):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "README.md").write_text("# Data")
    link = "[nowhere](notebooks/09_nowhere.ipynb)"
    (tmp_path / "README.md").write_text(f"# Course\n\n{link}\n\n## For maintainers")
    monkeypatch.setattr(build_site, "ROOT", tmp_path)
    monkeypatch.setattr(build_site, "EDITIONS", {"en": build_site.EDITIONS["en"]})
    with pytest.raises(subprocess.CalledProcessError):
        build_site.main(tmp_path / "site")
    assert "09_nowhere" in capfd.readouterr().err
