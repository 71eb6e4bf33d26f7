"""The course's site in a real browser: what a reader sees of it, in both languages.

It needs .github/site/requirements.txt, Playwright and the system's Chromium, and is skipped without them.
"""

import functools
import json
import re
import shutil
import subprocess
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import build_site
import publish
import pytest
from stored_notebooks import ENGLISH, PATHS, PORTUGUESE, ROOT, code_cells, exercises, read

for package in ("sphinx", "myst_nb", "furo", "sphinx_copybutton", "sphinxext.opengraph", "pagefind"):
    pytest.importorskip(package, reason=f"{package} is not installed")

URL = "https://github.com/some-school/pytorch-notebooks"
HOME = "https://some-school.github.io/pytorch-notebooks"
TWINS = [("index", "index"), ("data", "data")]
TWINS += [(a.stem, b.stem) for a, b in zip(ENGLISH, PORTUGUESE, strict=True)]
# Words of the notebooks 01, 02 ... in their language.
WORDS = {
    "en": ["sigmoid", "boundary", "weeks", "digits", "forward", "torchrun"],
    "pt-br": ["sigmoide", "fronteira", "semanas", "dígitos", "forward", "torchrun"],
}
PHONE = {"width": 390, "height": 844}
BROKEN = "() => [...document.images].filter(i => i.loading !== 'lazy' && !i.naturalWidth).map(i => i.src)"
CUT_OFF = "blocks => blocks.filter(b => b.scrollWidth > b.clientWidth).map(b => b.innerText)"


def style(element, name):
    return element.evaluate("(element, name) => getComputedStyle(element)[name]", name)


def pixels(element, name):
    return float(style(element, name).removesuffix("px"))


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A copy of what the site is made from, published; notebook 2's first figure answers a prediction."""
    course = tmp_path_factory.mktemp("course")
    unwanted = shutil.ignore_patterns("my_*", ".ipynb_checkpoints", "MNIST")
    for name in ("notebooks", "data", ".github/images"):
        shutil.copytree(ROOT / name, course / name, ignore=unwanted)
    shutil.copy(ROOT / "README.md", course)
    publish.main([URL], course)
    path = course / ENGLISH[1].relative_to(ROOT)
    notebook = json.loads(path.read_text(encoding="utf-8"))
    cell = next(cell for cell in notebook["cells"] if "image/png" in str(cell.get("outputs")))
    cell["metadata"] |= {"tags": ["hide-output"], "alt": "Three clouds of wines."}
    path.write_text(json.dumps(notebook), encoding="utf-8")
    return course


@pytest.fixture(scope="module")
def address(browser, course, tmp_path_factory):
    """The site below some path of an address, as GitHub Pages serves it."""
    folder = tmp_path_factory.mktemp("pages")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(build_site, "ROOT", course)
        build_site.main(folder / "some-course")
    handler = functools.partial(QuietHandler, directory=folder)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/some-course"
        server.shutdown()


@pytest.fixture(scope="module")
def wine(address):
    return f"{address}/en/{ENGLISH[1].stem}.html"


@pytest.fixture
def desktop(browser):
    with browser.new_context(viewport={"width": 1440, "height": 900}) as context:
        yield context.new_page()


@pytest.fixture
def page(browser):
    """A page on a phone; whatever a test opens in it makes no error and asks no other host."""
    with browser.new_context(viewport=PHONE) as context:
        page, faults = context.new_page(), []
        page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on(
            "request", lambda r: faults.append(r.url) if urlsplit(r.url).hostname != "127.0.0.1" else None
        )
        yield page
        assert faults == []


@pytest.mark.parametrize(("name", "twin"), TWINS)
def test_page_and_its_twin_are_whole_fit_phone_and_desktop_and_lead_to_each_other(page, address, name, twin):
    english, portuguese = f"{address}/en/{name}.html", f"{address}/pt-br/{twin}.html"
    for here, there, language in ((english, portuguese, "en"), (portuguese, english, "pt-BR")):
        page.goto(here)
        assert page.get_attribute("html", "lang") == language
        [link] = page.locator(f"a[hreflang], a[lang], a[href^='../{there.split('/')[-2]}/']").all()
        assert link.evaluate("link => link.href") == there
        assert page.evaluate(BROKEN) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        page.set_viewport_size({"width": 1440, "height": 900})
        cut_off = page.locator(".cell_input pre:visible").evaluate_all(CUT_OFF)
        assert [code for code in cut_off if max(map(len, code.splitlines())) <= 88] == []
        page.set_viewport_size(PHONE)


def test_page_scrolls_sideways_on_no_screen(page, wine):
    page.goto(wine)
    for width in (390, 820, 1024, 1280, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


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
        page.wait_for_selector(f"#search a[href*='0{number}_']", state="attached", timeout=10_000)


def test_search_leads_to_the_section_where_the_word_is(page, address):
    page.goto(f"{address}/en/search.html?q=overfitting")
    page.locator("#search a[href*='#']").first.click()
    page.wait_for_url("**#*")
    section = page.locator("section:has(> :target)")
    assert "overfitting" in section.inner_text().lower()
    page.wait_for_function("Math.abs(document.querySelector(':target').getBoundingClientRect().y) < 200")


def test_search_needs_no_accents(page, address):
    page.goto(f"{address}/pt-br/search.html?q=acuracia")
    page.wait_for_selector("#search mark:text('acurácia')", timeout=10_000)


def test_search_is_called_search_before_scripts_run(browser, address):
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{address}/pt-br/search.html")
        assert page.locator("h1").inner_text() == "Buscar"


def test_film_plays(page, address):
    page.goto(f"{address}/en/index.html")
    film = page.locator("img[src*=boundary]")
    film.scroll_into_view_if_needed()
    first = film.screenshot()
    assert any(film.screenshot() != first for _ in range(100))


def test_every_page_leads_to_the_repository(page, address):
    for name in ("index", "search", ENGLISH[0].stem):
        page.goto(f"{address}/en/{name}.html")
        assert page.locator("#repository").get_attribute("href") == URL


def test_notebook_is_opened_in_colab_downloaded_or_got_with_the_whole_course(page, address, course):
    page.goto(f"{address}/pt-br/{PORTUGUESE[0].stem}.html")
    name = f"notebooks/pt-br/{PORTUGUESE[0].name}"
    colab, download, whole = page.locator(".notice a").evaluate_all("links => links.map(link => link.href)")
    assert colab == f"{URL.replace('github.com', 'colab.research.google.com/github')}/blob/main/{name}"
    assert page.request.get(download).body() == (course / name).read_bytes()
    assert whole == f"{URL}/archive/main.zip"


def test_table_of_notebooks_opens_each_in_colab_or_downloads_it_under_the_names_of_the_sidebar(page, address):
    for folder in ("en", "pt-br"):
        page.goto(f"{address}/{folder}/index.html")
        rows = [row.locator("a").all_text_contents() for row in page.locator("tr:has(.button)").all()]
        assert {len(row) for row in rows} == {3}
        home, *sidebar, _ = page.locator(".sidebar-tree a").all_text_contents()
        assert home in ("Home", "Início") and [row[0] for row in rows] == sidebar


def test_course_that_is_not_published_leads_to_no_repository(tmp_path):
    build_site.lay_out(tmp_path / "en", build_site.EDITIONS["en"], "", "main")
    for path in (tmp_path / "en").iterdir():
        assert b"archive/main.zip" not in path.read_bytes() and b"/blob/main" not in path.read_bytes()


def test_prose_has_70_to_80_letters_a_line(desktop, wine):
    desktop.goto(wine)
    a_line = "p => p.innerText.length * parseFloat(getComputedStyle(p).lineHeight) / p.clientHeight"
    letters = desktop.locator("section > p").evaluate_all(f"all => all.map({a_line})")
    assert 70 <= max(letters) <= 80


def test_commands_wrap_and_letters_of_code_are_large_enough_on_a_phone(page, address):
    page.goto(f"{address}/en/index.html")
    commands = page.locator(":is(.highlight-bash, .highlight-powershell) pre")
    assert commands.count() and commands.evaluate_all(CUT_OFF) == []
    assert pixels(commands.first, "fontSize") >= 12
    page.goto(f"{address}/en/{ENGLISH[0].stem}.html")
    assert pixels(page.locator(".cell_input pre").last, "fontSize") >= 12


def test_numbers_of_a_table_stand_below_their_headings(page, wine):
    page.goto(wine)
    table = page.locator(".text_html table").first
    for cell in (table.locator("thead th").last, table.locator("td").last):
        assert style(cell, "textAlign") == "right" and pixels(cell, "borderLeftWidth") == 0


def test_each_figure_says_what_it_shows():
    """Each cell with a figure has a sentence of its own, and the Portuguese one is a translation."""
    said = [
        (path.name, cell.id, cell.metadata.get("alt", ""))
        for path in PATHS
        for cell in code_cells(read(path))
        if any("image/png" in output.get("data", {}) for output in cell.outputs)
    ]
    sentences = [sentence for *_, sentence in said]
    lacking = [
        one for one in said if not re.fullmatch(r"\S+( \S+){4,}\.", one[2]) or sentences.count(one[2]) > 1
    ]
    assert lacking == []


def test_figure_has_its_sentence_and_leads_to_its_file(page, wine):
    page.goto(wine)
    figure = page.get_by_alt_text("Three clouds of wines.", exact=True)
    source = figure.get_attribute("src")
    assert page.locator("a", has=figure).get_attribute("href") == source
    assert page.locator(".cell_output img").count() == page.locator(".cell_output a > img").count()


def test_setup_and_imports_are_folded_under_their_names(page, wine):
    page.goto(wine)
    folds = page.locator("details.hide")
    assert folds.nth(0).inner_text().strip() == "Setup" and folds.nth(1).inner_text().strip() == "Imports"
    folds.nth(0).locator("summary").click()
    assert "COURSE_URL" in folds.nth(0).inner_text()


@pytest.mark.parametrize("number", range(6))
def test_exercise_and_its_hints_are_in_a_box_that_waits_for_no_answer(page, address, number):
    page.goto(f"{address}/en/{ENGLISH[number].stem}.html")
    boxes = page.locator(".exercise").all()
    assert len(boxes) == len(exercises(read(ENGLISH[number])))
    for box in boxes:
        assert box.locator(".tag_exercise").count() == 1 and box.locator("details").count() >= 2
        assert style(box.locator("summary").first, "cursor") == "pointer"
        assert not box.locator(".tag_exercise .cell_output").count()


def test_solution_is_folded_and_opens(page, address):
    page.goto(f"{address}/en/{ENGLISH[0].stem}.html")
    solution = page.locator("details", has=page.locator("summary", has_text="Solution")).first
    assert not solution.locator("pre").first.is_visible()
    solution.locator("summary").first.click()
    assert solution.locator("pre").first.is_visible()


def test_output_that_is_to_be_predicted_is_folded_and_says_why(page, wine):
    page.goto(wine)
    fold = page.locator("details.hide", has=page.get_by_alt_text("Three clouds of wines."))
    assert "prediction" in fold.inner_text() and not fold.locator("img").is_visible()
    fold.locator("summary").click()
    assert fold.locator("img").is_visible()


def test_formulas_have_room(page, address):
    page.goto(f"{address}/en/{ENGLISH[0].stem}.html")
    name = page.locator("mo:text-is('ln')").first
    right = "(place) => place.getBoundingClientRect().x"
    assert (
        name.evaluate(f"ln => ({right})(ln.nextElementSibling) - ({right})(ln)") > 15
    )  # the letters take 13
    assert pixels(page.locator(".formula").first, "marginBottom") > 8


def test_head_describes_the_page_and_names_its_addresses(page, address):
    page.goto(f"{address}/pt-br/{PORTUGUESE[1].stem}.html")
    say = "tags => tags.map(tag => tag.content ?? tag.href)"
    [description] = page.locator("meta[name=description]").evaluate_all(say)
    assert description.startswith("Uma rede")
    [picture] = page.locator("meta[property='og:image']").evaluate_all(say)
    assert picture == f"{HOME}/pt-br/_images/boundary.png"
    assert page.request.get(picture.replace(HOME, address)).ok
    here, there = f"{HOME}/pt-br/{PORTUGUESE[1].stem}.html", f"{HOME}/en/{ENGLISH[1].stem}.html"
    assert page.locator("link[rel=canonical]").evaluate_all(say) == [here]
    assert page.locator("link[hreflang]").evaluate_all(say) == [here, there]


def test_print_has_all_code_and_all_hints_and_nothing_above_the_text(page, wine):
    page.goto(wine)
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 700, "height": 1000})  # A4, without margins
    assert page.locator("pre:visible").evaluate_all(CUT_OFF) == []
    assert page.locator(".exercise details pre").first.is_visible()
    assert not page.locator(".skip-to-content").is_visible()


def test_copy_button_has_a_name_and_is_seen_at_the_keyboard(desktop, address):
    for folder, name in (("en", "Copy"), ("pt-br", "Copiar")):
        desktop.goto(f"{address}/{folder}/index.html")
        button = desktop.get_by_role("button", name=name, exact=True).first
        button.focus()
        seen = "button => getComputedStyle(button).opacity === '1'"
        desktop.wait_for_function(seen, arg=button.element_handle())


def test_copy_button_is_large_enough_and_covers_no_code_on_a_phone(page, address):
    page.goto(f"{address}/en/index.html")
    button, code = page.locator(".copybtn").first, page.locator("pre").first
    box = button.bounding_box()
    assert min(box["width"], box["height"]) >= 24 and style(button, "opacity") == "1"
    assert box["y"] + box["height"] <= code.bounding_box()["y"] + pixels(code, "paddingTop")


def test_labels_of_the_portuguese_pages_are_portuguese(page, address):
    page.goto(f"{address}/pt-br/index.html")
    labels = page.locator("[aria-label]").evaluate_all("all => all.map(one => one.ariaLabel)")
    words = page.locator(".skip-to-content, .back-to-top, .toc-title").all_text_contents()
    assert words and not re.search(r"Toggle|Skip|Back|Search|this page", " ".join(labels + words))


def test_home_page_is_the_readme_for_students_and_has_the_same_rows_in_both_languages(page, address):
    rows = []
    for folder, mit in (("en", "MIT"), ("pt-br", "licença MIT")):
        page.goto(f"{address}/{folder}/index.html")
        assert (
            page.get_by_role("link", name=mit, exact=True).get_attribute("href") == f"{URL}/blob/main/LICENSE"
        )
        assert not page.locator("pre", has_text="pytest").count()
        rows.append(page.locator("tr").count())
    assert rows[0] == rows[1] > 6


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
