"""The two kinds of quiz: letters, of which some are right, and a dictionary with one answer for each question.

What is said to a wrong answer stands in the messages under "exercise.1B", for B as the answer to question 1, else
under "exercise.1"; for letters under "exercise.B".
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from helpers.check.core import NOT_ATTEMPTED, Mistake, refuse


def judge_letters(answer: Any, right: str, choices: str) -> Iterator[Mistake]:
    """Judge a quiz that is answered with letters, one or several of the choices."""
    refuse(NOT_ATTEMPTED, is_open(answer))
    parts = answer if isinstance(answer, (set, frozenset, list, tuple)) else [answer]
    chosen = set("".join(map(str, parts)).upper()) - set(" ,;")
    refuse("not-a-choice", not chosen <= {*choices}, choices=", ".join(choices), answer=str(answer)[:60])
    wrong = sorted(chosen - {*right})
    yield from (Mistake(f"{letter}-wrong", letter) for letter in wrong)
    refuse("more-are-right", not wrong and chosen != {*right}, count=len({*right} - chosen))


def judge_table(answers: Any, right: Mapping[Any, Any], choices: Collection[Any]) -> Iterator[Mistake]:
    """Judge a quiz that is answered with a dictionary; a list will do where the questions are 1, 2, 3, ...

    Args:
        answers: the student's.
        right: the right answer to each question.
        choices: all answers that may be given.
    """
    refuse(NOT_ATTEMPTED, is_open(answers))
    if isinstance(answers, (list, tuple)) and [*right] == [*range(1, len(answers) + 1)]:
        answers = dict(enumerate(answers, 1))
    refuse("not-a-dictionary", not isinstance(answers, Mapping))
    given = {tidy(str(question)): tidy(value) for question, value in answers.items()}
    if unknown := given.keys() - set(map(str, right)):
        raise Mistake("no-such-question", unknown=min(unknown), known=", ".join(map(str, right)))
    still_open = []
    for question, expected in right.items():
        value = given.get(str(question), ...)
        value = next((choice for choice in choices if value == str(choice)), value)  # "0.1" will do
        if is_open(value):
            still_open.append(str(question))
        elif value not in choices:
            facts = {"question": question, "options": ", ".join(map(str, choices)), "value": repr(value)[:60]}
            yield Mistake(f"{question}-wrong", "not-an-option", **facts)
        elif value != expected:
            yield Mistake(f"{question}-wrong", f"{question}{value}", str(question))
    refuse("incomplete", still_open, names=", ".join(still_open))


def is_open(value: Any) -> bool:
    """Tell whether an answer is still the placeholder."""
    if isinstance(value, Mapping):
        return all(is_open(v) for v in value.values())
    if isinstance(value, (set, frozenset, list, tuple)):
        return all(v is ... for v in value)
    return value is ... or value is None or (isinstance(value, str) and not value.strip(" ."))


def tidy(value: Any) -> Any:
    """Return a word or letter as the exercise writes it, whatever its case, with or without ()."""
    if not isinstance(value, str):
        return value
    word = value.strip().removesuffix("()").lower()
    return word.upper() if len(word) == 1 else word
