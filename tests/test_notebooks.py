"""The notebooks as they are stored: what a reader sees, and what nbval alone would let pass."""

import ast
import builtins
import re

import nbformat
import pytest
from in_step import fingerprint
from nbconvert import PythonExporter
from run_notebooks import METADATA
from stored_notebooks import ENGLISH, PATHS, PORTUGUESE, ROOT, code_cells, read, shown, source_of, tags

RUN = "run `python .github/scripts/run_notebooks.py` with the number of this notebook"


@pytest.fixture(params=PATHS, ids=lambda path: path.stem)
def path(request):
    return request.param


@pytest.fixture
def notebook(path):
    return read(path)


def test_notebook_is_valid(notebook):
    nbformat.validate(notebook)


def test_notebook_was_run_once_from_top_to_bottom(notebook):
    counts = [cell.execution_count for cell in code_cells(notebook)]
    assert counts == list(range(1, len(counts) + 1)), RUN


def test_no_code_was_changed_since_it_was_run(notebook):
    assert not [c.id for c in code_cells(notebook) if c.metadata.get("ran") != fingerprint(c)], RUN


def test_checked_cells_have_an_output_to_check(notebook):
    # nbval passes over a check-output cell that stores none.
    checked = [cell for cell in code_cells(notebook) if "nbval-check-output" in tags(cell)]
    assert not [cell.id for cell in checked if not cell.outputs]


def test_no_cell_relies_on_the_tag_for_errors(notebook):
    # In lax mode nbval passes a raises-exception cell that raises nothing; test_colab.py sees to expect_error's.
    assert not [cell.id for cell in notebook.cells if "raises-exception" in tags(cell)]


def test_no_cell_stores_an_error_or_a_warning(notebook):
    outputs = [(cell.id, output) for cell in code_cells(notebook) for output in cell.outputs]
    assert not [cell for cell, o in outputs if o.output_type == "error" or o.get("name") == "stderr"]


def test_stored_output_names_no_path_of_the_machine(notebook):
    paths = r"(?<![\w.])/(root|home|tmp|Users|content)/|[A-Z]:\\"
    assert not [cell.id for cell in code_cells(notebook) if re.search(paths, shown(cell))]


def test_script_of_a_notebook_is_plain_python(path):
    script, _ = PythonExporter().from_filename(path)  # as `jupyter nbconvert --to script` writes it
    nodes = list(ast.walk(ast.parse(script)))
    names = {node.id for node in nodes if isinstance(node, ast.Name)}
    known = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    known |= {node.arg for node in nodes if isinstance(node, ast.arg)}
    known |= {
        node.name for node in nodes if isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.ExceptHandler))
    }
    known |= {node.asname or node.name.partition(".")[0] for node in nodes if isinstance(node, ast.alias)}
    assert not names - known - set(dir(builtins)), "names that IPython alone knows"


def test_first_cells_name_the_key_and_the_setup_cell(notebook):
    assert re.search(r"\*\*▶ .*\*\* \(Shift\+Enter\)", notebook.cells[1].source)


def test_notebook_stores_no_widgets_and_nothing_of_the_machine(notebook):
    # GitHub does not show a notebook that stores widgets; without a file_extension, nbconvert writes a .txt.
    assert notebook.metadata == METADATA, RUN
    assert "widget-view" not in str([cell.outputs for cell in code_cells(notebook)])


def test_every_figure_is_introduced_and_explained(notebook):
    for before, cell, after in zip(notebook.cells, notebook.cells[1:], notebook.cells[2:], strict=False):
        if any("image/png" in output.get("data", {}) for output in cell.get("outputs", [])):
            assert before.cell_type == "markdown", f"no sentence before the figure of {cell.id}"
            assert after.cell_type == "markdown" or "exercise" in tags(after), f"no sentence after {cell.id}"


def test_notebook_begins_with_title_colab_and_setup_and_ends_with_a_summary(notebook):
    assert [cell.id for cell in notebook.cells[:3]] == ["title", "colab", "setup"]
    assert re.match(r"# \d · ", notebook.cells[0].source)
    assert "Save a copy in Drive" in notebook.cells[1].source
    assert re.match("## (Summary|Resumo)", notebook.cells[-1].source)


@pytest.mark.parametrize("paths", [ENGLISH, PORTUGUESE], ids=["English", "Portuguese"])
def test_setup_cell_is_the_same_in_all_notebooks(paths):
    assert len({source_of(read(path), "setup") for path in paths}) == 1


def test_no_cell_asserts_anything(notebook):
    # A student changes numbers and runs on. What the text claims stands in tests/claims/.
    assert not [
        cell.id for cell in code_cells(notebook) if re.search(r"^\s*assert\b", cell.source, re.MULTILINE)
    ]


def test_links_lead_somewhere_and_to_notebooks_of_the_same_edition(path, notebook):
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    targets = [path.parent / target for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", text)]
    assert not [target for target in targets if not target.exists()]
    assert {target.parent for target in targets if target.suffix == ".ipynb"} <= {path.parent}


def test_notebook_is_light_enough_to_open_on_github(path):
    assert path.stat().st_size < 1.5e6


def test_notebook_is_listed_in_the_readme(path):
    readme = ROOT / ("README.md" if path in ENGLISH else "notebooks/pt-br/README.pt-br.md")
    assert f"]({path.relative_to(readme.parent).as_posix()})" in readme.read_text(encoding="utf-8")
