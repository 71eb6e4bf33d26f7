"""The English and the Portuguese notebooks: the same cells, the same program, and neither falls behind."""

import ast
import itertools
import re

import in_step
import nbformat
import pytest
from stored_notebooks import ENGLISH, PORTUGUESE, read, shown, tags


@pytest.fixture(params=zip(ENGLISH, PORTUGUESE, strict=False), ids=lambda paths: paths[0].stem)
def editions(request):
    return [read(path) for path in request.param]


@pytest.fixture
def twins(editions):
    """The cells that both editions have: one that is missing fails the test of the cells' order alone."""
    return in_step.twins(*editions)


@pytest.fixture
def code(twins):
    return [(a, b) for a, b in twins if a.cell_type == b.cell_type == "code"]


@pytest.fixture
def text(twins):
    return [(a, b) for a, b in twins if a.cell_type == b.cell_type == "markdown"]


class WithoutWords(ast.NodeTransformer):
    """Leaves a program's strings out, which a reader sees in their language; what an f-string computes stays."""

    def visit_Constant(self, node):
        return ast.Constant("") if isinstance(node.value, str) else node

    def visit_JoinedStr(self, node):
        # With the grammar, the order of the values may differ. Their format may not: {loss:.2f}.
        values = [part for part in node.values if isinstance(part, ast.FormattedValue)]
        formats = [ast.unparse(value.format_spec) if value.format_spec else "" for value in values]
        computed = [ast.dump(self.visit(value.value)) for value in values]
        return ast.Constant(str(sorted(zip(computed, formats, strict=True))))


def program(source):
    """Return a program's syntax tree, without comments and without what its strings say.

    A cell that begins with %%writefile holds the program of a file.
    """
    source = re.sub(r"\A(%%.*\n)+", "", source)
    return ast.dump(WithoutWords().visit(ast.parse(source)))


def prose(cell):
    """Return a Markdown cell without code, formulas, addresses and HTML."""
    without = re.sub(r"```.*?```|`[^`]*`|\$[^$]*\$|<[^>]*>", " ", cell.source, flags=re.DOTALL)
    return re.sub(r"\]\([^)]*\)", "]", without).strip()


def numbers(cell):
    return sorted(re.findall(r"\d+(?:\.\d+)?", shown(cell)))


def test_every_notebook_has_its_twin():
    assert [path.name[:2] for path in ENGLISH] == [path.name[:2] for path in PORTUGUESE]


def test_cells_are_the_same_in_the_same_order_with_the_same_tags(editions):
    def look(cell):
        return cell.id, cell.cell_type, sorted(tags(cell)), cell.metadata.get("jupyter")

    looks = ([look(cell) for cell in edition.cells] for edition in editions)
    differ = [f"{a} in English, {b} in Portuguese" for a, b in itertools.zip_longest(*looks) if a != b]
    assert not differ, f"add, move or tag the cell in the other edition too: {differ[0]}"


def test_no_cell_was_changed_in_one_edition_only(twins):
    changed = [a.id for a, b in twins if b.metadata.get("in_step") != in_step.fingerprints(a, b)]
    assert not changed, "change both editions, then run `python .github/scripts/in_step.py`"


def test_code_cells_are_the_same_program(code):
    differ = [a.id for a, b in code if program(a.source) != program(b.source)]
    assert not differ, (
        "make the same change to the code of both editions: only comments and strings may differ"
    )


def test_code_in_hints_and_solutions_is_the_same_program(text):
    for cells in text:
        blocks = [re.findall(r"```python\n(.*?)```", cell.source, flags=re.DOTALL) for cell in cells]
        assert [*map(program, blocks[0])] == [*map(program, blocks[1])], cells[0].id


def test_cells_show_the_same_figures_and_tables(code):
    def kinds(cell):
        return [sorted(output.data) for output in cell.outputs if "data" in output]

    assert not [a.id for a, b in code if kinds(a) != kinds(b)], "run both editions anew"


def test_checked_outputs_hold_the_same_numbers(code):
    checked = [(a, b) for a, b in code if "nbval-check-output" in tags(a)]
    assert not [a.id for a, b in checked if numbers(a) != numbers(b)], "run both editions anew"


@pytest.mark.parametrize(
    "what", [r"\$[^$]+\$", r"https?://(?!colab)[^\s)]+", r"^\|", r"^#+ ", r"\]\(", "<details>"]
)
def test_text_has_the_same_formulas_links_rows_headings_and_folded_parts(text, what):
    for a, b in text:
        english, portuguese = (re.findall(what, cell.source, flags=re.MULTILINE) for cell in (a, b))
        assert sorted(english) == sorted(portuguese), a.id


def test_text_is_translated(text):
    assert not [a.id for a, b in text if prose(a) == prose(b) != ""]


def test_portuguese_prose_has_decimal_commas(text):
    for _, cell in text:
        points = re.findall(r"(?<![\w.])\d+\.\d{1,2}(?!\d)(?!\.)", prose(cell))
        assert not [point for point in points if point not in ("3.13", "3.14")], cell.id  # versions of Python


def change(root, english, portuguese):
    """Give the one cell of a notebook, 01/lesson, new texts; what was noted down about it stays."""
    for path, text in {"notebooks/01.ipynb": english, "notebooks/pt-br/01.ipynb": portuguese}.items():
        notebook = read(root / path)
        notebook.cells[0].source = text
        in_step.write(root / path, notebook)


@pytest.fixture
def root(tmp_path):
    """A course of one notebook of one cell in both editions, noted to be in step."""
    (tmp_path / "notebooks" / "pt-br").mkdir(parents=True)
    for path in ("notebooks/01.ipynb", "notebooks/pt-br/01.ipynb"):
        cell = nbformat.v4.new_markdown_cell("", id="lesson")
        in_step.write(tmp_path / path, nbformat.v4.new_notebook(cells=[cell]))
    change(tmp_path, "A loss", "Perda")
    in_step.main([], tmp_path)
    return tmp_path


def noted(root):
    english, portuguese = (read(path[0]).cells[0] for path in in_step.editions(root))
    return portuguese.metadata.get("in_step") == in_step.fingerprints(english, portuguese)


@pytest.mark.parametrize(
    ("edition", "texts"), [("English", ("A loss!", "Perda")), ("Portuguese", ("A loss", "Perda!"))]
)
def test_a_change_to_one_edition_is_named_and_noted_down_when_it_is_given(root, edition, texts):
    change(root, *texts)
    with pytest.raises(SystemExit, match=f"01/lesson: only the {edition} edition"):
        in_step.main([], root)
    assert not noted(root)
    in_step.main(["01/lesson"], root)
    assert noted(root)


def test_a_change_to_both_editions_is_noted_down(root):
    change(root, "The loss", "A perda")
    in_step.main([], root)
    assert noted(root)


def test_a_cell_that_one_edition_lacks_is_named(root):
    notebook = read(root / "notebooks" / "01.ipynb")
    notebook.cells[0].id = "renamed"
    in_step.write(root / "notebooks" / "01.ipynb", notebook)
    with pytest.raises(SystemExit, match=r"01/lesson: .*\n01/renamed: the cell is in one edition only"):
        in_step.main([], root)


def test_publishing_changes_no_fingerprint():
    link = "**[Open](https://colab.research.google.com/github/a/b/c.ipynb)**\n\n"
    address = 'COURSE_URL, COURSE_REF, LANGUAGE = "https://github.com/a/b", "v1", "en"\n'
    plain, *published = (nbformat.v4.new_markdown_cell(text + "x = 1") for text in ("", link, address))
    assert {in_step.fingerprint(cell) for cell in published} == {in_step.fingerprint(plain)}
