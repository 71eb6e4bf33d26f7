"""The command that runs notebooks anew, on a notebook of one cell."""

import base64
import io

import nbformat
import pytest
import run_notebooks
from in_step import fingerprint, read
from PIL import Image
from stored_notebooks import shown

SOURCE = """
import io, sys
from IPython.display import Image, display
import PIL.Image as pil

for word in "one", "two":
    print(word, flush=True)
file, frames = io.BytesIO(), [pil.new("P", (2, 2), k) for k in range(2)]
frames[0].save(file, "PNG", save_all=True, append_images=frames[1:])
display(Image(file.getvalue(), format="png"))
"""


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """A course of one notebook, after it was run."""
    root = tmp_path_factory.mktemp("course")
    for folder in ("notebooks/pt-br", ".github/images"):
        (root / folder).mkdir(parents=True)
    cell = nbformat.v4.new_code_cell(SOURCE, id="film", execution_count=7)
    notebook = nbformat.v4.new_notebook(
        cells=[cell], metadata={"language_info": {"name": "python", "version": "2.7"}}
    )
    nbformat.write(notebook, root / "notebooks" / "02_film.ipynb")
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


def test_stored_notebook_says_nothing_of_the_python_that_ran_it(root):
    metadata = read(root / "notebooks" / "02_film.ipynb").metadata
    assert metadata.language_info == {"name": "python", "file_extension": ".py"}


def test_film_of_the_readme_is_that_of_the_notebook(root, cell):
    picture = (root / run_notebooks.FILM).read_bytes()
    assert picture == base64.b64decode(cell.outputs[1].data["image/png"])
    assert Image.open(io.BytesIO(picture)).n_frames == 2
