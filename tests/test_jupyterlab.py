"""A notebook of each edition in a real JupyterLab in a real browser: what a student sees and does.

It needs Playwright for Python and the system's Chromium (`apt-get install chromium`, `pip install playwright`), and
is skipped where one is missing. Nothing is downloaded. What the browser showed is kept in .screenshots/.
"""

import json
import os
import socket
import subprocess
import sys
import time
from urllib.parse import urlsplit

import pytest
from stored_notebooks import CHROMIUM, ENGLISH, PORTUGUESE, ROOT, answered, exercises, read

if CHROMIUM is None:
    pytest.skip("no Chromium on this computer", allow_module_level=True)
playwright = pytest.importorskip("playwright.sync_api", reason="Playwright for Python is not installed")

SHOTS = ROOT / ".screenshots"
# Every cell is kept in the page, so that pictures can be counted; the default removes what is off screen.
SETTINGS = {"@jupyterlab/notebook-extension/tracker.jupyterlab-settings": {"windowingMode": "none"}}

# JupyterLab's own objects: collapsed cells are not in the page.
NOTEBOOK = "jupyterapp.shell.currentWidget"
READY = f"window.jupyterapp && {NOTEBOOK}?.sessionContext?.session?.kernel?.status === 'idle'"
IDS = f"() => [...{NOTEBOOK}.content.model.cells].map(cell => cell.id)"
RUN_ALL = "() => jupyterapp.commands.execute('notebook:run-all-cells')"
ERRORS = f"""() => [...{NOTEBOOK}.content.model.cells].flatMap(cell => (cell.outputs?.toJSON() ?? [])
  .filter(output => output.output_type === 'error').map(output => `${{cell.id}}: ${{output.evalue}}`))"""
REPLACE_AND_RUN = f"""([place, source]) => {{ const notebook = {NOTEBOOK}.content;
  notebook.activeCellIndex = place; notebook.activeCell.model.sharedModel.setSource(source);
  return jupyterapp.commands.execute('notebook:run-cell'); }}"""
# How many pictures the page shows, and how many it could not load.
IMAGES = """() => { const loaded = [...document.querySelectorAll('.jp-Notebook img')].filter(i => i.complete);
  return [loaded.filter(i => i.naturalWidth).length, loaded.filter(i => !i.naturalWidth).length]; }"""


@pytest.fixture(scope="module")
def lab(public, tmp_path_factory):
    """The address of a JupyterLab on this computer that shows a copy of the course, in which it may save."""
    folder = tmp_path_factory.mktemp("lab")
    for name, settings in SETTINGS.items():
        (folder / name).parent.mkdir(parents=True)
        (folder / name).write_text(json.dumps(settings))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = [
        "--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={port}", "--ServerApp.port_retries=0",
        "--expose-app-in-browser", f"--LabApp.user_settings_dir={folder}", "--IdentityProvider.token=token",
    ]  # fmt: skip
    folders = {f"JUPYTER_{name}_DIR": str(folder / name) for name in ("CONFIG", "DATA", "RUNTIME")}
    command = [sys.executable, "-m", "jupyterlab", *options]
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(
            command, cwd=public, env={**os.environ, **folders}, stdout=log, stderr=subprocess.STDOUT
        )
    deadline = time.monotonic() + 90
    while socket.socket().connect_ex(("127.0.0.1", port)):
        assert server.poll() is None and time.monotonic() < deadline, (folder / "log").read_text()[-2000:]
        time.sleep(0.2)
    yield f"http://127.0.0.1:{port}/lab/tree/{{name}}?reset&token=token"
    server.terminate()
    server.wait(30)


@pytest.fixture(scope="module")
def browser():
    with playwright.sync_playwright() as driver:
        options = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=options)
        yield browser
        browser.close()


class Opened:
    """A notebook on a student's first visit, untrusted, and whom the page has asked for something elsewhere."""

    def __init__(self, browser, address, path):
        self.path, self.notebook, self.outside = path, read(path), set()
        self.page = browser.new_page(viewport={"width": 1280, "height": 1000})
        self.page.on("request", self.note_outside)
        self.page.goto(address.format(name=path.relative_to(ROOT).as_posix()))
        self.page.wait_for_function(READY, timeout=90_000)

    def note_outside(self, request):
        if urlsplit(request.url).hostname not in ("127.0.0.1", None):
            self.outside.add(request.url)

    def cell(self, name):
        return self.page.locator(".jp-Notebook .jp-Cell").nth(self.page.evaluate(IDS).index(name))

    def shoot(self, moment):
        SHOTS.mkdir(exist_ok=True)
        self.page.screenshot(path=SHOTS / f"{self.path.stem}-{moment}.png")


@pytest.fixture(scope="module", params=[ENGLISH[1], PORTUGUESE[0]], ids=lambda path: path.stem)
def opened(request, lab, browser):
    """A notebook, opened once for the tests below, which run in their order: opened, run, read, solved."""
    opened = Opened(browser, lab, request.param)
    yield opened
    opened.page.close()


def test_opened_untrusted_it_shows_every_picture_and_asks_nobody_outside(opened):
    outputs = [output for cell in opened.notebook.cells for output in cell.get("outputs", [])]
    stored = sum("image/png" in output.get("data", {}) for output in outputs)
    opened.page.wait_for_function(f"({IMAGES})()[0] >= {stored}", timeout=30_000)
    opened.shoot("opened")
    assert opened.page.evaluate(IMAGES)[1] == 0, "broken pictures"
    assert not opened.outside


def test_run_all_reaches_the_end_without_an_error(opened):
    reached_the_end = opened.page.evaluate(RUN_ALL)
    opened.shoot("run")
    assert opened.page.evaluate(ERRORS) == [] and reached_the_end
    assert opened.page.evaluate(IMAGES)[1] == 0, "broken pictures"
    assert not opened.outside


def test_hint_and_solution_unfold(opened):
    hints = opened.cell(opened.notebook.cells[exercises(opened.notebook)[0] + 1].id)
    for folded in (hints.locator("details").first, hints.locator("details").last):
        body = folded.locator("p, pre").first
        assert not body.is_visible()
        folded.locator("summary").click()
        assert body.is_visible()
    opened.shoot("hints")


def test_solution_in_its_cell_is_passed_in_green(opened):
    place = exercises(opened.notebook)[0]
    name = opened.notebook.cells[place].id
    answer = [opened.page.evaluate(IDS).index(name), answered(opened.notebook, place)]
    assert opened.page.evaluate(REPLACE_AND_RUN, answer)
    headline = opened.cell(name).locator(".jp-OutputArea-output div[style*='border-left'] div").first
    headline.scroll_into_view_if_needed()
    opened.shoot("solved")
    assert headline.inner_text().startswith("✓")
    assert headline.evaluate("e => getComputedStyle(e).color") == "rgb(31, 136, 61)"
