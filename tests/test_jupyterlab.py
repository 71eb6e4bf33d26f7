"""A notebook in a real JupyterLab in a real browser: what a student sees and does.

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
from stored_notebooks import ENGLISH, ROOT, answered, exercises, read

PATH = ENGLISH[1]  # with the film
NOTEBOOK = read(PATH)
# The exercise after these two: the first that a student solves in this test.
SOLVED = exercises(NOTEBOOK)[1]
SHOTS = ROOT / ".screenshots"
# Every cell is kept in the page, so that pictures can be counted; the default removes what is off screen.
SETTINGS = {"@jupyterlab/notebook-extension/tracker.jupyterlab-settings": {"windowingMode": "none"}}

READY = "window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'"
# Type an answer into a cell, and run all above and the cell itself; whether none of them fails.
SOLVE = """async ([place, source]) => {
  const notebook = jupyterapp.shell.currentWidget.content, run = name => jupyterapp.commands.execute(name);
  notebook.activeCellIndex = place;
  notebook.activeCell.model.sharedModel.setSource(source);
  const above = await run('notebook:run-all-above');
  notebook.activeCellIndex = place;
  return above && await run('notebook:run-cell'); }"""
# How many pictures the page shows, and how many it could not load.
IMAGES = """() => { const loaded = [...document.querySelectorAll('.jp-Notebook img')].filter(i => i.complete);
  return [loaded.filter(i => i.naturalWidth).length, loaded.filter(i => !i.naturalWidth).length]; }"""


@pytest.fixture(scope="module")
def lab(browser, public, tmp_path_factory):
    """The address of a JupyterLab on this computer that shows a copy of the course, in which it may save."""
    folder = tmp_path_factory.mktemp("lab")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    for name, settings in SETTINGS.items():
        (folder / name).parent.mkdir(parents=True)
        (folder / name).write_text(json.dumps(settings))
    options = [
        "--no-browser",
        "--allow-root",
        "--ip=127.0.0.1",
        f"--port={port}",
        "--ServerApp.port_retries=0",
        "--expose-app-in-browser",
        f"--LabApp.user_settings_dir={folder}",
        "--IdentityProvider.token=token",
    ]
    folders = {f"JUPYTER_{name}_DIR": str(folder / name) for name in ("CONFIG", "DATA", "RUNTIME")}
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *options],
            cwd=public,
            env={**os.environ, **folders},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    deadline = time.monotonic() + 90
    while "is running at" not in (folder / "log").read_text():
        assert server.poll() is None and time.monotonic() < deadline, (folder / "log").read_text()[-2000:]
        time.sleep(0.2)
    yield f"http://127.0.0.1:{port}/lab/tree/{{name}}?reset&token=token"
    server.terminate()
    server.wait(30)


@pytest.fixture(scope="module")
def page(lab, browser):
    """The notebook on a student's first visit, untrusted, with all its pictures; it asks for nothing elsewhere."""
    page, hosts = browser.new_page(viewport={"width": 1280, "height": 1000}), set()
    page.on("request", lambda request: hosts.add(urlsplit(request.url).hostname))
    page.goto(lab.format(name=PATH.relative_to(ROOT).as_posix()))
    page.wait_for_function(READY, timeout=90_000)
    # Until the last has arrived, cells move, and each test may be the first.
    # What answers a prediction stays folded until its cell is run.
    unfolded = [c for c in NOTEBOOK.cells if not c.metadata.get("jupyter", {}).get("outputs_hidden")]
    outputs = [output for cell in unfolded for output in cell.get("outputs", [])]
    stored = sum("image/png" in output.get("data", {}) for output in outputs)
    page.wait_for_function(f"({IMAGES})()[0] >= {stored}", timeout=30_000)
    yield page
    page.close()
    assert hosts <= {"127.0.0.1", None}


def cell(page, place):
    return page.locator(".jp-Notebook .jp-Cell").nth(place)


def test_opened_untrusted_it_shows_every_picture(page):
    page.screenshot(path=SHOTS / "jupyterlab-opened.png")
    assert page.evaluate(IMAGES)[1] == 0, "broken pictures"


def test_hint_and_solution_unfold(page):
    hints = cell(page, SOLVED + 1)
    for folded in (hints.locator("details").first, hints.locator("details").last):
        body = folded.locator("p, pre").first
        assert not body.is_visible()
        folded.locator("summary").click()
        body.wait_for(state="visible")
    page.screenshot(path=SHOTS / "jupyterlab-hints.png")


def test_all_cells_down_to_a_solved_exercise_run_and_it_is_passed_in_green(page):
    assert page.evaluate(SOLVE, [SOLVED, answered(NOTEBOOK, SOLVED)])
    assert page.evaluate(IMAGES)[1] == 0, "broken pictures"
    headline = cell(page, SOLVED).locator(".jp-OutputArea-output div[style*='border-left'] div").first
    headline.scroll_into_view_if_needed()
    page.screenshot(path=SHOTS / "jupyterlab-solved.png")
    assert headline.inner_text().startswith("✓")
    assert headline.evaluate("e => getComputedStyle(e).color") == "rgb(31, 136, 61)"
