"""The command that runs notebooks anew, on a notebook of one cell."""

import nbformat
import pytest
import run_notebooks
from in_step import fingerprint, read
from stored_notebooks import shown

SOURCE = """
from IPython.display import Image, display

for word in "one", "two":
    print(word, flush=True)
display(Image(b"a film", format="png"))
"""


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """A course of one notebook, after it was run."""
    root = tmp_path_factory.mktemp("course")
    for folder in ("notebooks/pt-br", ".github/images"):
        (root / folder).mkdir(parents=True)
    cell = nbformat.v4.new_code_cell(SOURCE, id="boundary-film", execution_count=7)
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), root / "notebooks" / "02_film.ipynb")
    run_notebooks.main(["2"], root)
    return root


@pytest.fixture
def cell(root):
    return read(root / "notebooks" / "02_film.ipynb").cells[0]


def test_cell_is_run_from_a_fresh_kernel_and_marked_with_what_was_run(cell):
    assert cell.execution_count == 1 and cell.metadata == {"ran": fingerprint(cell)}


def test_what_a_cell_prints_is_one_output(cell):
    assert [output.output_type for output in cell.outputs] == ["stream", "display_data"]
    assert shown(cell).startswith("one\ntwo\n")


def test_film_of_the_readme_is_that_of_the_notebook(root):
    assert (root / run_notebooks.FILM).read_bytes() == b"a film"
