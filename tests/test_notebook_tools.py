"""Progress bars, live figures and expected errors."""

import nbformat
import pytest
from nbclient import NotebookClient
from stored_notebooks import ROOT
from torch import nn

from helpers.notebook import expect_error, progress_bar


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


def test_progress_is_printed(capsys):
    assert list(progress_bar(range(3), "counting")) == [0, 1, 2]
    printed = capsys.readouterr()
    assert printed.out.splitlines()[-1].startswith("counting: 100%") and printed.err == ""


def test_live_figure_replaces_itself_and_leaves_no_figure_open():
    source = """
import matplotlib.pyplot as plt
from helpers.notebook import LiveFigure
live = LiveFigure()
for i in range(3):
    _, ax = plt.subplots(figsize=(1, 1))
    live.show(ax)
print(plt.get_fignums())
"""
    cell = nbformat.v4.new_code_cell(source)
    notebook = nbformat.v4.new_notebook(cells=[cell])
    NotebookClient(notebook, timeout=60, resources={"metadata": {"path": ROOT}}).execute()
    assert sum("image/png" in output.get("data", {}) for output in cell.outputs) == 1
    assert cell.outputs[-1].text == "[]\n"
