"""What the helpers say, in both languages: each sentence that a student sees has its translation.

Where a test fails, its message says what to add to helpers/portuguese.py, or to take out.
"""

import ast
import re
import string
from pathlib import Path

import pytest

from helpers import check, language
from helpers.check.feedback import EXERCISES
from helpers.portuguese import MESSAGES

HELPERS = Path(language.__file__).parent
# Words in the checks that no student sees: what is looked for in an error, how a check calls an answer, HTML.
NOT_FOR_STUDENTS = re.compile(r"in-place operation|by peer|own loss|\w+\([\w, ]+\)|<div.*")


@pytest.fixture(autouse=True)
def _english_afterwards():
    yield
    language.use("en")


@pytest.fixture
def portuguese():
    language.use("pt-BR")


def strings_and_templates() -> tuple[set[str], set[str]]:
    """Return all strings in the helpers, and those that a student sees: sentences in the checks, translate("...")."""
    strings, templates = set(), set()
    for file in HELPERS.rglob("*.py"):
        if file.name == "portuguese.py":
            continue
        nodes = list(ast.walk(ast.parse(file.read_text(encoding="utf-8"))))
        no_sentence = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}  # docstrings
        no_sentence |= {id(part) for node in nodes if isinstance(node, ast.JoinedStr) for part in node.values}
        words = [
            n
            for n in nodes
            if isinstance(n, ast.Constant) and isinstance(n.value, str) and id(n) not in no_sentence
        ]
        strings |= {node.value for node in words}
        if file.parent.name == "check":
            several = {node.value for node in words if re.search(r"\S\s+\S", node.value)}
            templates |= {words for words in several if not NOT_FOR_STUDENTS.fullmatch(words)}
        calls = [
            node
            for node in nodes
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "translate"
        ]
        templates |= {call.args[0].value for call in calls if isinstance(call.args[0], ast.Constant)}
    return strings, templates


STRINGS, TEMPLATES = strings_and_templates()


def test_every_sentence_has_its_translation():
    assert sorted(TEMPLATES - MESSAGES.keys()) == [], "add to helpers/portuguese.py"


def test_no_translation_has_lost_its_sentence():
    assert sorted(MESSAGES.keys() - STRINGS) == [], (
        "take out of helpers/portuguese.py, or write as the code does"
    )


@pytest.mark.parametrize("pattern", ["{[^{}]*}", "`[^`]+`"], ids=["placeholders", "code"])
def test_translations_keep_placeholders_and_code(pattern):
    unlike = {
        k: v for k, v in MESSAGES.items() if sorted(re.findall(pattern, k)) != sorted(re.findall(pattern, v))
    }
    assert not unlike


def test_translations_can_be_filled():
    for translation in MESSAGES.values():
        list(string.Formatter().parse(translation))  # raises where a bracket is missing


def test_no_translation_is_english():
    assert not {key for key, translation in MESSAGES.items() if key == translation}


def test_progress_comes_in_portuguese(portuguese, monkeypatch):
    monkeypatch.setattr("helpers.check.feedback._states", {})
    check.count_iterations(2345)
    check.epochs_quiz({"A"})
    shown = repr(check.progress())
    assert shown.startswith(f"Exercícios resolvidos: 1 de {len(EXERCISES[4])}\n")
    assert "· batch_sizes: ainda não rodou" in shown
    assert "✓ count_iterations: passou" in shown and "✗ epochs_quiz: ainda não\n" in shown


def test_a_language_chosen_later_applies_to_the_headline():
    waiting = check.mse_loss()
    language.use("pt-BR")
    assert "esperando a sua resposta" in repr(waiting)
    language.use("en")
    assert "waiting for your answer" in repr(waiting)


def test_a_message_without_a_translation_comes_in_english(portuguese):
    assert language.translate("{number} of a kind", number=3) == "3 of a kind"
