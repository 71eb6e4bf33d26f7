"""The setup cell by itself: it finds the course or says where it looked, and in Colab it fetches the course."""

import os
import subprocess
import sys

import publish
import pytest
from stored_notebooks import ENGLISH, ROOT, read, source_of

COLAB = "import sys, types; sys.modules['google.colab'] = types.ModuleType('google.colab')\n"
FOUND = "\nprint(helpers.__file__)"


def cell(url=""):
    """Return the cell of a course that is published at this address, or of one that is not."""
    return publish.SETUP.sub(rf'\1"{url}", "main"', source_of(read(ENGLISH[0]), "setup"))


@pytest.fixture
def run(tmp_path):
    """Run code in a folder, with an empty home; return what it prints, or the last line of its error."""

    def run(code, folder=None):
        home = str(tmp_path / "home")
        environment = {**os.environ, "HOME": home, "USERPROFILE": home}
        result = subprocess.run(
            [sys.executable, "-c", code],
            cwd=folder or tmp_path,
            env=environment,
            capture_output=True,
            text=True,
        )
        return (result.stdout or result.stderr).strip()

    (tmp_path / "home").mkdir()
    return run


@pytest.fixture
def url(public):
    return public.as_uri()


IN_VS_CODE = f"__vsc_ipynb_file__ = {str(ENGLISH[0])!r}\n"
ELSEWHERE = "__vsc_ipynb_file__ = '/on/another/computer/01.ipynb'\n"
OURS = str(ROOT / "helpers" / "__init__.py")


@pytest.mark.parametrize(
    ("before", "folder"),
    [("", ROOT), ("", ROOT / "data/MNIST/raw"), (cell(), ROOT), (IN_VS_CODE, None), (ELSEWHERE, ROOT)],
    ids=["at its top", "in a folder", "twice", "in VS Code", "in VS Code on another computer"],
)
def test_course_is_found(run, before, folder):
    assert run(before + "\n" + cell() + FOUND, folder) == OURS


def test_cell_says_where_it_looked_and_fetches_nothing_outside_colab(run, tmp_path, url):
    error = run(cell(url))
    assert "RuntimeError: The course is not in" in error and repr(str(tmp_path)) in error
    assert not os.listdir(tmp_path / "home")


def test_module_of_the_students_own_named_helpers_is_not_taken_for_ours(run, tmp_path):
    (tmp_path / "helpers.py").touch()
    assert run(IN_VS_CODE + cell() + FOUND) == OURS


@pytest.mark.parametrize("other", ["helpers.py", "helpers/of_mine.py"])
def test_another_helpers_that_was_imported_before_is_refused(run, tmp_path, other):
    (tmp_path / other).parent.mkdir(exist_ok=True)
    (tmp_path / other).touch()
    error = run("import helpers\n" + IN_VS_CODE + cell())
    assert "RuntimeError: Restart the kernel and run this cell first" in error


def test_colab_fetches_a_branch_and_keeps_it(run, tmp_path, url):
    # A tag: test_colab.py.
    fetched = str(tmp_path / "home" / "pytorch-course" / "helpers" / "__init__.py")
    assert run(COLAB + cell(url) + FOUND) == fetched
    assert run(COLAB + cell("file:///gone") + FOUND) == fetched  # nobody is asked again
    assert os.listdir(tmp_path / "home") == ["pytorch-course"]


def test_colab_without_a_network_says_so_and_keeps_nothing(run, tmp_path):
    error = run(COLAB + cell((tmp_path / "nowhere").as_uri()))
    assert "RuntimeError: The course could not be fetched" in error and "nowhere" in error  # in git's words
    assert not os.listdir(tmp_path / "home")


def test_colab_fetches_anew_after_a_kernel_that_died_while_it_fetched(run, url):
    dies = """
import os, subprocess
def died(*arguments, run=subprocess.run, **options):
    run(*arguments, **options)
    os._exit(1)     # the files are there, but the folder has no name yet
subprocess.run = died
"""
    assert run(COLAB + dies + cell(url)) == ""
    assert "pytorch-course" in run(COLAB + cell(url) + FOUND)


def test_colab_cannot_fetch_a_course_that_is_not_published(run):
    assert "RuntimeError: The course is not in" in run(COLAB + cell())
