"""What a check is and what it says: mistakes, the decorator that makes a check, its feedback, the list of what is solved."""

from __future__ import annotations

import dis
import functools
import html
import inspect
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import FunctionType
from typing import Any

import torch

from helpers.language import translate
from helpers.training import random_state_kept

NOT_ATTEMPTED = "not-attempted"

# How each outcome is announced: a sign, a headline (in English) and the colour of the bar beside it.
# Every colour has a contrast of at least 4.5 on white and of about 4 on a dark page.
OUTCOMES = {
    "waiting": ("…", "waiting for your answer", "#757575"),
    "passed": ("✓", "passed", "#1f883d"),
    "warning": ("✓", "passed, with a warning", "#926f00"),
    "not yet": ("✗", "not yet", "#d9303b"),
}

# The exercises of each notebook, in the order of their checks, and what each check said last in this kernel.
from helpers.check.core import EXERCISES, _states  # noqa: E402


@dataclass(frozen=True, repr=False)
class Feedback:
    """What a check found.

    Attributes:
        exercise: the name of the check.
        passed: whether the answer is right; it may be and still carry a warning.
        codes: short names of what was found, empty when all is well.
        message: the same in a student's words, a line for each.
    """

    exercise: str
    passed: bool
    codes: tuple[str, ...]
    message: str

    @property
    def outcome(self) -> str:
        """One of "waiting", "passed", "warning" and "not yet"."""
        if self.codes == (NOT_ATTEMPTED,):
            return "waiting"
        if self.passed:
            return "warning" if self.codes else "passed"
        return "not yet"

    def __bool__(self) -> bool:
        return self.passed

    def __repr__(self) -> str:
        sign, headline, _ = OUTCOMES[self.outcome]
        return f"{sign} {self.exercise}: {translate(headline)}\n{self.message}"

    def _repr_html_(self) -> str:
        sign, headline, color = OUTCOMES[self.outcome]
        title = html.escape(f"{self.exercise}: {translate(headline)}")
        lines = "".join(
            f"<div>{line}</div>" for line in html.escape(self.message, quote=False).split("\n") if line
        )
        lines = re.sub(r"`([^`]+)`", r"<code>\1</code>", lines)
        return (
            f'<div style="border-left: 4px solid {color}; padding: 0.3em 0.8em; max-width: 48em">'
            f'<div style="color: {color}; font-weight: bold">{sign} {title}</div>'
            f"{lines}</div>"
        )


class Mistake(Exception):  # noqa: N818
    """What is wrong with an answer, raised where it is found; or, among a check's warnings, what is not ideal.

    Args:
        code: its short name.
        template: what to say, in English, with {placeholders} for the values.
        values: what to put there.
    """

    def __init__(self, code: str, template: str, /, **values: Any) -> None:
        super().__init__(code)
        self.findings = {code: translate(template, **values)}


def raise_together(mistakes: Sequence[Mistake]) -> None:
    """Raise several mistakes as one, if there are any: each is told, in this order."""
    for mistake in mistakes[1:]:
        mistakes[0].findings |= mistake.findings
    if mistakes:
        raise mistakes[0]


def refuse(code: str, was_made: Any, template: str, /, **values: Any) -> None:
    """Raise a mistake if it was made."""
    if was_made:
        raise Mistake(code, template, **values)


class NotAttempted(Exception):  # noqa: N818
    """The answer is still the exercise's placeholder; with the English words that say what to do."""


def check(notebook: int, praise: str, form: str = "") -> Callable[[Callable], Callable[..., Feedback]]:
    """Make a judge of answers a check, and enter it in the list of the notebook's exercises.

    The judge gets what the student wrote, raises a :class:`Mistake` or :class:`NotAttempted`, and returns the
    warnings that a right answer carries, if any. Whatever else it raises becomes a sentence too.

    Args:
        notebook: the number of the notebook, whose exercises come in the order of their checks.
        praise: what is said of a right answer, in English.
        form: how the check calls a function or class, such as "forward(loader, net, epoch, mode)"; the judge
            then only gets what can be called like this and is no stub.
    """

    def register(judge: Callable[[Any], list[Mistake] | None]) -> Callable[..., Feedback]:
        name = judge.__name__
        EXERCISES.setdefault(notebook, []).append(name)

        @functools.wraps(judge)
        def checked(answer: Any = ...) -> Feedback:
            with _undisturbed():
                passed, findings = _judged(judge, answer, form)
            words = [translate(praise)] * passed + list(findings.values())
            feedback = Feedback(name, passed, tuple(findings), "\n".join(words))
            _states[name] = feedback.outcome.replace(" ", "-")
            return feedback

        return checked

    return register


def _judged(judge: Callable, answer: Any, form: str) -> tuple[bool, dict[str, str]]:
    """Return whether an answer is right, and what was found, by code."""
    try:
        if answer is ... or answer is None or (form and is_stub(answer)):
            raise NotAttempted
        if form and not fits(answer, form):
            raise Mistake("wrong-signature", "The check calls `{form}`, and what you hand it does not take that: {kind}.", form=form, kind=kind_of(answer))  # fmt: skip
        warnings = judge(answer) or []
        return True, {code: said for warning in warnings for code, said in warning.findings.items()}
    except NotAttempted as waiting:
        hint = str(waiting) or "Replace the `...` in this cell with your answer and run it."
        return False, {NOT_ATTEMPTED: translate(hint)}
    except Mistake as mistake:
        return False, mistake.findings
    except Exception as error:  # whatever a student hands in, the answer is a sentence
        strange = Mistake("not-understood", "This answer is of a kind that the check cannot make sense of ({error}). Compare its form with the task.", error=f"{type(error).__name__}: {error}"[:200])  # fmt: skip
        return False, strange.findings


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Put random states, gradient mode and default type back as they were before."""
    default_type = torch.get_default_dtype()
    with random_state_kept(), torch.inference_mode(False), torch.enable_grad():
        torch.set_default_dtype(torch.float32)
        torch.manual_seed(21)  # an answer is tried on the same numbers each time
        try:
            yield
        finally:
            torch.set_default_dtype(default_type)


def is_stub(answer: Any) -> bool:
    """Tell whether a function, or every method of a class, is still empty: only ``...``, ``pass`` or a docstring."""
    if isinstance(answer, type):
        return all(is_stub(method) for method in vars(answer).values() if isinstance(method, FunctionType))
    code = getattr(answer, "__code__", None)
    doing_nothing = {"RESUME", "NOP", "LOAD_CONST", "RETURN_CONST", "RETURN_VALUE"}
    is_empty = code is not None and {step.opname for step in dis.get_instructions(code)} <= doing_nothing
    return is_empty and code.co_consts[-1] is None


def fits(answer: Any, form: str) -> bool:
    """Tell whether something can be called as in "name(argument, argument)".

    A parameter with the name of one of the arguments has to stand in its place.
    """
    arguments = re.findall(r"\w+", form)[1:]
    try:
        names = list(inspect.signature(answer).bind(*arguments).arguments)
    except (TypeError, ValueError):  # it takes others, cannot be called, or is a builtin that does not tell
        return False
    pairs = zip(names, arguments, strict=False)
    return all(name == argument or name not in arguments for name, argument in pairs)


def kind_of(answer: Any) -> str:
    """Return what an answer is, where something else was expected."""
    if isinstance(answer, FunctionType):
        return f"`{answer.__name__}{inspect.signature(answer)}`"
    if answer is None:
        return "None"
    return translate("a class") if isinstance(answer, type) else type(answer).__name__


class Progress:
    """This notebook's exercises and their state, as the last run of each check in this kernel left them."""

    def __repr__(self) -> str:
        here = [names for names in EXERCISES.values() if any(name in _states for name in names)]
        states = {name: _states.get(name, "not run yet") for names in here for name in names}
        done = sum(state in ("passed", "warning") for state in states.values())
        lines = [translate("Exercises solved: {done} of {all}", done=done, all=len(states))]
        for name, state in states.items():
            sign, headline, _ = OUTCOMES.get(state, ("·", state, ""))
            lines.append(f"{sign} {name}: {translate(headline)}")
        return "\n".join(lines)


def progress() -> Progress:
    """List this notebook's exercises and their state. It is kept in the page only, and lost with the kernel."""
    return Progress()
