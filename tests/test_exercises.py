"""The exercises in the notebooks: how they look, and that the solution that a student reads is right."""

import re

import pytest
from stored_notebooks import PATHS, exercises, folded, number, read, shown, tags

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
