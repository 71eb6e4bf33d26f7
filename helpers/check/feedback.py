"""What a check says, in plain text and in HTML; how a check is made; and the list of what has been solved."""

from __future__ import annotations

import functools
import html
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch

from helpers.check.answers import is_stub, kind_of, misfit
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
EXERCISES: dict[int, list[str]] = {}
_states: dict[str, str] = {}


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
        lines = "".join(f"<div>{_with_code(line)}</div>" for line in self.message.split("\n") if line)
        return (
            f'<div style="border-left: 4px solid {color}; padding: 0.3em 0.8em; max-width: 48em">'
            f'<div style="color: {color}; font-weight: bold">{sign} {title}</div>'
            f"{lines}</div>"
        )


class Mistake(Exception):
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
    if mistakes:
        together = mistakes[0]
        together.findings = {code: said for mistake in mistakes for code, said in mistake.findings.items()}
        raise together


class NotAttempted(Exception):
    """The answer is still the exercise's placeholder; with the English words that say what to do."""


def check(notebook: int, praise: str, form: str = "") -> Callable[[Callable], Callable[..., Feedback]]:
    """Make a judge of answers a check, and enter it in the list of the notebook's exercises.

    The judge gets what the student wrote, raises a :class:`Mistake` or :class:`NotAttempted`, and returns the
    warnings that a right answer carries, if any. Whatever else it raises becomes a sentence too.

    Args:
        notebook: the number of the notebook, whose exercises come in the order of their checks.
        praise: what is said of a right answer, in English.
        form: how the check calls a function or class, such as "forward(loader, net, epoch, mode)"; the judge
            is then only given one that can be called like this and is no stub.
    """

    def register(judge: Callable[[Any], list[Mistake] | None]) -> Callable[..., Feedback]:
        name = judge.__name__
        EXERCISES.setdefault(notebook, []).append(name)

        @functools.wraps(judge)
        def checked(answer: Any = ...) -> Feedback:
            with _undisturbed():
                feedback = _feedback(name, judge, answer, praise, form)
            _states[name] = feedback.outcome
            return feedback

        return checked

    return register


def _feedback(name: str, judge: Callable, answer: Any, praise: str, form: str) -> Feedback:
    try:
        if answer is ... or answer is None or (form and is_stub(answer)):
            raise NotAttempted
        if form and (taken := misfit(answer, form)):
            raise Mistake("wrong-signature", "The check calls `{form}`, and yours takes `{taken}`.", form=form, taken=taken)
        if form and not callable(answer):
            raise Mistake("wrong-signature", "The check calls `{form}`, and got {kind}.", form=form, kind=kind_of(answer))
        findings = {code: said for warning in judge(answer) or [] for code, said in warning.findings.items()}
        return Feedback(name, True, tuple(findings), "\n".join([translate(praise), *findings.values()]))
    except NotAttempted as waiting:
        hint = str(waiting) or "Replace the `...` in this cell with your answer and run it."
        return Feedback(name, False, (NOT_ATTEMPTED,), translate(hint))
    except Mistake as mistake:
        findings = mistake.findings
    except Exception as error:  # whatever a student hands in, the answer is a sentence
        said = translate(
            "This answer is of a kind that the check cannot make sense of ({error}). Compare its form with the task.",
            error=f"{type(error).__name__}: {error}"[:200],
        )
        findings = {"not-understood": said}
    return Feedback(name, False, tuple(findings), "\n".join(findings.values()))


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Put random states, gradient mode and default type back as they were before."""
    default_type = torch.get_default_dtype()
    with random_state_kept(), torch.inference_mode(False), torch.enable_grad():
        torch.set_default_dtype(torch.float32)
        try:
            yield
        finally:
            torch.set_default_dtype(default_type)


class Progress:
    """This notebook's exercises and their state, as the last run of each check in this kernel left them."""

    def __init__(self) -> None:
        here = [names for _, names in sorted(EXERCISES.items()) if any(name in _states for name in names)]
        self.states = {name: _states.get(name, "not run yet") for names in here for name in names}

    def __repr__(self) -> str:
        if not self.states:
            return translate("No exercise of this notebook has been run yet.")
        done = sum(state in ("passed", "warning") for state in self.states.values())
        lines = [translate("Exercises solved: {done} of {all}", done=done, all=len(self.states))]
        for name, state in self.states.items():
            sign, headline, _ = OUTCOMES.get(state, ("·", state, ""))
            lines.append(f"{sign} {name}: {translate(headline)}")
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        first, *rest = html.escape(repr(self)).split("\n")
        return f"<div><b>{first}</b>{''.join(f'<div>{line}</div>' for line in rest)}</div>"


def progress() -> Progress:
    """List this notebook's exercises and their state. It is kept in the page only, and lost with the kernel."""
    return Progress()


def _with_code(line: str) -> str:
    """Return a line as HTML, with what stands between backticks set as code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(line, quote=False))
