"""What the helpers say, in both languages: each sentence that a student sees has its translation."""

import ast
import inspect
import re

import pytest

from helpers import check, language
from helpers.check.core import EXERCISES
from helpers.messages import en, pt_br


@pytest.fixture(autouse=True)
def _english_afterwards():
    yield
    language.use("en")


@pytest.fixture
def portuguese():
    language.use("pt-BR")


def test_both_languages_say_the_same_things():
    assert en.MESSAGES.keys() ^ pt_br.MESSAGES.keys() == set()


@pytest.mark.parametrize("of", [en, pt_br])
def test_no_key_stands_there_twice(of):  # the last would silently win
    [said] = [node for node in ast.walk(ast.parse(inspect.getsource(of))) if isinstance(node, ast.Dict)]
    assert len(said.keys) == len(of.MESSAGES)


@pytest.mark.parametrize("pattern", ["{[^{}]*}", "`[^`]+`"], ids=["placeholders", "code"])
def test_translations_keep_placeholders_and_code(pattern):
    found = [{k: sorted(re.findall(pattern, m)) for k, m in of.MESSAGES.items()} for of in (en, pt_br)]
    assert {k for k, of in found[0].items() if of != found[1].get(k)} == set()


@pytest.mark.parametrize("of", [en, pt_br])
def test_no_key_stands_where_a_sentence_should(of):
    assert not {key for key, message in of.MESSAGES.items() if re.fullmatch(r"\w+\.[\w-]+", message)}


def test_no_translation_is_english():
    alike = {key for key, message in en.MESSAGES.items() if message == pt_br.MESSAGES.get(key)}
    assert not {
        key for key in alike if re.search(r"[a-z]{3}", re.sub("`[^`]*`|{[^}]*}", "", en.MESSAGES[key]))
    }


def test_progress_comes_in_portuguese(portuguese, monkeypatch):
    monkeypatch.setattr("helpers.check.core._states", {})
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
