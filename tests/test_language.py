"""What the helpers say, in both languages: each word that a reader sees has its translation, and comes out in it.

Where a test fails, its message says what to add or to take out, and where.
"""

import ast
import re
import string
from pathlib import Path

import matplotlib
import matplotlib.pyplot as plt
import pytest
import torch

from helpers import check, language
from helpers.data import CSVDataset
from helpers.models import MLP
from helpers.plotting import plot_decision_boundary
from helpers.portuguese import MESSAGES, checks, tools
from helpers.training import Epoch, describe

matplotlib.use("Agg")

HELPERS = Path(language.__file__).parent
CATALOGUE = "helpers/portuguese/ (checks.py for the checks, tools.py for the rest)"
# Strings with several words that no reader sees as words, and f-strings (each value as {}) of the same kind.
NOT_FOR_READERS = {
    "each epoch",  # a key of the forward check
    "each step",
    "in-place operation",  # looked for in PyTorch's error
    "upper left",  # matplotlib's
    '<div style="border-left: 4px solid {}; padding: 0.3em 0.8em; max-width: 48em">'
    '<div style="color: {}; font-weight: bold">{} {}</div>{}</div>',
}
SAME_IN_BOTH: set[str] = set()  # messages that read the same in Portuguese
SHOWN_AS = {"label", "title", "xlabel", "ylabel"}  # arguments that put words on a figure


@pytest.fixture(autouse=True)
def _english_afterwards():
    yield
    language.use("en")


@pytest.fixture
def portuguese():
    language.use("pt-BR")


# What stands in the code


def _modules() -> list[tuple[str, ast.Module]]:
    """Return each module of the helpers, the catalogue left out, with its name."""
    files = [file for file in sorted(HELPERS.rglob("*.py")) if file.parent.name != "portuguese"]
    return [
        (str(file.relative_to(HELPERS.parent)), ast.parse(file.read_text(encoding="utf-8"))) for file in files
    ]


MODULES = _modules()


def is_worded(words: str) -> bool:
    return bool(re.search(r"[^\W\d_]{2}", words) and re.search(r"\s", words.strip()))


def in_code(kind: type[ast.AST]) -> list[tuple[str, ast.AST]]:
    """Return the nodes of one kind in the helpers, each with the place where it stands."""
    return [
        (f"{name}:{node.lineno}", node)
        for name, tree in MODULES
        for node in ast.walk(tree)
        if isinstance(node, kind)
    ]


def strings() -> list[tuple[str, str]]:
    """Return the string literals that are neither docstrings nor parts of an f-string."""
    elsewhere = {id(node.value) for _, node in in_code(ast.Expr)}
    elsewhere |= {id(part) for _, node in in_code(ast.JoinedStr) for part in node.values}
    return [
        (place, node.value)
        for place, node in in_code(ast.Constant)
        if isinstance(node.value, str) and id(node) not in elsewhere
    ]


def name_of(call: ast.Call) -> str:
    return getattr(call.func, "id", getattr(call.func, "attr", ""))


def literal_words(nodes: list[ast.AST]) -> list[str]:
    """Return those of some arguments that are strings with a word in them."""
    values = [node.value for node in nodes if isinstance(node, ast.Constant)]
    return [value for value in values if isinstance(value, str) and re.search(r"[^\W\d_]{2}", value)]


def listed(problems: list[tuple[str, str]]) -> str:
    return "".join(f"\n  {place}: {words!r}" for place, words in problems)


def test_every_sentence_in_the_helpers_has_its_translation():
    missing = [
        (place, words)
        for place, words in strings()
        if is_worded(words) and words not in MESSAGES.keys() | NOT_FOR_READERS
    ]
    assert not missing, (
        f"add to {CATALOGUE}, and see that translate() shows it "
        f"(or, if no reader sees it, add to NOT_FOR_READERS here):{listed(missing)}"
    )


def test_every_word_given_to_text_has_its_translation():
    calls = [(place, node) for place, node in in_code(ast.Call) if name_of(node) == "translate"]
    missing = [
        (place, words)
        for place, call in calls
        for words in literal_words(call.args[:1])
        if words not in MESSAGES
    ]
    assert not missing, f"add to {CATALOGUE}:{listed(missing)}"


def test_no_sentence_is_an_f_string():
    found = []
    for place, node in in_code(ast.JoinedStr):
        words = "".join(part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)
        if is_worded(words) and words not in NOT_FOR_READERS:
            found.append((place, words))
    assert not found, (
        'write translate("... {name} ...", name=name) instead, whose template can be translated, '
        f"and add it to {CATALOGUE}:{listed(found)}"
    )


def test_no_words_are_shown_past_translate():
    found = []
    for place, call in in_code(ast.Call):
        shows = name_of(call) == "print" or name_of(call).endswith("Error")
        on_figures = [keyword.value for keyword in call.keywords if keyword.arg in SHOWN_AS]
        found += [(place, words) for words in literal_words([*(call.args if shows else []), *on_figures])]
    assert not found, f"put translate(...) around it:{listed(found)}"


# The catalogue


def test_no_translation_has_lost_its_message():
    present = {words for _, words in strings()}
    stale = [("no longer in the code", key) for key in MESSAGES if key not in present]
    assert not stale, f"take out of {CATALOGUE}, or write as the code does:{listed(stale)}"


def test_no_message_is_translated_twice():
    twice = [("in both modules", key) for key in checks.MESSAGES.keys() & tools.MESSAGES.keys()]
    assert not twice, f"take out of helpers/portuguese/checks.py:{listed(twice)}"


def test_translations_have_the_placeholders_of_their_messages():
    def placeholders(template):
        return {field[1:] for field in string.Formatter().parse(template) if field[1] is not None}

    unlike = [
        (f"{placeholders(key)}", translation)
        for key, translation in MESSAGES.items()
        if placeholders(key) != placeholders(translation)
    ]
    assert not unlike, (
        f"use these placeholders (name, format, conversion), as the English does:{listed(unlike)}"
    )


def test_translations_leave_code_as_it_is():
    def spans(template):
        return sorted(re.findall("`[^`]+`", template))

    unlike = [(f"{spans(key)}", t) for key, t in MESSAGES.items() if spans(key) != spans(t)]
    assert not unlike, f"write this code between backticks, as the English does:{listed(unlike)}"


def test_no_message_is_left_in_english():
    same = [("as in English", key) for key in MESSAGES if MESSAGES[key] == key and key not in SAME_IN_BOTH]
    assert not same, f"translate in {CATALOGUE}, or add to SAME_IN_BOTH here:{listed(same)}"


# Choosing a language


def test_english_is_the_default():
    assert (
        language.translate("Exercises solved: {done} of {all}", done=1, all=4) == "Exercises solved: 1 of 4"
    )


def test_portuguese_can_be_chosen(portuguese):
    assert (
        language.translate("Exercises solved: {done} of {all}", done=1, all=4)
        == "Exercícios resolvidos: 1 de 4"
    )


def test_english_can_be_chosen_again(portuguese):
    language.use("en")
    assert language.translate("not yet") == "not yet"


def test_a_language_that_there_is_not_is_an_error_that_names_those_there_are():
    with pytest.raises(ValueError, match=r"The course speaks 'en', 'pt-BR', got 'fr'\."):
        language.use("fr")


def test_a_language_that_there_is_not_leaves_the_old_one(portuguese):
    with pytest.raises(ValueError):
        language.use("fr")
    assert language.translate("not yet") == "ainda não"


def test_a_message_without_a_translation_comes_in_english(portuguese):
    assert language.translate("{number} of a kind", number=3) == "3 of a kind"


# In Portuguese, from end to end


def test_a_check_waits_in_portuguese(portuguese):
    shown = repr(check.mse_loss())
    assert shown.startswith("… mse_loss: esperando a sua resposta\nTroque o `...` desta célula")


def test_a_check_passes_in_portuguese(portuguese):
    shown = repr(check.mse_loss(torch.nn.functional.mse_loss))
    assert shown == "✓ mse_loss: passou\nValor e gradiente são iguais aos do PyTorch."


def test_a_check_names_a_mistake_in_portuguese(portuguese):
    shown = repr(check.mse_loss(lambda prediction, target: ((prediction - target) ** 2).sum()))
    assert shown.startswith("✗ mse_loss: ainda não\nA função soma as perdas das amostras.")


def test_a_check_names_the_line_of_an_error_in_portuguese(portuguese):
    shown = repr(check.mse_loss(lambda prediction, target: 1 / 0))
    assert re.search(r"A função dá erro: linha \d+, `.*`: ZeroDivisionError", shown)


def test_a_check_says_it_in_portuguese_in_html_too(portuguese):
    assert "mse_loss: ainda não</div>" in check.mse_loss(print)._repr_html_()


def test_the_codes_and_the_outcome_of_a_check_stay_english(portuguese):
    feedback = check.epochs_quiz({"A"})
    assert (feedback.outcome, feedback.codes) == ("not yet", ("A-wrong",))


def test_a_language_chosen_later_applies_to_the_headline():
    feedback = check.mse_loss()
    language.use("pt-BR")
    assert "esperando a sua resposta" in repr(feedback)


def test_progress_comes_in_portuguese(portuguese, monkeypatch):
    monkeypatch.setattr("helpers.check.feedback._states", {})
    check.count_iterations(4690)
    check.epochs_quiz({"A"})
    assert repr(check.progress()).split("\n") == [
        "Exercícios resolvidos: 1 de 4",
        "✓ count_iterations: passou",
        "✗ epochs_quiz: ainda não",
        "· batch_sizes: ainda não rodou",
        "· train_or_eval: ainda não rodou",
    ]


def test_an_argument_that_makes_no_sense_is_named_in_portuguese(portuguese):
    with pytest.raises(ValueError, match="hidden_size deve ser um número inteiro a partir de 1, mas veio 0"):
        MLP(2, 0, 3)


def test_a_file_that_is_missing_is_named_in_portuguese(portuguese):
    with pytest.raises(FileNotFoundError, match=r"O arquivo 'nowhere\.csv' não existe"):
        CSVDataset("nowhere.csv", target="y")


def test_a_line_of_training_comes_in_portuguese(portuguese):
    line = describe(1, 10, Epoch(0.5, 0.1, 0.9, 2.0), None)
    assert line == "época  1/10 | perda de treino 0.500 ± 0.100, 90.0% de acerto | 2.0 s"


def test_a_figure_has_portuguese_labels(portuguese):
    ax = plot_decision_boundary(MLP(2, 4, 2), torch.randn(4, 2), torch.tensor([0, 1, 0, 1]))
    plt.close("all")
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("característica 1", "característica 2")
