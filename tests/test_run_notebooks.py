"""The command that runs notebooks anew, on a notebook of two cells."""

import base64
import io

import nbformat
import PIL.Image
import pytest
import run_notebooks
from in_step import fingerprint, read
from stored_notebooks import shown

SOURCE = """
import io
import PIL.Image
from IPython.display import Image, display

for word in "one", "two":
    print(word, flush=True)
frames = [PIL.Image.linear_gradient("L").rotate(turn).resize((9, 9)).quantize(4) for turn in (0, 90)]
frames[0].save(film := io.BytesIO(), "PNG", save_all=True, append_images=frames[1:])
display(Image(film.getvalue(), format="png"))
"""
FIGURE = "import matplotlib.pyplot as plt\nplt.imshow([[k % 97 for k in range(97)]])\nplt.show()"


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """A course of one notebook, after it was run."""
    root = tmp_path_factory.mktemp("course")
    for folder in ("notebooks/pt-br", ".github/images"):
        (root / folder).mkdir(parents=True)
    cell = nbformat.v4.new_code_cell(SOURCE, id="boundary-film", execution_count=7)
    figure = nbformat.v4.new_code_cell(FIGURE, id="figure", metadata={"tags": ["hide-output"]})
    nbformat.write(nbformat.v4.new_notebook(cells=[cell, figure]), root / "notebooks" / "02_film.ipynb")
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


def picture_of(cell):
    return PIL.Image.open(io.BytesIO(base64.b64decode(cell.outputs[-1].data["image/png"])))


def test_figure_has_twice_the_pixels_that_are_shown_in_few_colours(root):
    figure = read(root / "notebooks" / "02_film.ipynb").cells[1]
    assert picture_of(figure).width // 2 == figure.outputs[0].metadata["image/png"]["width"]
    assert picture_of(figure).mode == "P" and picture_of(figure).convert("RGB").getpixel((0, 0)) == (255,) * 3


def test_answer_to_a_prediction_is_folded_in_jupyterlab_and_in_colab(root):
    metadata = read(root / "notebooks" / "02_film.ipynb").cells[1].metadata
    assert metadata.jupyter.outputs_hidden and metadata.collapsed


def test_film_keeps_its_frames_and_is_that_of_the_readme(root, cell):
    assert picture_of(cell).n_frames == 2
    assert (root / run_notebooks.FILM).read_bytes() == base64.b64decode(cell.outputs[-1].data["image/png"])
