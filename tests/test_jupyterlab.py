"""The notebooks in a real JupyterLab in a real browser: what a student sees and does.

It needs Playwright for Python and the system's Chromium (`apt-get install chromium`, `pip install playwright`), and
is skipped where one is missing. Nothing is downloaded. What the browser showed is kept in .screenshots/.
"""

import contextlib
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
from urllib.parse import quote, urlsplit
from urllib.request import Request, urlopen

import pytest
from stored_notebooks import ENGLISH, PORTUGUESE, ROOT, answered, exercises, read

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
if CHROMIUM is None:
    pytest.skip("no Chromium on this computer", allow_module_level=True)
playwright = pytest.importorskip("playwright.sync_api", reason="Playwright for Python is not installed")

SHOTS = ROOT / ".screenshots"
SETTINGS = {
    # "none" keeps every cell in the page, so that pictures can be counted; the default removes what is off screen.
    "notebook-extension/tracker": {"windowingMode": "none"},
    "docmanager-extension/plugin": {"autosave": False},
    "apputils-extension/notification": {"fetchNews": "false"},
}

# Cells are read from JupyterLab's document model: collapsed ones are not in the page.
CELLS = r"""() => [...jupyterapp.shell.currentWidget.content.model.cells].map(c => ({
  id: c.id, type: c.type, times: window.times[c.id] ?? 0, busy: c.executionState === 'running',
  outputs: c.outputs ? c.outputs.toJSON() : []}))"""
# A short run fits between two looks at the page, and a stored cell looks as if it had been run: so count the starts.
COUNT_RUNS = r"""() => { window.times = {}; for (const c of jupyterapp.shell.currentWidget.content.model.cells)
  c.stateChanged.connect((_, e) => { if (e.name === 'executionState' && e.newValue === 'running')
    window.times[c.id] = (window.times[c.id] ?? 0) + 1; }); }"""
SELECT_SOURCE = r"""id => { const nb = jupyterapp.shell.currentWidget.content;
  nb.activeCellIndex = nb.widgets.findIndex(w => w.model.id === id); nb.deselectAll();
  nb.activeCell.editor.focus(); nb.activeCell.editor.editor.dispatch(
    {selection: {anchor: 0, head: nb.activeCell.model.sharedModel.source.length}}); }"""
KERNEL = "() => jupyterapp.shell.currentWidget.sessionContext.session?.kernel?.status ?? 'none'"
# How many pictures the page shows, and how many it could not load.
IMAGES = """() => { const loaded = [...document.querySelectorAll('.jp-Notebook img')].filter(i => i.complete);
  return [loaded.filter(i => i.naturalWidth).length, loaded.filter(i => !i.naturalWidth).length]; }"""


class Lab:
    """A JupyterLab of its own on this computer's loopback: settings, trust and checkpoints in a temporary folder."""

    def __init__(self, tmp):
        for name, value in SETTINGS.items():
            file = tmp / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(json.dumps(value))
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.url, self.token, self.log = f"http://127.0.0.1:{port}", secrets.token_hex(16), tmp / "server.log"
        folders = {f"JUPYTER_{name}_DIR": str(tmp / name.lower()) for name in ("CONFIG", "DATA", "RUNTIME")}
        options = [
            "--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={port}", "--ServerApp.port_retries=0",
            f"--ServerApp.root_dir={ROOT}", "--expose-app-in-browser", "--LabApp.extension_manager=readonly",
            f"--LabApp.user_settings_dir={tmp / 'settings'}", f"--LabApp.workspaces_dir={tmp / 'workspaces'}",
            f"--FileCheckpoints.checkpoint_dir={tmp / 'checkpoints'}",
        ]  # fmt: skip
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "jupyterlab", *options], stdout=log, stderr=subprocess.STDOUT,
                env={**os.environ, **folders, "JUPYTER_TOKEN": self.token}, cwd=ROOT,
            )  # fmt: skip
        wait_until(self.answers, 90, "JupyterLab does not start")

    def answers(self):
        assert self.process.poll() is None, self.log.read_text()[-2000:]
        with contextlib.suppress(OSError):
            return self.ask("GET", "/api/status")

    def ask(self, method, path):
        headers = {"Authorization": f"token {self.token}"}
        with urlopen(Request(self.url + path, method=method, headers=headers), timeout=30) as answer:
            return json.loads(answer.read() or b"true")

    def stop(self):
        self.process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(20)
        self.process.kill()


class Notebook:
    """A notebook opened in a browser of its own, as on a student's first visit: untrusted."""

    def __init__(self, browser, lab, path):
        self.name = path.relative_to(ROOT).with_suffix("").as_posix().replace("/", "-")
        self.page = browser.new_page(viewport={"width": 1280, "height": 1000})
        self.outside = set()
        self.page.on("request", self.note_outside)
        address = quote(path.relative_to(ROOT).as_posix())
        self.page.goto(f"{lab.url}/lab/tree/{address}?reset&token={lab.token}")
        cells = "window.jupyterapp?.shell.currentWidget?.content?.model?.cells"
        ready = f"{cells} && document.querySelector('.jp-Notebook .jp-Cell')"
        self.page.wait_for_function(ready, timeout=60_000)
        self.wait_for_kernel()
        self.page.evaluate(COUNT_RUNS)
        self.page.wait_for_timeout(500)  # Markdown, formulas and stored pictures settle

    def note_outside(self, request):
        if urlsplit(request.url).hostname not in ("127.0.0.1", None):
            self.outside.add(request.url)

    def wait_for_kernel(self):
        wait_until(lambda: self.page.evaluate(KERNEL) == "idle", 60, "the kernel does not get idle")

    def cells(self):
        return self.page.evaluate(CELLS)

    def run_all(self):
        self.page.locator(".lm-MenuBar-itemLabel").get_by_text("Run", exact=True).click()
        self.page.locator('.lm-Menu-item[data-command="runmenu:run-all"]').click()
        last = [cell for cell in self.cells() if cell["type"] == "code"][-1]["id"]
        self.wait_for_cell(last, times=1)

    def wait_for_cell(self, name, times):
        """Wait until a cell has been run so many times, or an error has ended the run."""

        def done():
            cells = self.cells()
            failed = any(output["output_type"] == "error" for cell in cells for output in cell["outputs"])
            has_run = next(cell["times"] for cell in cells if cell["id"] == name) >= times
            return (
                (has_run or failed)
                and not any(c["busy"] for c in cells)
                and self.page.evaluate(KERNEL) == "idle"
            )

        wait_until(done, 240, f"cell {name} is not run")

    def cell(self, name):
        place = [cell["id"] for cell in self.cells()].index(name)
        return self.page.locator(".jp-Notebook .jp-Cell").nth(place)

    def type_into(self, name, source):
        """Replace a cell's code, as a student does who selects it all and types."""
        self.page.evaluate(SELECT_SOURCE, name)
        self.page.keyboard.insert_text(source)

    def shoot(self, moment):
        SHOTS.mkdir(exist_ok=True)
        self.page.screenshot(path=SHOTS / f"{self.name}-{moment}.png")


def wait_until(done, seconds, problem):
    deadline = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < deadline, f"{problem} within {seconds} s"
        time.sleep(0.2)


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    lab = Lab(tmp_path_factory.mktemp("lab"))
    yield lab
    lab.stop()


@pytest.fixture(scope="module")
def browser():
    with playwright.sync_playwright() as driver:
        options = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=options)
        yield browser
        browser.close()


@pytest.fixture(scope="module", params=[*ENGLISH, PORTUGUESE[0]], ids=lambda path: path.stem)
def opened(request, lab, browser):
    """A notebook, opened once for the tests below, which run in their order: opened, run, read, solved."""
    notebook = Notebook(browser, lab, request.param)
    notebook.path = request.param
    yield notebook
    notebook.page.close()
    for session in lab.ask("GET", "/api/sessions"):
        lab.ask("DELETE", f"/api/sessions/{session['id']}")


def test_opened_untrusted_it_shows_every_picture_and_asks_nobody_outside(opened):
    opened.shoot("opened")
    stored = sum(
        "image/png" in output.get("data", {})
        for cell in read(opened.path).cells
        for output in cell.get("outputs", [])
    )
    wait_until(
        lambda: sum(opened.page.evaluate(IMAGES)) >= stored, 30, f"{stored} pictures are not in the page"
    )
    assert opened.page.evaluate(IMAGES)[1] == 0, "broken pictures"
    assert not opened.outside


def test_run_all_reaches_the_end_without_an_error(opened):
    opened.run_all()
    code = [cell for cell in opened.cells() if cell["type"] == "code"]
    errors = [
        (cell["id"], output["evalue"])
        for cell in code
        for output in cell["outputs"]
        if output["output_type"] == "error"
    ]
    assert not errors
    assert not [cell["id"] for cell in code if cell["times"] != 1], "cells that were not run"
    assert opened.page.evaluate(IMAGES)[1] == 0, "broken pictures"
    assert not opened.outside
    opened.shoot("run")


def test_hint_and_solution_unfold(opened):
    notebook = read(opened.path)
    hints = opened.cell(notebook.cells[exercises(notebook)[0] + 1].id)
    for folded in (hints.locator("details").first, hints.locator("details").last):
        body = folded.locator("p, pre").first
        assert not body.is_visible()
        folded.locator("summary").click()
        assert body.is_visible()
    opened.shoot("hints")


def test_solution_typed_into_its_cell_is_passed_in_green(opened):
    notebook = read(opened.path)
    place = exercises(notebook)[0]
    stub = notebook.cells[place]
    opened.type_into(stub.id, answered(notebook, place))
    opened.page.keyboard.press("Control+Enter")
    opened.wait_for_cell(stub.id, times=2)
    bar = opened.cell(stub.id).locator(".jp-OutputArea-output div[style*='border-left']")
    headline = bar.locator("div").first
    headline.scroll_into_view_if_needed()
    opened.shoot("solved")
    assert headline.inner_text().startswith("✓")
    assert headline.evaluate("e => getComputedStyle(e).color") == "rgb(26, 127, 55)"
