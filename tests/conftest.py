"""What holds for every run of the suite or a part of tests/, no network above all; and what several tests share.

A notebook that is run alone, `pytest notebooks/02_sgd_wine.ipynb`, goes without.
"""

import os
import runpy
import shutil
import subprocess
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
OFFLINE = TESTS / "offline"


def pytest_configure(config):
    # Kernels and other programs that tests start inherit the path, and with it the denial; this one gets it here.
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(OFFLINE), os.environ.get("PYTHONPATH")]))
    runpy.run_path(str(OFFLINE / "sitecustomize.py"))
    # With `-n 2`, two kernels compute at once. On two cores, two threads in each would wait for each other's.
    if getattr(config.option, "numprocesses", None):
        os.environ.setdefault("OMP_NUM_THREADS", "1")


def pytest_collection_modifyitems(items):
    # With -n 2, what takes longest begins first, so that both workers end at about the same time.
    items.sort(key=lambda item: item.path.name != "test_colab.py")


@pytest.fixture(scope="module")
def browser():
    """The system's Chromium; tests that need it are skipped where it or Playwright is missing."""
    names = ("chromium", "chromium-browser", "google-chrome")
    chromium = next(filter(None, map(shutil.which, names)), None)
    if chromium is None:
        pytest.skip("no Chromium on this computer")
    playwright = pytest.importorskip("playwright.sync_api", reason="Playwright for Python is not installed")
    with playwright.sync_playwright() as driver:
        options = ["--no-sandbox", "--disable-background-networking", "--disable-component-update"]
        browser = driver.chromium.launch(executable_path=chromium, args=options)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def public(tmp_path_factory):
    """The folder of a git repository of the course as it stands here, published on branch main and under tag v1."""
    import publish

    course = tmp_path_factory.mktemp("public")
    unwanted = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints", "my_*", "*-ubyte")
    for name in ("helpers", "data", "notebooks"):
        shutil.copytree(TESTS.parent / name, course / name, ignore=unwanted)
    shutil.copy(TESTS.parent / "README.md", course)
    publish.main(["https://github.com/some-school/pytorch-notebooks", "--ref", "v1"], course)
    identity = ["-c", "user.name=test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false"]
    for command in (
        ["init", "--quiet", "--initial-branch=main"],
        ["add", "--all"],
        [*identity, "commit", "--quiet", "--message=v1"],
        ["tag", "v1"],
    ):
        subprocess.run(["git", *command], cwd=course, check=True)
    return course
