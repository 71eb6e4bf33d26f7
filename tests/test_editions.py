"""The English and the Portuguese notebooks: the same cells, the same program, and neither falls behind.

Where a test fails, its message names the cell and says what to do. The README has the three steps.
"""

import ast
import functools
import json
import re
import shutil

import pytest
from stored_notebooks import ENGLISH, PORTUGUESE, ROOT, exercises, folded, maintainers_command, read, tags

in_step = maintainers_command("in_step")

NAMES = {
    "01_loss_functions": "01_funcoes_de_perda",
    "02_sgd_wine": "02_sgd_vinho",
    "03_custom_dataset": "03_dataset_customizado",
    "04_mnist_adam": "04_mnist_adam",
    "05_unified_forward": "05_forward_unificado",
}
WORDS = r"(?<![\w.])[^\W\d_]{3,}(?![\w(]|\.\w)"  # no names such as num_workers or nn.Linear
WORDS_ALLOWED = ROOT / "tests" / "words_of_the_editions.txt"


@functools.cache
def pairs():
    """Return each cell of the English edition with its Portuguese twin, by name."""
    return [
        (f"{english.name[:2]}/{a.id}", a, b)
        for english, portuguese in zip(ENGLISH, PORTUGUESE, strict=True)
        for a, b in zip(read(english).cells, read(portuguese).cells, strict=True)
    ]


def of_type(cell_type):
    return [(name, a, b) for name, a, b in pairs() if a.cell_type == cell_type]


class WithoutWords(ast.NodeTransformer):
    """Leaves a program's strings out, which a reader sees in their language; what an f-string computes stays."""

    def visit_Constant(self, node):
        return ast.Constant("") if isinstance(node.value, str) else node

    def visit_JoinedStr(self, node):
        # The order of the values may differ with the grammar; how each is shown is another test's.
        computed = [
            ast.dump(self.visit(part.value)) for part in node.values if isinstance(part, ast.FormattedValue)
        ]
        return ast.Constant(" ".join(sorted(computed)))


def program(code):
    """Return a cell's syntax tree, without comments and without what its strings say."""
    return ast.dump(WithoutWords().visit(ast.parse(code)))


def whole_strings(code):
    """Return a program's strings in the order of its tree, without the pieces of its f-strings."""
    tree = ast.parse(code)
    pieces = {
        id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in ast.walk(node)
    }
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in pieces]
    return [node.value for node in nodes if isinstance(node.value, str)]


def all_strings(code):
    """Return a program's strings, the pieces of its f-strings included."""
    nodes = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Constant)]
    return [node.value for node in nodes if isinstance(node.value, str)]


def paths_in(code):
    """Return the strings of a program that are parts of paths."""
    return sorted(string for string in all_strings(code) if re.match(r"/|\w+\.\w+$", string))


def format_specs(code):
    """Return how each value in the f-strings of a program is shown, in a fixed order."""
    values = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.FormattedValue)]
    return sorted(ast.unparse(ast.JoinedStr([value])) for value in values)


def words_of(cell):
    """Return what the strings and the comments of a code cell say."""
    return " ".join(all_strings(cell.source)) + " ".join(
        re.findall(r"#(.*)$", cell.source, flags=re.MULTILINE)
    )


def prose(source):
    """Return a Markdown cell without code, formulas, addresses and HTML."""
    without = re.sub(r"```.*?```|`[^`]*`|\$[^$]*\$|<[^>]*>", " ", source, flags=re.DOTALL)
    return re.sub(r"\]\([^)]*\)", "]", without)


def outputs(cell):
    """Return what a cell shows in words, less PyTorch's errors and warnings and the names of figures."""
    shown = "\n".join(
        o.get("text") or o.get("data", {}).get("text/plain", "") for o in cell.get("outputs", [])
    )
    theirs = r"<Figure.*?>|^(RuntimeError|IndexError): .*|^ValueError: Target size.*|Using a target size.*"
    return re.sub(theirs, "", shown, flags=re.MULTILINE)


def numbers(text):
    return sorted(re.findall(r"\d+(?:\.\d+)?", text))


@functools.cache
def allowed(section):
    """Return a section's words: allowed in both editions or, in "labels", to be translated although they are alone."""
    _, _, rest = WORDS_ALLOWED.read_text(encoding="utf-8").partition(f"# {section}\n")
    return set(rest.partition("\n#")[0].split())


def said_in(section):
    """Return what each cell says in one of the three ways in which it says something, in both editions."""
    ways = {
        "text": ("markdown", lambda cell: prose(cell.source)),
        "code": ("code", words_of),
        "shown": ("code", outputs),
    }
    cell_type, says = ways[section]
    return {name: (says(a), says(b)) for name, a, b in of_type(cell_type)}


def in_common(section):
    """Return the words that each cell has in both editions, by cell."""
    return {
        name: set(re.findall(WORDS, a.lower())) & set(re.findall(WORDS, b.lower()))
        for name, (a, b) in said_in(section).items()
    }


def left_in_english(section):
    """Return the words that the two editions of a cell have in common and that are not allowed, by cell."""
    left = {name: sorted(words - allowed(section)) for name, words in in_common(section).items()}
    return {name: words for name, words in left.items() if words}


def test_every_notebook_has_its_twin():
    assert {path.stem: NAMES.get(path.stem) for path in ENGLISH} == NAMES
    assert [path.stem for path in PORTUGUESE] == list(NAMES.values())


@pytest.mark.parametrize("number", range(5), ids=list(NAMES))
def test_cells_are_the_same_in_the_same_order_with_the_same_tags(number):
    cells = [
        [(cell.id, cell.cell_type, dict(cell.metadata)) for cell in read(paths[number]).cells]
        for paths in (ENGLISH, PORTUGUESE)
    ]
    differ = [a[0] for a, b in zip(*cells, strict=False) if a != b]
    assert cells[0] == cells[1], (
        f"first at {differ[:1]}: add, move or tag the cell in the other edition too, with the same id"
    )


def test_no_cell_was_changed_in_one_edition_only():
    behind = in_step.out_of_step(in_step.fingerprints(ROOT), in_step.read_noted(ROOT))
    assert not behind, (
        "changed in this edition only: change the same cell in the other one, then run `python .github/in_step.py`"
        " (or with --as-is CELL if the other needs no change)"
    )


def test_every_change_to_both_editions_is_noted_down():
    now, noted = in_step.fingerprints(ROOT), in_step.read_noted(ROOT)
    assert not [cell for cell in {*now, *noted} if now.get(cell) != noted.get(cell)], (
        "run `python .github/in_step.py`"
    )


def test_code_cells_are_the_same_program():
    differ = [name for name, a, b in of_type("code") if program(a.source) != program(b.source)]
    assert not differ, (
        "only comments and strings may differ: make the same change to the code of both editions"
    )


def test_strings_that_are_data_are_the_same():
    # A word alone may be a column, a key, a mode or an option; sentences are for readers.
    for name, a, b in of_type("code"):
        for english, portuguese in zip(whole_strings(a.source), whole_strings(b.source), strict=True):
            word = english.strip(" :,")
            if english != portuguese and not re.search(r"\s", word):
                assert word in allowed("labels"), (
                    f"{name}: {word!r} is data and stays, or goes into {WORDS_ALLOWED.name}"
                )
        assert paths_in(a.source) == paths_in(b.source), name


def test_values_in_printed_sentences_are_the_same():
    differ = [name for name, a, b in of_type("code") if format_specs(a.source) != format_specs(b.source)]
    assert not differ, "an f-string of one edition shows other values, or in another form"


def test_code_in_hints_and_solutions_is_the_same_program():
    for name, a, b in of_type("markdown"):
        blocks = [re.findall(r"```python\n(.*?)```", cell.source, flags=re.DOTALL) for cell in (a, b)]
        assert [*map(program, blocks[0])] == [*map(program, blocks[1])], name


def test_hints_and_solutions_are_folded_alike():
    words = {"Hint": "Dica", "Solution": "Solução"}
    for name, a, b in of_type("markdown"):
        titles = [re.sub(r"Hint|Solution", lambda found: words[found[0]], title) for title, _ in folded(a)]
        assert [title.split(":")[0] for title in titles] == [title.split(":")[0] for title, _ in folded(b)], (
            name
        )


def test_exercises_are_the_same():
    for a, b in zip(ENGLISH, PORTUGUESE, strict=True):
        assert exercises(read(a)) == exercises(read(b))


def test_cells_show_the_same_figures_and_tables():
    def kinds(cell):
        return [sorted(output.get("data", {})) for output in cell.get("outputs", [])]

    assert not [name for name, a, b in pairs() if kinds(a) != kinds(b)], "run both editions anew"


def test_checked_outputs_hold_the_same_numbers():
    checked = [(name, a, b) for name, a, b in of_type("code") if "nbval-check-output" in tags(a)]
    assert checked
    assert not [name for name, a, b in checked if numbers(outputs(a)) != numbers(outputs(b))]


def test_formulas_code_and_links_of_the_text_are_the_same():
    for name, a, b in of_type("markdown"):
        for what in (r"\$[^$]+\$", r"https?://(?!colab)[^\s)]+", r"^\|", r"^#+ ", r"\]\("):
            found = [re.findall(what, cell.source, flags=re.MULTILINE) for cell in (a, b)]
            assert sorted(found[0]) == sorted(found[1]), (name, what)


def test_text_cells_are_translated():
    assert not [
        name for name, a, b in of_type("markdown") if prose(a.source).strip() == prose(b.source).strip() != ""
    ]


TRANSLATE = "translate these words, or allow them in tests/words_of_the_editions.txt"


def test_no_english_is_left_in_the_text():
    assert not left_in_english("text"), TRANSLATE


def test_no_english_is_left_in_the_strings_and_comments_of_the_code():
    assert not left_in_english("code"), TRANSLATE


def test_no_english_is_left_in_what_the_cells_show():
    assert not left_in_english("shown"), TRANSLATE


@pytest.mark.parametrize("section", ["text", "code", "shown"])
def test_every_allowed_word_is_needed(section):
    assert allowed(section) <= set().union(*in_common(section).values()), (
        "take these out of " + WORDS_ALLOWED.name
    )


def test_portuguese_prose_has_decimal_commas():
    for name, _, b in of_type("markdown"):
        points = re.findall(r"(?<![\w.])\d+\.\d{1,2}(?!\d)(?!\.)", prose(b.source))
        assert not [point for point in points if point not in ("3.13", "3.14")], name  # versions of Python


def test_notebooks_of_an_edition_link_to_each_other():
    for path in PORTUGUESE:
        links = re.findall(r"\]\(([^)]*\.ipynb)\)", "\n".join(cell.source for cell in read(path).cells))
        assert {link for link in links if "colab" not in link} <= {other.name for other in PORTUGUESE}


@pytest.fixture
def copy(tmp_path):
    """Both editions and what is noted about them, in a folder of their own."""
    for path in [*ENGLISH, *PORTUGUESE, ROOT / in_step.NOTED]:
        (tmp_path / path.relative_to(ROOT)).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, tmp_path / path.relative_to(ROOT))
    return tmp_path


def change(folder, path):
    """Change the text of a notebook's last cell; return its name."""
    stored = folder / path.relative_to(ROOT)
    notebook = json.loads(stored.read_text(encoding="utf-8"))
    notebook["cells"][-1]["source"].append("!")
    stored.write_text(json.dumps(notebook), encoding="utf-8")
    return f"{path.name[:2]}/{notebook['cells'][-1]['id']}"


@pytest.mark.parametrize("paths", [ENGLISH, PORTUGUESE], ids=["English", "Portuguese"])
def test_a_change_to_one_edition_is_not_noted_down_until_the_other_follows(copy, capsys, paths, request):
    name, before = change(copy, paths[1]), (copy / in_step.NOTED).read_bytes()
    with pytest.raises(SystemExit):
        in_step.main([], copy)
    assert f"{name}: only the {request.node.callspec.id} edition" in capsys.readouterr().out
    assert (copy / in_step.NOTED).read_bytes() == before
    change(copy, (PORTUGUESE if paths is ENGLISH else ENGLISH)[1])
    in_step.main([], copy)
    assert in_step.fingerprints(copy) == in_step.read_noted(copy)


def test_a_change_that_needs_none_in_the_other_edition_is_noted_down_when_named(copy):
    in_step.main(["--as-is", change(copy, PORTUGUESE[0])], copy)
    assert in_step.fingerprints(copy) == in_step.read_noted(copy)


def test_a_cell_that_is_not_there_is_refused(copy, capsys):
    with pytest.raises(SystemExit):
        in_step.main(["--as-is", "02/no-such-cell"], copy)
    assert "no cell 02/no-such-cell" in capsys.readouterr().err
