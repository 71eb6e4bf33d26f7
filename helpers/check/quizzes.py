"""The two kinds of quiz: letters, of which some are right, and a dictionary with one answer for each question."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from helpers.check.feedback import Mistake, NotAttempted, raise_together, refuse


def judge_letters(answer: Any, right: str, hints: Mapping[str, str]) -> None:
    """Judge a quiz that is answered with letters; ``hints`` holds what to say to each wrong one."""
    if is_open(answer):
        raise NotAttempted('Replace the `...` by your letters, for example {{"A"}}, and run the cell.')
    parts = answer if isinstance(answer, (set, frozenset, list, tuple)) else [answer]
    chosen = set("".join(map(str, parts)).upper()) - set(" ,;")
    refuse("not-a-choice", not chosen <= {*right, *hints}, "Expected letters such as {example}, got {answer}.", example='{"A"}', answer=str(answer)[:60])  # fmt: skip
    raise_together([Mistake(f"{letter}-wrong", hints[letter]) for letter in sorted(chosen & hints.keys())])
    refuse("incomplete", chosen != {*right}, "What you chose is right. Right answers still missing: {count}.", count=len({*right} - chosen))  # fmt: skip


def judge_table(
    answers: Any, right: Mapping[Any, Any], choices: Collection[Any], hints: Mapping[str, str]
) -> None:
    """Judge a quiz that is answered with a dictionary.

    Args:
        answers: the student's.
        right: the right answer to each question.
        choices: all answers that may be given.
        hints: what to say to a wrong answer, by question and answer ("1B"), or by the question alone ("1").
    """
    if is_open(answers):
        raise NotAttempted
    given = {tidy(str(question)): tidy(value) for question, value in answers.items()}
    for unknown in given.keys() - set(map(str, right)):
        raise Mistake("no-such-question", "There is no question {unknown}. They are: {known}.", unknown=unknown, known=", ".join(map(str, right)))  # fmt: skip
    mistakes, still_open = [], []
    for question, answer in right.items():
        value, code = given.get(str(question), ...), f"{question}-wrong"
        if is_open(value):
            still_open.append(str(question))
        elif value not in choices:
            options = ", ".join(map(str, choices))
            mistakes.append(Mistake(code, "{question}: choose one of {options}; got {value!r}.", question=question, options=options, value=value))  # fmt: skip
        elif value != answer:
            mistakes.append(Mistake(code, hints.get(f"{question}{value}") or hints[str(question)]))
    if still_open:
        mistakes.append(Mistake("incomplete", "Not answered yet: {names}.", names=", ".join(still_open)))
    raise_together(mistakes)


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
