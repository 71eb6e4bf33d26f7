"""The notebooks as they are stored: what a reader sees, and what nbval alone would let pass."""

import re

import nbformat
import pytest
from stored_notebooks import ENGLISH, PATHS, PORTUGUESE, ROOT, read, tags


@pytest.fixture(params=PATHS, ids=lambda path: path.stem)
def notebook(request):
    return read(request.param)


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def test_there_are_five_lessons_in_each_edition():
    assert [path.name[:2] for path in PATHS] == ["01", "02", "03", "04", "05"] * 2


def test_notebook_is_valid(notebook):
    nbformat.validate(notebook)


def test_notebook_was_run_once_from_top_to_bottom(notebook):
    counts = [cell.execution_count for cell in code_cells(notebook)]
    assert counts == list(range(1, len(counts) + 1)), "restart the kernel, run all cells, save"


def test_checked_cells_have_an_output_to_check(notebook):
    # nbval passes over a check-output cell that stores none.
    checked = [cell for cell in code_cells(notebook) if "nbval-check-output" in tags(cell)]
    assert not [cell.id for cell in checked if not cell.outputs]


def test_no_cell_relies_on_the_tag_for_errors(notebook):
    # In lax mode nbval passes a raises-exception cell that raises nothing: expect_error does not.
    assert not [cell.id for cell in notebook.cells if "raises-exception" in tags(cell)]


def test_no_cell_stores_an_error_or_a_warning(notebook):
    outputs = [(cell.id, output) for cell in code_cells(notebook) for output in cell.outputs]
    assert not [
        cell for cell, output in outputs if output.output_type == "error" or output.get("name") == "stderr"
    ]


def test_stored_output_names_no_path_of_the_machine(notebook):
    for cell in code_cells(notebook):
        for output in cell.outputs:
            text = str(output.get("text", "")) + str(output.get("data", {}).get("text/plain", ""))
            assert not re.search(r"(?<![\w.])(/(root|home|tmp|Users|content)/|[A-Z]:\\)", text), cell.id


def test_notebook_stores_no_widgets(notebook):
    assert "widgets" not in notebook.metadata  # GitHub does not show a notebook that does
    assert not [
        c.id
        for c in code_cells(notebook)
        for o in c.outputs
        if "widget-view" in str(o.get("data", {}).keys())
    ]


def test_cell_ids_are_readable(notebook):
    assert not [cell.id for cell in notebook.cells if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", cell.id)]
    assert not [cell.id for cell in notebook.cells if re.fullmatch(r"[0-9a-f]{8}", cell.id)]


def test_every_figure_is_introduced_and_explained(notebook):
    for before, cell, after in zip(notebook.cells, notebook.cells[1:], notebook.cells[2:], strict=False):
        if any("image/png" in output.get("data", {}) for output in cell.get("outputs", [])):
            assert before.cell_type == "markdown", f"no sentence before the figure of {cell.id}"
            assert after.cell_type == "markdown" or "exercise" in tags(after), f"no sentence after {cell.id}"


def test_notebook_begins_with_colab_title_and_setup_and_ends_with_a_summary(notebook):
    assert [cell.id for cell in notebook.cells[:3]] == ["colab", "title", "setup"]
    assert re.match(r"# \d · ", notebook.cells[1].source)
    assert re.search("you will be able to|você vai saber", notebook.cells[1].source)
    assert re.match("## (Summary|Resumo)", notebook.cells[-1].source)


def test_setup_cell_is_the_same_everywhere():
    # The two editions' are the same but for their words: test_editions.py
    for paths in (ENGLISH, PORTUGUESE):
        assert len({code_cells(read(path))[0].source for path in paths}) == 1


def test_notebook_first_says_to_save_a_copy_in_colab(notebook):
    assert "Save a copy in Drive" in notebook.cells[0].source


def test_notebook_asks_colab_for_no_accelerator(notebook):
    assert set(notebook.metadata) == {"kernelspec", "language_info"}


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_links_between_notebooks_lead_somewhere(path):
    for cell in read(path).cells:
        if cell.cell_type == "markdown":
            for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", cell.source):
                assert (path.parent / target).exists(), target


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_notebook_is_light_enough_to_open_on_github(path):
    assert path.stat().st_size < 1.5e6


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_notebook_is_listed_in_the_readme(path):
    readme = "README.md" if path.parent.name == "notebooks" else "notebooks/pt-br/README.pt-br.md"
    assert f"]({path.relative_to((ROOT / readme).parent).as_posix()})" in (ROOT / readme).read_text(
        encoding="utf-8"
    )
