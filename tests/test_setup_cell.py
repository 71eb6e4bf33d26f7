"""The setup cell: from any folder of the course, and only with our own helpers."""

import subprocess
import sys

import pytest
from stored_notebooks import ENGLISH, ROOT, read, source_of


@pytest.fixture(scope="module")
def setup_cell():
    return source_of(read(ENGLISH[0]), "setup")


def run(code, folder):
    return subprocess.run(
        [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, timeout=60
    )


@pytest.mark.parametrize("folder", [".", "notebooks", "data/MNIST/raw"])
def test_setup_finds_our_helpers_from_any_folder_of_the_course(setup_cell, folder):
    result = run(setup_cell + "\nprint(helpers.__file__)", ROOT / folder)
    assert result.stdout.strip() == str(ROOT / "helpers" / "__init__.py"), result.stderr


def test_setup_may_be_run_twice(setup_cell):
    assert run(setup_cell + "\n" + setup_cell, ROOT / "notebooks").returncode == 0


def test_setup_says_what_is_missing_outside_the_course(setup_cell, tmp_path):
    result = run(setup_cell, tmp_path)
    assert "SetupError: Move this notebook back below the course's folder" in result.stderr


def test_setup_prefers_our_helpers_to_another_module_of_that_name(setup_cell, tmp_path):
    (tmp_path / "helpers.py").write_text("")
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n{setup_cell}\nprint(helpers.__file__)"
    assert run(code, ROOT / "notebooks").stdout.strip() == str(ROOT / "helpers" / "__init__.py")


def test_setup_shows_its_errors_without_a_traceback(setup_cell, tmp_path):
    result = run(
        f"from IPython.core.interactiveshell import InteractiveShell as S; S().run_cell({setup_cell!r})",
        tmp_path,
    )
    assert (
        result.stdout.strip()
        == "SetupError: Move this notebook back below the course's folder, which holds helpers/ and data/."
    )


def test_copy_outside_the_course_is_no_reason_to_fetch_anything(setup_cell, tmp_path):
    changed = setup_cell.replace(
        'COURSE_URL, COURSE_REF, LANGUAGE = ""', 'COURSE_URL, COURSE_REF, LANGUAGE = "x"'
    )
    assert "SetupError: Move this notebook" in run(changed, tmp_path).stderr  # only Colab is asked to


def test_setup_says_so_when_another_helpers_was_imported_before(setup_cell, tmp_path):
    (tmp_path / "helpers.py").write_text("")
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import helpers\n{setup_cell}"
    result = run(code, ROOT / "notebooks")
    assert (
        "SetupError: Another module named helpers" in result.stderr and "Restart the kernel" in result.stderr
    )
