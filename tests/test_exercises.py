"""The exercises in the notebooks: how they look, and that the solution that a student reads is right."""

import re

import pytest
from stored_notebooks import (
    ENGLISH,
    PATHS,
    code_cells,
    exercises,
    folded,
    number,
    read,
    shown,
    solution,
    tags,
)

from helpers.check.core import EXERCISES


@pytest.fixture(params=PATHS, ids=lambda path: path.stem)
def path(request):
    return request.param


def test_exercises_are_those_that_progress_lists(path):
    notebook = read(path)
    names = [notebook.cells[i].source.splitlines()[-1].split("(")[0] for i in exercises(notebook)]
    assert names == [f"check.{name}" for name in EXERCISES.get(number(path), [])]


def test_exercise_is_a_task_a_stub_and_folded_hints_with_a_solution(path):
    notebook = read(path)
    for i in exercises(notebook):
        task, stub, hints = notebook.cells[i - 1 : i + 2]
        assert task.cell_type == "markdown" and re.search("Exercise|Exercício", task.source), stub.id
        assert "..." in stub.source and "nbval-check-output" in tags(stub)
        summaries = [summary for summary, _ in folded(hints)]
        assert summaries[-1] in ("Solution", "Solução") and 1 <= len(summaries) - 1 <= 2, stub.id
        assert all(summary.startswith(("Hint", "Dica")) for summary in summaries[:-1])
        # A blank line after <summary> and before </details>, or GitHub and Colab show the Markdown as it is typed.
        assert hints.source.count("<details>") == hints.source.count("</details>") == len(summaries)


def test_stored_notebook_is_unsolved_and_every_check_is_waiting(path):
    # nbval runs it like this too, and compares these outputs.
    notebook = read(path)
    for i in exercises(notebook):
        assert re.search("waiting for your answer|esperando a sua resposta", shown(notebook.cells[i]))


def lines(source):
    return sum(bool(line.strip()) for line in source.splitlines())


def test_students_write_much_and_read_little():
    written = read_only = 0
    for notebook in map(read, ENGLISH):
        written += sum(lines(solution(notebook.cells[i + 1])) for i in exercises(notebook))
        read_only += sum(lines(cell.source) for cell in code_cells(notebook) if "exercise" not in tags(cell))
    print(f"lines of code that students write: {written}, and that they are given: {read_only}")
    assert written >= 280 and read_only <= 1500


def test_every_prediction_stays_open(path):
    """The first cell after "Predict" that shows something is stored with its output folded."""
    cells = read(path).cells
    for i, cell in enumerate(cells):
        if cell.cell_type == "markdown" and re.search(r"\*\*(Predict|Preveja)\b", cell.source):
            after = next(c for c in cells[i + 1 :] if c.get("outputs"))
            assert "hide-output" in tags(after), (cell.id, after.id)
            assert after.metadata.jupyter.outputs_hidden and after.metadata.collapsed
