"""What a check says, in plain text and in HTML, and the list of what has been solved."""

from __future__ import annotations

import functools
import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from helpers.check.sandbox import undisturbed
from helpers.language import translate

NOT_ATTEMPTED = "not-attempted"

# How each outcome is announced: a sign, a headline (in English) and the colour of the bar beside it.
OUTCOMES = {
    "waiting": ("…", "waiting for your answer", "#7f7f7f"),
    "passed": ("✓", "passed", "#1a7f37"),
    "warning": ("✓", "passed, with a warning", "#b08800"),
    "not yet": ("✗", "not yet", "#cf222e"),
}

# The exercises of each notebook, in order, and what the last check of each has said in this kernel.
EXERCISES = {
    1: ["mse_loss", "l1_loss", "bce_with_logits", "cross_entropy", "which_loss"],
    2: ["training_step", "learning_rates"],
    3: ["custom_dataset", "dataloader_quiz"],
    4: ["count_iterations", "epochs_quiz", "batch_sizes", "train_or_eval"],
    5: ["forward"],
}
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
        return f"{sign} {self.exercise}: {translate(headline)}\n{self.message}".rstrip()

    def _repr_html_(self) -> str:
        sign, headline, color = OUTCOMES[self.outcome]
        title = html.escape(f"{self.exercise}: {translate(headline)}")
        lines = "".join(f"<div>{_with_code(line)}</div>" for line in self.message.split("\n") if line)
        return (
            f'<div style="border-left: 4px solid {color}; padding: 0.3em 0.8em; max-width: 48em">'
            f'<div style="color: {color}; font-weight: bold">{sign} {title}</div>'
            f"{lines}</div>"
        )


def said(messages: dict[str, str], code: str, **values: Any) -> dict[str, str]:
    """Return a mistake by its code, with what a check's messages say about it."""
    return {code: translate(messages[code], **values)}


def kind_of(answer: Any) -> str:
    """Return what an answer is, where something else was expected."""
    return translate("a class") if isinstance(answer, type) else type(answer).__name__


def waiting(
    exercise: str, hint: str = "Replace the `...` in this cell with your answer and run it."
) -> Feedback:
    return Feedback(exercise, False, (NOT_ATTEMPTED,), translate(hint))


def passed(exercise: str, praise: str, warnings: dict[str, str] | None = None) -> Feedback:
    """Return a pass, with the warnings by code if there are any."""
    return Feedback(
        exercise, True, tuple(warnings or ()), "\n".join([translate(praise), *(warnings or {}).values()])
    )


def not_yet(exercise: str, findings: dict[str, str]) -> Feedback:
    """Return a failure with what was found, by code, the most telling first."""
    return Feedback(exercise, False, tuple(findings), "\n".join(findings.values()))


def check(function: Callable[..., Feedback]) -> Callable[..., Feedback]:
    """Make a function a check: nothing gets out of it but its Feedback, which ``progress`` remembers."""

    @functools.wraps(function)
    def checked(answer: Any = ...) -> Feedback:
        name = function.__name__
        with undisturbed():
            try:
                feedback = function(answer)
            except Exception as error:  # whatever a student hands in, the answer is a sentence
                said = translate(
                    "This answer is of a kind that the check cannot make sense of ({error}). "
                    "Compare its form with the task.",
                    error=f"{type(error).__name__}: {error}"[:200],
                )
                feedback = not_yet(name, {"not-understood": said})
        _states[name] = feedback.outcome
        return feedback

    return checked


class Progress:
    """This notebook's exercises and their state, as the last run of each check in this kernel left them."""

    def __init__(self) -> None:
        here = [names for names in EXERCISES.values() if any(name in _states for name in names)]
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
        first, *rest = repr(self).split("\n")
        return (
            f"<div><b>{html.escape(first)}</b>"
            + "".join(f"<div>{html.escape(r)}</div>" for r in rest)
            + "</div>"
        )


def progress() -> Progress:
    """List this notebook's exercises and their state. It is kept in the page only, and lost with the kernel."""
    return Progress()


def _with_code(line: str) -> str:
    """Return a line as HTML, with what stands between backticks set as code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(line, quote=False))
