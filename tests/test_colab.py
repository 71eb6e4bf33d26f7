"""Google Colab, without Google Colab: each notebook alone in an empty folder fetches the course and runs, solved.

A stand-in for the module ``google.colab``, an empty home, and git told to take a repository on this computer for the
public address. The Portuguese notebooks are run, whose programs are those of the English ones: see test_editions.py.
"""

import itertools
import os
import re
import shutil
from types import SimpleNamespace

import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell
from stored_notebooks import PORTUGUESE, ROOT, answered, claims_of, exercises, read, shown

COLAB = "import sys, types; sys.modules['google.colab'] = types.ModuleType('google.colab')"


@pytest.fixture(scope="module", params=PORTUGUESE, ids=lambda path: path.stem)
def lesson(request, public, tmp_path_factory):
    """A notebook that was run by itself, from the setup cell to the last, with its exercises solved."""
    path, folder = request.param, tmp_path_factory.mktemp("colab")
    for name in ("content", "home"):
        (folder / name).mkdir()
    alone = folder / "content" / path.name
    shutil.copyfile(public / path.relative_to(ROOT), alone)
    notebook = read(alone)
    solved = [notebook.cells[i] for i in exercises(notebook)]
    for i in exercises(notebook):
        notebook.cells[i].source = answered(notebook, i)
    claims = {cell: judge(of_cell) for cell, of_cell in claims_of(path).items()}
    following = [[cell, claims[cell.id]] if cell.id in claims else [cell] for cell in notebook.cells]
    notebook.cells = [new_code_cell(COLAB), *itertools.chain(*following)]
    environment = {
        **os.environ,
        "HOME": str(folder / "home"),
        "USERPROFILE": str(folder / "home"),
        "MPLCONFIGDIR": str(public.parent / "matplotlib"),  # building the cache of fonts takes seconds
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"url.{public.as_uri()}.insteadOf",
        "GIT_CONFIG_VALUE_0": "https://github.com/some-school/pytorch-notebooks",
    }
    client = NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(alone.parent)}})
    client.execute(env=environment)
    return SimpleNamespace(notebook=notebook, folder=folder, path=path, solved=solved, claims=claims)


def judge(claims):
    """Return a cell that shows the words of those claims that are not true."""
    pairs = ", ".join(f"({words!r}, {expression})" for expression, words in claims)
    return new_code_cell(f"judged = [{pairs}]\n[words for words, holds in judged if not holds]")


def test_notebook_alone_in_a_folder_fetches_the_course_and_leaves_nothing_beside_itself(lesson):
    assert (lesson.folder / "home" / "pytorch-course" / "helpers").is_dir()
    assert os.listdir(lesson.folder / "content") == [lesson.path.name]


def test_every_folded_solution_passes_its_check_without_a_warning(lesson):
    assert lesson.solved
    said = {cell.id: shown(cell) for cell in lesson.solved}
    assert not {name: text for name, text in said.items() if not re.search(r"(?m)^✓ \w+: passou$", text)}


def test_progress_counts_what_was_solved(lesson):
    progress = next(shown(cell) for cell in lesson.notebook.cells if cell.id == "progress")
    assert re.match(r"Exercícios resolvidos: (\d+) de \1\n", progress), progress


def test_what_the_text_claims_is_true(lesson):
    assert not {name: shown(cell) for name, cell in lesson.claims.items() if shown(cell) != "[]"}


def test_every_error_that_a_cell_shows_on_purpose_is_raised(lesson):
    assert not [cell.id for cell in lesson.notebook.cells if "Desta vez, nenhum" in shown(cell)]
