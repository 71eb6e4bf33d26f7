"""Progress bars and expected errors, as a kernel shows them."""

import re

import nbformat
import pytest
from nbclient import NotebookClient
from torch import nn

from helpers.notebook import expect_error, progress_bar


def run_cell(source: str) -> list:
    """Return the outputs of one cell, run in a kernel at the project's root."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
    NotebookClient(notebook, timeout=60, resources={"metadata": {"path": "."}}).execute()
    return notebook.cells[0].outputs


@pytest.fixture(autouse=True)
def at_the_root(monkeypatch, request):
    monkeypatch.chdir(request.config.rootpath)


def test_expected_error_is_shown_in_one_line(capsys):
    with expect_error(RuntimeError):
        nn.Linear(2, 3).load_state_dict(nn.Linear(4, 3).state_dict())
    printed = capsys.readouterr().out
    assert printed.startswith(
        "RuntimeError: Error(s) in loading state_dict for Linear: size mismatch for weight"
    )
    assert printed.count("\n") == 1


def test_expected_error_that_does_not_come_is_said_and_nothing_is_raised(capsys):
    with expect_error(ValueError):
        int("3")
    assert capsys.readouterr().out == "No ValueError this time: it ran without an error.\n"


def test_error_of_another_kind_is_raised_as_usual():
    with pytest.raises(ZeroDivisionError), expect_error(ValueError):
        1 / 0  # noqa: B018


def test_progress_goes_through_everything_outside_a_notebook():
    assert list(progress_bar(range(5), "counting", disable=True)) == [0, 1, 2, 3, 4]


def test_progress_is_one_line_of_text_and_an_inner_one_goes_when_it_is_done():
    outputs = run_cell(
        "from helpers.notebook import progress_bar\n"
        "for _ in progress_bar(range(3), 'outer'):\n"
        "    for _ in progress_bar(range(5), 'inner', leave=False):\n"
        "        pass"
    )
    assert all(set(output.data) == {"text/plain"} for output in outputs)
    lines = [output.data["text/plain"] for output in outputs]
    assert re.match("outer: 100%.* 3/3 ", lines[0]) and set(lines[1:]) == {""}
