"""Google Colab, without Google Colab: a notebook alone in an empty folder fetches the course and runs.

A stand-in for the module ``google.colab``, an empty home, and git told to take a repository on this computer for the
public address. Each notebook is gone through twice in its one kernel: every cell twice in a row, then once more with
the exercises solved, so that what is run again is seen to give the same.
"""

import contextlib
import os
import re
import shutil
import subprocess
import sys

import pytest
from nbclient import NotebookClient
from stored_notebooks import ENGLISH, PORTUGUESE, ROOT, answered, exercises, read, tags, text_of

URL = "https://github.com/some-school/pytorch-notebooks"
# Cells that train for seconds. They are run again with the whole notebook only.
LONG = {"thousand", "softmax", "train-and-test", "sgd", "sgd-adam", "lesson"}
TIMED = {"batch-sizes-compare"}  # its table holds seconds


@pytest.fixture(scope="session")
def colab(tmp_path_factory):
    """A published repository of the course as it stands here, and the environment of a Colab kernel."""
    folder = tmp_path_factory.mktemp("colab")
    course = folder / "public"
    unwanted = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints", "my_*", "*-ubyte")
    for name in ("helpers", "data", "notebooks", ".github"):
        shutil.copytree(ROOT / name, course / name, ignore=unwanted)
    shutil.copyfile(ROOT / "README.md", course / "README.md")
    subprocess.run([sys.executable, course / ".github" / "publish.py", URL, "--ref", "v1"], check=True)
    identity = ["-c", "user.name=test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false"]
    for command in (
        ["init", "--quiet"],
        ["add", "--all"],
        [*identity, "commit", "--quiet", "-m", "v1"],
        ["tag", "v1"],
    ):
        subprocess.run(["git", *command], cwd=course, check=True)

    (folder / "modules" / "google" / "colab").mkdir(parents=True)
    (folder / "modules" / "google" / "colab" / "__init__.py").touch()
    git = {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"url.{course.as_uri()}.insteadOf",
        "GIT_CONFIG_VALUE_0": URL,
    }
    path = os.pathsep.join(filter(None, [str(folder / "modules"), os.environ.get("PYTHONPATH")]))
    # One cache of fonts for all homes: matplotlib takes seconds to build it, and says so.
    return course, {**os.environ, **git, "PYTHONPATH": path, "MPLCONFIGDIR": str(folder / "matplotlib")}


@contextlib.contextmanager
def kernel(colab, path, tmp_path):
    """Start a kernel in a folder that holds this one notebook; give the notebook and its client."""
    course, environment = colab
    (tmp_path / "content").mkdir()
    (tmp_path / "home").mkdir()
    alone = tmp_path / "content" / path.name
    shutil.copyfile(course / path.relative_to(ROOT), alone)
    notebook = read(alone)
    client = NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(alone.parent)}})
    home = {"HOME": str(tmp_path / "home"), "USERPROFILE": str(tmp_path / "home")}
    with client.setup_kernel(env={**environment, **home}):
        yield notebook, client


def shown(cell):
    """Return what a cell prints and returns, word by word, without times and addresses."""
    outputs = [output for output in cell.outputs if output.get("name") != "stderr"]
    text = " ".join(o.get("text") or o.get("data", {}).get("text/plain", "") for o in outputs)
    # Addresses, bars such as "|██| 3/3 [00:01<00:00]", and times.
    return re.sub(r"0x[0-9a-f]+|\|[^|]*\[.*?\]|[\d.]+ s\b|, \d+ times as fast", "", text).split()


def run(client, cell, index):
    cell.outputs = []
    client.execute_cell(cell, index)
    return shown(cell)


class Lesson:
    """A student's hour with one notebook, in one kernel, from the setup cell to the last exercise."""

    def __init__(self, colab, path, tmp_path):
        with kernel(colab, path, tmp_path) as (notebook, client):
            self.code = [(i, cell) for i, cell in enumerate(notebook.cells) if cell.cell_type == "code"]
            self.first, self.twice = {}, {}
            for i, cell in self.code:
                self.first[cell.id] = run(client, cell, i)
                if cell.id not in LONG:
                    self.twice[cell.id] = run(client, cell, i)
            solved = exercises(notebook)
            for i in solved:
                notebook.cells[i].source = answered(notebook, i)
            self.again = {cell.id: run(client, cell, i) for i, cell in self.code}
            self.solved = {notebook.cells[i].id: text_of(notebook.cells[i]) for i in solved}
            self.progress = next(text_of(cell) for _, cell in self.code if cell.id == "progress")
        self.home, self.folder = os.listdir(tmp_path / "home"), os.listdir(tmp_path / "content")


@pytest.fixture(scope="module", params=ENGLISH, ids=lambda path: path.stem)
def lesson(request, colab, tmp_path_factory):
    lesson = Lesson(colab, request.param, tmp_path_factory.mktemp(request.param.stem))
    lesson.path = request.param
    return lesson


def test_notebook_alone_in_a_folder_fetches_the_course_and_runs_to_its_end(lesson):
    assert len(lesson.first) == len(lesson.code)
    assert "pytorch-course" in lesson.home and "pytorch-course.part" not in lesson.home
    assert lesson.folder == [lesson.path.name]


def test_cell_run_twice_in_a_row_gives_the_same(lesson):
    assert lesson.twice.keys() == {cell.id for _, cell in lesson.code} - LONG
    assert not [cell for cell in lesson.twice.keys() - TIMED if lesson.twice[cell] != lesson.first[cell]]


def test_notebook_run_twice_in_one_kernel_gives_the_same(lesson):
    compared = lesson.first.keys() - lesson.solved.keys() - TIMED - {"progress"}
    assert not [cell for cell in compared if lesson.again[cell] != lesson.first[cell]]


def test_every_folded_solution_passes_its_check_without_a_warning(lesson):
    assert lesson.solved
    assert not [text for text in lesson.solved.values() if not re.match(r"✓ \w+: passed\n", text)]


def test_progress_counts_what_was_solved(lesson):
    assert re.match(r"Exercises solved: (\d+) of \1\n", lesson.progress), lesson.progress


def setup_only(colab, tmp_path, change=lambda source: source, path=ENGLISH[0], **environment):
    """Run the setup cell alone; return what a student sees, and the names of the files in their home."""
    course, env = colab
    with kernel((course, {**env, **environment}), path, tmp_path) as (notebook, client):
        [(place, cell)] = [(i, cell) for i, cell in enumerate(notebook.cells) if cell.id == "setup"]
        cell.source = change(cell.source)
        client.allow_errors = True
        client.execute_cell(cell, place)
    seen = "".join(output.get("text", "") + "\n".join(output.get("traceback", "")) for output in cell.outputs)
    return seen, os.listdir(tmp_path / "home")


def test_unpublished_copy_says_in_one_line_what_is_missing(colab, tmp_path):
    seen, _ = setup_only(colab, tmp_path, lambda source: source.replace(URL, ""))
    assert seen.startswith("SetupError: COURSE_URL, in this cell, is empty") and "\n" not in seen


def test_network_that_is_down_is_said_in_one_message_and_leaves_no_half_a_course(colab, tmp_path):
    unreachable = (tmp_path / "nowhere").as_uri()
    seen, left = setup_only(colab, tmp_path, GIT_CONFIG_KEY_0=f"url.{unreachable}.insteadOf")
    assert f"SetupError: The course could not be fetched from {URL}" in seen and "Traceback" not in seen
    assert "pytorch-course" not in left


def test_fetch_that_was_interrupted_is_done_anew(colab, tmp_path):
    def after_a_half(source):
        return f"""
from pathlib import Path
half = Path.home() / "pytorch-course.part"
(half / "helpers").mkdir(parents=True)
(half / "helpers" / "language.py").write_text("nonsense")
(half / ".git").mkdir()
(half / ".git" / "index.lock").touch()     # as git leaves it when it is killed
{source}
print(language.LANGUAGES)
"""

    seen, _ = setup_only(colab, tmp_path, after_a_half)
    assert "pt-BR" in seen


def test_course_is_fetched_once(colab, tmp_path):
    def twice_without_a_network(source):
        return f"""
{source}
import os
os.environ["GIT_CONFIG_KEY_0"] = "url.file:///nowhere.insteadOf"
{source}
print(language.LANGUAGES)
"""

    seen, _ = setup_only(colab, tmp_path, twice_without_a_network)
    assert "pt-BR" in seen


@pytest.mark.parametrize("path", PORTUGUESE, ids=lambda path: path.stem)
def test_portuguese_notebook_fetches_the_course_and_speaks_portuguese(colab, tmp_path, path):
    seen, _ = setup_only(colab, tmp_path, lambda source: source + "\nprint(language.translate('loss'))", path)
    assert seen == "perda\n"


def test_checked_cells_are_the_same_in_colab(colab):
    # What a published notebook compares is what was stored here: publishing touches no output.
    course, _ = colab
    for path in ENGLISH:
        stored, public = read(path), read(course / path.relative_to(ROOT))
        for a, b in zip(stored.cells, public.cells, strict=True):
            if "nbval-check-output" in tags(a):
                assert a.outputs == b.outputs, a.id
