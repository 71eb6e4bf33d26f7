"""Progress bars, live figures and expected errors, as a kernel shows them."""

import nbformat
import pytest
from nbclient import NotebookClient

from helpers.notebook import expect_error, progress_bar


def run_cell(source: str) -> list:
    """Return the outputs of one cell, run in a kernel at the project's root."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
    NotebookClient(notebook, timeout=60, resources={"metadata": {"path": "."}}).execute()
    return notebook.cells[0].outputs


@pytest.fixture(autouse=True)
def at_the_root(monkeypatch, request):
    monkeypatch.chdir(request.config.rootpath)


def test_expected_error_is_shown_in_a_line(capsys):
    with expect_error(ValueError):
        int("three")
    assert capsys.readouterr().out.startswith("ValueError: invalid literal")


def test_expected_error_that_does_not_come_is_an_error():
    with pytest.raises(AssertionError, match="expected to raise ValueError"), expect_error(ValueError):
        int("3")


def test_error_of_another_kind_is_raised_as_usual():
    with pytest.raises(ZeroDivisionError), expect_error(ValueError):
        1 / 0  # noqa: B018


def test_progress_goes_through_everything_outside_a_notebook():
    assert list(progress_bar(range(5), "counting", disable=True)) == [0, 1, 2, 3, 4]


def test_progress_leaves_one_finished_line_of_text_in_the_notebook():
    outputs = run_cell(
        "from helpers.notebook import progress_bar\nfor _ in progress_bar(range(7), 'counting'): pass"
    )
    assert len(outputs) == 1
    assert set(outputs[0].data) == {"text/plain"}
    assert (
        outputs[0].data["text/plain"].startswith("counting: 100%") and "7/7" in outputs[0].data["text/plain"]
    )


def test_live_figure_replaces_itself_and_leaves_no_figure_open():
    outputs = run_cell(
        "import matplotlib.pyplot as plt\n"
        "from helpers.notebook import LiveFigure\n"
        "live = LiveFigure()\n"
        "for i in range(3):\n"
        "    _, ax = plt.subplots(figsize=(1, 1))\n"
        "    live.show(ax)\n"
        "print(plt.get_fignums())"
    )
    assert sum("image/png" in output.get("data", {}) for output in outputs) == 1
    assert outputs[-1].text == "[]\n"
