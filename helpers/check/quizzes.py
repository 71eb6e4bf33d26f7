"""The two kinds of quiz: letters, of which some are right, and a dictionary with one answer for each question."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from helpers.check.answers import kind_of
from helpers.check.feedback import Feedback, Mistake, NotAttempted, check, raise_together


def choosing(
    name: str, doc: str, notebook: int, right: Collection[str], hints: Mapping[str, str], praise: str
) -> Callable[..., Feedback]:
    """Make the check of a quiz that is answered with letters; ``hints`` holds what to say to each wrong one."""

    def judge(answer: Any) -> None:
        if is_open(answer):
            raise NotAttempted('Replace the `...` by your letters, for example {{"A"}}, and run the cell.')
        chosen = letters(answer)
        if not chosen or not chosen <= {*right, *hints}:
            raise no_choice('{"A"}', ", ".join(sorted(chosen)) if chosen else answer)
        raise_together([Mistake(f"{letter}-wrong", hints[letter]) for letter in sorted(chosen & hints.keys())])
        if chosen != {*right}:
            missing = len({*right} - chosen)
            raise Mistake("incomplete", "What you chose is right. Right answers still missing: {count}.", count=missing)

    return _named(judge, name, doc, notebook, praise)


def matching(
    name: str,
    doc: str,
    notebook: int,
    right: Mapping[Any, Any],
    choices: Collection[Any],
    hints: Mapping[Any, str],
) -> Callable[..., Feedback]:
    """Make the check of a quiz that is answered with a dictionary.

    Args:
        name, doc, notebook: of the check.
        right: the right answer to each question.
        choices: all answers that may be given.
        hints: what to say to a wrong answer, by (question, answer), or by the question alone.
    """

    def judge(answers: Any) -> None:
        if is_open(answers):
            raise NotAttempted
        if not isinstance(answers, Mapping):
            raise Mistake("not-a-dictionary", "Expected the dictionary of the exercise, got {kind}.", kind=kind_of(answers))
        given = {tidy(str(question)): tidy(value) for question, value in answers.items()}
        unknown = [question for question in answers if tidy(str(question)) not in map(str, right)]
        if unknown:
            raise Mistake("no-such-question", "There is no question {unknown!r}. They are: {known}.", unknown=unknown[0], known=listed(right))
        raise_together([*_wrong(given), *_missing(given)])

    def _wrong(given: dict[str, Any]) -> list[Mistake]:
        wrong = []
        for question, answer in right.items():
            value = given.get(str(question), ...)
            if is_open(value) or value == answer:
                continue
            if value in choices:
                hint = Mistake(f"{question}-wrong", hints.get((question, value)) or hints[question])
            else:
                options = {"question": question, "options": listed(sorted(choices)), "value": value}
                hint = Mistake(f"{question}-wrong", "{question}: choose one of {options}; got {value!r}.", **options)
            wrong.append(hint)
        return wrong

    def _missing(given: dict[str, Any]) -> list[Mistake]:
        missing = [question for question in right if is_open(given.get(str(question), ...))]
        return [Mistake("incomplete", "Not answered yet: {names}.", names=listed(missing))] if missing else []

    return _named(judge, name, doc, notebook, "All of them.")


def _named(judge: Callable, name: str, doc: str, notebook: int, praise: str) -> Callable[..., Feedback]:
    judge.__name__ = judge.__qualname__ = name
    judge.__doc__ = doc
    return check(notebook, praise)(judge)


def no_choice(example: str, answer: Any) -> Mistake:
    shown = answer if isinstance(answer, str) else repr(answer)[:60]
    return Mistake("not-a-choice", "Expected letters such as {example}, got {answer}.", example=example, answer=shown)


def is_open(value: Any) -> bool:
    """Tell whether an answer is still the placeholder."""
    if isinstance(value, Mapping):
        return all(is_open(v) for v in value.values())
    if isinstance(value, (set, frozenset, list, tuple)):
        return all(v is ... for v in value)
    if isinstance(value, str):
        return not value.strip(" .")
    return value is ... or value is None


def letters(answer: Any) -> set[str]:
    """Return the letters of an answer however it is written: {"A", "C"}, ["a", "c"], "A, C" or "AC"."""
    parts = answer if isinstance(answer, (set, frozenset, list, tuple)) else [answer]
    if not all(isinstance(part, str) for part in parts):
        return set()
    return {letter for part in parts for letter in part.upper() if letter not in " ,;"}


def tidy(value: Any) -> Any:
    """Return a word or letter as the exercise writes it, whatever its case, with or without ()."""
    if not isinstance(value, str):
        return value
    word = value.strip().removesuffix("()").lower()
    return word.upper() if len(word) == 1 else word


def listed(values: Collection[Any]) -> str:
    return ", ".join(map(str, values))
