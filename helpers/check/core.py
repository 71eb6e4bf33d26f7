"""What a check is: a judge that raises a Mistake by its code, made to answer with a Feedback.

The words of a code stand in helpers/messages/, one file a language.
"""

from __future__ import annotations

import functools
import html
import inspect
import os
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FunctionType
from typing import Any

import torch

from helpers.language import say
from helpers.training import random_state_kept

NOT_ATTEMPTED = "not-attempted"
SEED = 34  # An answer is tried on the same numbers each time; with these no two mistakes give the same one.

# How each outcome, whose headline has the same key, is announced: a sign, and the colour of the bar beside it.
# Every colour has a contrast of at least 4.5 on white and of 3.9 on JupyterLab's dark page.
OUTCOMES = {
    "waiting": ("…", "#757575"),
    "passed": ("✓", "#1f883d"),
    "warning": ("✓", "#926f00"),
    "not-yet": ("✗", "#d9303b"),
}

# The checks of each notebook, in its order, by their exercises; and what each said last in this kernel.
EXERCISES: dict[int, dict[str, Callable[..., Feedback]]] = {}
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
        """One of "waiting", "passed", "warning" and "not-yet"."""
        if self.codes == (NOT_ATTEMPTED,):
            return "waiting"
        if self.passed:
            return "warning" if self.codes else "passed"
        return "not-yet"

    def __bool__(self) -> bool:
        return self.passed

    def __repr__(self) -> str:
        return f"{OUTCOMES[self.outcome][0]} {self.exercise}: {say(self.outcome)}\n{self.message}"

    def _repr_html_(self) -> str:
        sign, color = OUTCOMES[self.outcome]
        title, *lines = html.escape(f"{self.exercise}: {say(self.outcome)}\n{self.message}", False).split(
            "\n"
        )
        told = re.sub(
            r"`([^`]+)`", r"<code>\1</code>", "".join(f"<div>{line}</div>" for line in lines if line)
        )
        return (
            f'<div style="border-left: 4px solid {color}; padding: 0.3em 0.8em; max-width: 48em">'
            f'<div style="color: {color}; font-weight: bold">{sign} {title}</div>'
            f"{told}</div>"
        )


class Mistake(Exception):  # noqa: N818
    """What is wrong with an answer, raised where it is found.

    Args:
        code: its short name.
        keys: of its sentence, the first that there is; without them, the code is. Two mistakes of one code may say
            different things: ``Mistake("incomplete", "fastest-missing")``.
        values: what the sentence's placeholders stand for.
    """

    def __init__(self, code: str, *keys: str, **values: Any) -> None:
        super().__init__(code)
        self.code, self.keys, self.values = code, keys or (code,), values


class Warned(Mistake):
    """What a right answer is told. Where its code is "", it is no warning: how near an answer comes, say."""


def refuse(code: str, was_made: Any, **values: Any) -> None:
    """Raise a mistake if it was made."""
    if was_made:
        raise Mistake(code, **values)


def exercise(notebook: int, call: str = "") -> Callable[[Callable], Callable[..., Feedback]]:
    """Make a judge a check, and enter it in the list of the notebook's exercises, under the judge's name.

    The judge gets the answer. It raises the first Mistake that it finds; one that looks for several yields them,
    and the answer has passed where it yields none, or those that are Warned only.

    Args:
        notebook: the number of the notebook, whose exercises come in the order of their checks.
        call: how the check calls a function or class, such as "forward(loader, net, epoch, mode)"; the judge then
            only gets what can be called like this and is no stub.
    """

    def register(judge: Callable[[Any], Any]) -> Callable[..., Feedback]:
        name = judge.__name__

        @functools.wraps(judge)
        def check(answer: Any = ...) -> Feedback:
            with _undisturbed():
                found = _found(judge, answer, call)
            passed = all(isinstance(mistake, Warned) for mistake in found)
            codes = [mistake.code for mistake in found if mistake.code]
            lines = [say(*mistake.keys, of=name, **mistake.values) for mistake in found]
            if passed:
                lines.insert(0, say("right", of=name))
            feedback = Feedback(name, passed, tuple(dict.fromkeys(codes)), "\n".join(dict.fromkeys(lines)))
            _states[name] = feedback.outcome
            return feedback

        EXERCISES.setdefault(notebook, {})[name] = check
        return check

    return register


def _found(judge: Callable, answer: Any, call: str) -> list[Mistake]:
    """Return what a judge finds. Whatever a student hands in, there is no error."""
    found: list[Mistake] = []
    try:
        refuse(NOT_ATTEMPTED, answer is ... or answer is None or (call and is_stub(answer)))
        refuse("wrong-signature", call and not takes(answer, call), call=call, kind=kind_of(answer))
        for mistake in judge(answer) or ():
            found.append(mistake)
    except Mistake as mistake:
        found.append(mistake)
    except Exception as error:
        found.append(Mistake("not-understood", error=f"{type(error).__name__}: {error}"[:200]))
    return found


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Put random states, gradient mode, default type and folder back as they were; answers run in an empty folder."""
    default_type, here = torch.get_default_dtype(), os.getcwd()
    with (
        random_state_kept(),
        torch.inference_mode(False),
        torch.enable_grad(),
        torch.autograd.set_detect_anomaly(False),
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as empty,  # Windows keeps a file that is open
    ):
        os.chdir(empty)
        torch.set_default_dtype(torch.float32)
        torch.manual_seed(SEED)
        try:
            yield
        finally:
            torch.set_default_dtype(default_type)
            os.chdir(here)


def _empty() -> None: ...


def _documented() -> None:
    """Nothing but this."""


# What such a function runs, and that the last of its constants is what it returns, tell it from "return 3".
EMPTY = {function.__code__.co_code for function in (_empty, _documented)}


def is_stub(answer: Any) -> bool:
    """Tell whether a function, or every method of a class, is still empty: only ``...``, ``pass`` or a docstring."""
    if isinstance(answer, type):
        return all(is_stub(method) for method in vars(answer).values() if isinstance(method, FunctionType))
    code = getattr(answer, "__code__", None)
    return code is not None and code.co_code in EMPTY and code.co_consts[-1] is None


def takes(answer: Any, call: str) -> bool:
    """Tell whether something can be called as in "name(argument, argument)".

    A parameter with the name of one of the arguments has to stand in its place.
    """
    arguments = re.findall(r"\w+", call)[1:]
    try:
        names = list(inspect.signature(answer).bind(*arguments).arguments)
    except (TypeError, ValueError):  # it takes others, cannot be called, or is a builtin that does not tell
        return False
    return all(a == b or a not in arguments for a, b in zip(names, arguments, strict=False))


def kind_of(answer: Any) -> str:
    """Return what an answer is, where something else was expected."""
    if isinstance(answer, FunctionType):
        return f"`{answer.__name__}{inspect.signature(answer)}`"
    if answer is None:
        return "None"
    if type(answer) is tuple and 0 < len(answer) < 5:
        return f"({', '.join(map(kind_of, answer))})"
    return say("a-class") if isinstance(answer, type) else type(answer).__name__


def numbers_of(answer: Any) -> list[float] | None:
    """Return the numbers that an answer holds, None where it holds anything else; "0.5" is text."""
    try:
        values = [*answer]
        return None if any(isinstance(value, str) for value in values) else [float(value) for value in values]
    except (TypeError, ValueError, RuntimeError):
        return None


class Progress:
    """This notebook's exercises and their state, as the last run of each check in this kernel left them."""

    def __repr__(self) -> str:
        here = [names for names in EXERCISES.values() if any(name in _states for name in names)]
        states = {name: _states.get(name, "not-run") for names in here for name in names}
        done = sum(state in ("passed", "warning") for state in states.values())
        lines = [say("progress", done=done, all=len(states))]
        for name, state in states.items():
            lines.append(f"{OUTCOMES.get(state, '·')[0]} {name}: {say(state)}")
        return "\n".join(lines)


def progress() -> Progress:
    """List this notebook's exercises and their state. It is lost with the kernel."""
    return Progress()
